"""A sweep is compare in every cell, and can be taken up again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aicmo.evaluation import cell_runs, compare
from aicmo.evaluation.cell_runs import Forecast
from aicmo.evaluation.compare import TeamsError
from aicmo.evaluation.results import ResultsError
from aicmo.evaluation.sweep import Sweep, sweep
from aicmo.evaluation.verdict import Verdict, verdict
from aicmo.scenario.load import load, loads
from aicmo.scenario.presets import UnknownTeamError
from aicmo.scenario.problems import ScenarioError
from aicmo.scenario.resources import ResourceError
from aicmo.scenario.schema import Scenario
from aicmo.scenario.vary import VaryError, varied

VARY: dict[str, list[Any]] = {"measurement.latency": ["1d", "1w"], "market.drift.volatility": [0.0, 0.4]}
FEW: dict[str, Any] = {"teams": ["last_year_share"], "replications": 2, "seed": 3, "workers": 1}


@pytest.fixture(scope="module")
def small() -> Scenario:
    """Thirteen weeks of the small shop."""
    text = Path("scenarios/small.yaml").read_text(encoding="utf-8")
    return loads(text.replace("horizon: 26w", "horizon: 13w").replace("[180k, 180k]", "[180k]"))


@pytest.fixture(scope="module")
def whole(small: Scenario) -> Sweep:
    return sweep(small, VARY, **FEW)


def numbers(found: Sweep) -> dict[str, Any]:
    return {str(cell["at"]): cell["teams"] for cell in found.summary["cells"]}


def test_a_cell_is_compare_of_the_edited_scenario(small: Scenario, whole: Sweep) -> None:
    at = {"measurement.latency": "1w", "market.drift.volatility": 0.4}
    alone = compare(varied(small, at), **FEW)
    cell = whole.dataset.isel(cell=3)
    assert whole.dataset["setting"].values[3] == "measurement.latency=1w, market.drift.volatility=0.4"
    for name in cell.data_vars:
        np.testing.assert_array_equal(cell[name].values, alone.dataset[name].values)
    assert whole.summary["cells"][3] == {"at": at, "teams": alone.summary["teams"]}


def test_neither_order_nor_blocks_nor_workers_change_a_cell(small: Scenario, whole: Sweep) -> None:
    backwards = {key: VARY[key][::-1] for key in reversed(VARY)}
    again = sweep(small, backwards, **FEW | {"workers": 2})
    mine = {frozenset(cell["at"].items()): cell["teams"] for cell in whole.summary["cells"]}
    theirs = {frozenset(cell["at"].items()): cell["teams"] for cell in again.summary["cells"]}
    assert mine == theirs


def test_a_sweep_that_was_killed_goes_on_without_repeating(
    small: Scenario, whole: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []
    run = cell_runs._run

    def killed(task: Any, *rest: Any) -> Any:
        if len(ran) == 2:
            raise KeyboardInterrupt
        ran.append(task.cell)
        return run(task, *rest)

    monkeypatch.setattr(cell_runs, "_run", killed)
    with pytest.raises(KeyboardInterrupt):
        sweep(small, VARY, **FEW, out=tmp_path)
    kept = {path.name: path.read_bytes() for path in (tmp_path / "cells").glob("*")}
    assert sorted({name[-3:] for name in kept}) == [".nc"]
    assert 1 <= len(kept) <= 2
    ran.clear()

    def counted(task: Any, *rest: Any) -> Any:
        ran.append(task.cell)
        return run(task, *rest)

    monkeypatch.setattr(cell_runs, "_run", counted)
    told: list[Forecast] = []
    again = sweep(small, VARY, **FEW, out=tmp_path, announce=told.append)
    assert len(ran) == len(set(ran)) == 4 - len(kept)
    assert told[0].finished == len(kept)
    assert "finished by an earlier run" in str(told[0])
    assert again.dataset.drop_attrs().identical(whole.dataset.drop_attrs())
    assert again.to_json() == whole.to_json()
    assert all((tmp_path / "cells" / name).read_bytes() == was for name, was in kept.items())


def test_what_is_kept_answers_only_the_same_question(small: Scenario, tmp_path: Path) -> None:
    one = {"measurement.latency": ["1d"]}
    told: list[Forecast] = []
    for other in (
        {},
        {"seed": 4},
        {"replications": 1},
        {"teams": ["equal_split"]},
        {"baseline": "equal_split"},
    ):
        sweep(small, one, **FEW | other, out=tmp_path, announce=told.append)
    sweep(varied(small, {"market.noise.dispersion": 2.0}), one, **FEW, out=tmp_path, announce=told.append)
    assert [forecast.finished for forecast in told] == [0] * 6
    sweep(small, one, **FEW, out=tmp_path, announce=told.append)
    assert told[-1].finished == 1
    assert told[-1].runs == 0


def test_progress_counts_worlds_of_all_cells(small: Scenario, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    sweep(small, VARY, **FEW, out=tmp_path, progress=lambda *counts: seen.append(counts))
    assert seen[0] == (0, 8)
    assert seen[-1] == (8, 8)
    assert seen == sorted(seen)


def test_results_are_read_back(whole: Sweep, tmp_path: Path) -> None:
    back = Sweep.read(whole.save(tmp_path))
    assert back.to_json() == whole.to_json()
    assert json.loads(back.to_json())["axes"] == VARY
    table = back.table()
    assert table.index.names == [*VARY, "team"]
    assert len(table) == 4 * 4
    path = compare(load("scenarios/small.yaml"), ["equal_split"], replications=1, workers=1).save(tmp_path)
    with pytest.raises(ResultsError, match="no cells"):
        Sweep.read(path)


@pytest.mark.parametrize(
    ("vary", "other", "kind"),
    [
        ({}, {}, VaryError),
        ({"measurement.latency": "1d"}, {}, VaryError),
        ({"measurement.latency": ["1d", "1d"]}, {}, VaryError),
        ({"measurement.latency": ["1d", "1h"]}, {}, ScenarioError),
        ({"measurement.latencie": ["1d"]}, {}, ScenarioError),
        (VARY, {"teams": ["manual_quarterly"]}, TeamsError),
        (VARY, {"teams": ["nobody"]}, UnknownTeamError),
        (VARY, {"replications": 0}, ValueError),
        (VARY, {"replications": 10**9, "workers": 10**6}, ResourceError),
    ],
)
def test_what_cannot_be_swept_is_refused_before_anything_runs(
    vary: dict[str, Any], other: dict[str, Any], kind: type[Exception], small: Scenario, tmp_path: Path
) -> None:
    with pytest.raises(kind):
        sweep(small, vary, **FEW | other, out=tmp_path)
    assert not list(tmp_path.iterdir())


def test_verdicts_are_in_order_of_the_uplift() -> None:
    intervals = [(-0.3, -0.2, -0.1), (-0.1, 0.0, 0.1), (0.01, 0.05, 0.1), (0.1, 0.2, 0.3), (0.15, 0.2, 0.3)]
    found = [verdict({"low": low, "mean": mean, "high": high}) for low, mean, high in intervals]
    expected = [Verdict.NEGATIVE, Verdict.OPEN, Verdict.POSITIVE, Verdict.ON_AVERAGE, Verdict.KEPT]
    assert found == expected
    assert verdict({"low": None, "mean": None, "high": None}) is Verdict.UNDEFINED
    assert verdict({"low": None, "mean": 0.3, "high": None}) is Verdict.OPEN
