"""Findings beside a comparison: kept in its file, replaced by newer ones, strangers refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from aicmo.evaluation import Comparison, ResultsError
from aicmo.evaluation.attachments import attach, attached, require_comparison
from tests.evaluation.comparisons import few
from tests.simulation.worlds import busy


def finding(value: float, **other: object) -> xr.Dataset:
    about = {key: few().dataset.attrs[key] for key in ("scenario_hash", "seed", "version")}
    return xr.Dataset({"cost": ("what", np.full(3, value))}, {"what": list("abc")}, about | other)


def test_a_finding_is_read_back_and_a_newer_one_takes_its_place(tmp_path: Path) -> None:
    path = few().save(tmp_path)
    before = Comparison.read(path)
    for value in (1.0, 2.0):
        attach(path, "truth", finding(value))
    attach(path, "other", finding(3.0))
    after = Comparison.read(path)
    xr.testing.assert_identical(after.dataset, before.dataset)
    assert {name: float(one["cost"][0]) for name, one in after.beside.items() if "cost" in one} == {
        "truth": 2.0,
        "other": 3.0,
    }
    assert list(tmp_path.glob("*.partial")) == []


def test_saving_a_comparison_keeps_what_stands_beside_it(tmp_path: Path) -> None:
    path = few().save(tmp_path / "first")
    attach(path, "truth", finding(1.0))
    again = Comparison.read(path).save(tmp_path / "second")
    xr.testing.assert_identical(attached(again)["truth"], attached(path)["truth"])


def test_findings_about_something_else_are_refused_and_change_nothing(tmp_path: Path) -> None:
    path = few().save(tmp_path)
    content = path.read_bytes()
    with pytest.raises(ResultsError, match="seed 7, got 3"):
        attach(path, "truth", finding(1.0, seed=7))
    with pytest.raises(ResultsError, match="seed 4, got 3"):
        require_comparison(path, busy(), 4)
    with pytest.raises(ResultsError, match="no such file"):
        require_comparison(tmp_path / "none.nc", busy(), 3)
    assert path.read_bytes() == content
