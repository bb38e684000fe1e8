"""Tables and maps of sweeps, made of invented numbers."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from rich.cells import cell_len

from aicmo.report import sweep as report
from aicmo.report.figures.sweep import Map, contour, save


def invented(axes: dict[str, list[Any]], mean: np.ndarray, roi: bool = True) -> dict[str, Any]:
    """Make the JSON of a sweep whose uplift in every measure is `mean` ± 0.02; NaN is undefined."""

    def metric(value: float) -> dict[str, Any]:
        if np.isnan(value):
            return {"mean": None, "low": None, "high": None, "level": 0.9, "reason": "too small"}
        return {"mean": value, "low": value - 0.02, "high": value + 0.02, "level": 0.9}

    def team(value: float) -> dict[str, Any]:
        names = ("contribution", "contribution_relative", "roi_points", "roi_relative")
        uplift: dict[str, Any] = {name: metric(value) for name in names}
        uplift["contribution"] = metric(1e6 * np.nan_to_num(value))
        uplift["p_better"] = {"share": 0.5, "low": 0.4, "high": 0.6, "n": 64}
        return {"spend": {"mean": 1.0 if roi else 0.9}, "uplift": uplift}

    baseline = {"spend": {"mean": 1.0}, "uplift": {}}
    cells = [
        {"at": dict(zip(axes, at, strict=True)), "teams": {"ai_cmo": team(float(value)), "base": baseline}}
        for at, value in zip(product(*axes.values()), mean.ravel(), strict=True)
    ]
    about = {"baseline": "base", "currency": "EUR", "replications": 64, "over": "worlds"}
    return {**about, "axes": axes, "cells": cells}


TWO: dict[str, list[Any]] = {
    "measurement.latency": ["1d", "1w", "4w"],
    "market.drift.volatility": [0, 0.2, 0.4, 0.8],
}


@pytest.mark.parametrize("level", [0.0, 0.15, 0.25])
def test_the_contour_of_a_plane_is_where_it_must_be(level: float) -> None:
    rows, columns = np.mgrid[0:4, 0:5]
    plane = 0.08 * columns + 0.03 * rows - 0.1
    (line,) = contour(Figure().add_subplot(), plane, level)
    inside = line[(line >= 0).all(axis=1) & (line[:, 0] <= 4) & (line[:, 1] <= 3)]
    assert len(inside) >= 2
    np.testing.assert_allclose(0.08 * inside[:, 0] + 0.03 * inside[:, 1] - 0.1, level, atol=1e-12)
    for column, row in (line[0], line[-1]):  # it ends at the edge of the map
        assert min(column + 0.5, 4.5 - column, row + 0.5, 3.5 - row) == pytest.approx(0, abs=1e-12)


def test_a_level_that_no_cell_passes_has_no_contour() -> None:
    axes = Figure().add_subplot()
    assert contour(axes, np.full((3, 3), 0.1), 0.0) == []
    assert contour(axes, np.full((3, 3), np.nan), 0.0) == []
    assert contour(axes, np.array([[-0.1, 0.1]]), 0.0) == []


def test_titles_state_the_finding() -> None:
    mean = np.linspace(-0.05, 0.3, 12).reshape(3, 4)
    found = Map.of(invented(TWO, mean), "ai_cmo")
    gains, losses, kept = int((mean > 0.02).sum()), int((mean < -0.02).sum()), int((mean >= 0.15).sum())
    assert f"surely more ROI in {gains} of 12 cells, less in {losses}" in found.title
    assert f"15% better ROI in {kept} of them" in found.title
    np.testing.assert_array_equal(found.mean, mean)


def test_where_spend_or_return_cannot_be_compared_contribution_is_mapped() -> None:
    mean = np.full((3, 4), 0.1)
    assert Map.of(invented(TWO, mean, roi=False), "ai_cmo").name == "contribution_relative"
    mean[1, 1] = np.nan
    assert Map.of(invented(TWO, mean), "ai_cmo").name == "contribution"


@pytest.mark.parametrize("axes", [TWO, {"<b>&": ["1d", "1w", "4w"]}, {"one": [1], "two": [1]}])
@pytest.mark.parametrize("flat", [True, False])
def test_pictures_are_drawn_of_one_and_two_keys(
    axes: dict[str, list[Any]], flat: bool, tmp_path: Path
) -> None:
    cells = int(np.prod([len(values) for values in axes.values()]))
    mean = np.zeros(cells) if flat else np.linspace(-0.05, 0.3, cells)
    vector, pixels = save(invented(axes, mean), "ai_cmo", tmp_path / "map")
    assert pixels.stat().st_size > 5_000
    assert "break-even" in vector.read_text(encoding="utf-8")


def test_three_keys_have_no_picture(tmp_path: Path) -> None:
    axes: dict[str, list[Any]] = {"a": [1], "b": [1], "c": [1]}
    with pytest.raises(ValueError, match="one or two keys, got 3"):
        save(invented(axes, np.zeros(1)), "ai_cmo", tmp_path / "map")


def test_tables_hold_every_cell_in_its_place() -> None:
    mean = np.linspace(-0.05, 0.3, 12).reshape(3, 4)
    summary = invented(TWO, mean)
    table = report.grid(summary, "ai_cmo")
    assert [heading.title for heading in table.headings] == ["0", "0.2", "0.4", "0.8"]
    assert [row.name for row in table.rows] == ["1d", "1w", "4w"]
    for row, means in zip(table.rows, mean, strict=True):
        assert [cell.value for cell in row.cells] == [f"{100 * value:+.1f}%" for value in means]
    long = report.long(summary, "ai_cmo")
    assert [row.name for row in long.rows][5] == "measurement.latency=1w, market.drift.volatility=0.2"
    assert cell_len(long.rows[5].cells[0].value) > 0
