"""Compare: the same worlds for everybody, whatever the blocks, the workers, and the company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
import xarray as xr

from aicmo.core.estimate import Estimate
from aicmo.core.intervals import mean_interval
from aicmo.core.noise import Draws
from aicmo.evaluation import parallel
from aicmo.messages import Brief, Observation
from aicmo.policies._choice import Choice
from aicmo.policies.ai_cmo import AiCmo
from aicmo.report.comparison import compare
from aicmo.report.evidence import Evidence
from aicmo.report.tables import ranking
from aicmo.scenario.presets import UnknownTeamError
from aicmo.simulation.simulate import simulate
from tests.evaluation.comparisons import everybody, few
from tests.simulation.worlds import alone, busy, run, still, world_of


def assert_same(left: xr.Dataset, right: xr.Dataset) -> None:
    """Every bit of what was measured."""
    assert set(left.data_vars) == set(right.data_vars)
    for name in left.data_vars:
        np.testing.assert_array_equal(left[name].values, right[name].values, err_msg=str(name))


@dataclass(frozen=True)
class Mine:
    """A policy from a notebook: what was, a little more evenly."""

    kind: ClassVar[str] = "mine"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[Mine]:
        yield cls()

    def init(self, brief: Brief) -> None:
        pass

    def update(self, state: None, observation: Observation) -> None:
        pass

    def act(self, state: None, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        current = observation.current
        return np.asarray(0.9 * current + 0.1 * current.mean(axis=1, keepdims=True))


def test_a_team_is_the_same_in_any_company() -> None:
    several = compare(busy(), ["equal_split", "albers"], replications=5, seed=3, workers=1).dataset
    for team in ("manual_quarterly", "equal_split", "dark", "clairvoyant"):
        assert_same(several.sel(team=team), few().dataset.sel(team=team))


def test_a_team_is_the_same_alone() -> None:
    ledger = simulate(busy(), "equal_split", replications=5, seed=3, resolution="week").ledger
    one = few().dataset.sel(team="equal_split")
    np.testing.assert_array_equal(one["spend"], ledger.total("spend"))
    np.testing.assert_array_equal(one["weekly_unified"], np.swapaxes(ledger["unified"], 0, 1))


def test_the_first_worlds_are_those_of_a_shorter_run() -> None:
    short = compare(busy(), ["equal_split"], replications=2, seed=3, workers=1).dataset
    assert_same(short, few().dataset.isel(replication=slice(2)))


@pytest.mark.parametrize("size", [1, 2])
def test_blocks_change_no_bit(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "block_size", lambda *_: size)
    assert_same(compare(busy(), ["equal_split"], replications=5, seed=3, workers=1).dataset, few().dataset)


def test_workers_change_no_bit_and_own_policies_travel_to_them() -> None:
    results = [
        compare(still(), {"mine": Mine(), "other": "equal_split"}, replications=4, workers=workers).dataset
        for workers in (1, 2)
    ]
    assert_same(*results)
    assert list(results[0]["team"].values) == ["manual_quarterly", "mine", "other", "clairvoyant", "dark"]
    own = results[0]["weekly_spend"].sel(team="mine") != results[0]["weekly_spend"].sel(team="other")
    assert bool(own.any())


def test_another_seed_is_other_worlds() -> None:
    other = compare(busy(), ["equal_split"], replications=5, seed=4, workers=1).dataset
    assert not np.isin(other["gross_profit"].values, few().dataset["gross_profit"].values).any()


def test_the_same_team_twice_has_an_uplift_of_nothing() -> None:
    twice = compare(busy(), {"one": "ai_cmo", "two": "ai_cmo"}, baseline="one", replications=3, workers=1)
    gain = twice.summary["teams"]["two"]["uplift"]
    assert (gain["contribution"]["low"], gain["contribution"]["mean"], gain["contribution"]["high"]) == (
        0,
        0,
        0,
    )
    assert gain["p_better"]["share"] == 0.5


def test_the_same_team_with_other_luck_has_an_interval_that_covers_nothing() -> None:
    world, start = world_of(busy(), rows=48)
    team = alone(world.scenario, AiCmo(choice=Choice(rule="thompson", temperature=1.0)))
    first, second = (run(world, start, team, "week", salt=salt).ledger for salt in ("", "again"))
    gain = (second.total("gross_profit") - second.total("spend")) - (
        first.total("gross_profit") - first.total("spend")
    )
    assert gain.any()
    assert mean_interval(gain, 0.95).covers(0.0)


def test_progress_is_told_as_blocks_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "block_size", lambda *_: 2)
    told: list[tuple[int, int, Estimate | None]] = []
    done = compare(
        busy(), ["equal_split"], replications=5, seed=3, workers=1, progress=lambda *now: told.append(now)
    )
    assert [(count, total) for count, total, _ in told] == [(2, 5), (4, 5), (5, 5)]
    last = told[-1][2]
    assert last is not None
    expected = done.summary["teams"]["equal_split"]["uplift"]["contribution"]
    assert last.mean == pytest.approx(expected["mean"], rel=1e-12)


def test_the_baseline_takes_part_unasked_and_may_be_anybody() -> None:
    alone_names = list(compare(still(), [], replications=1, workers=1).dataset["team"].values)
    assert alone_names == ["manual_quarterly", "clairvoyant", "dark"]
    other = compare(still(), ["equal_split"], baseline="last_year_share", replications=1, workers=1)
    assert list(other.dataset["team"].values) == ["last_year_share", "equal_split", "clairvoyant", "dark"]


def test_what_cannot_be_compared_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="at least one replication, got 0"):
        compare(still(), replications=0)
    with pytest.raises(ValueError, match="'dark' is a reference run"):
        compare(still(), ["dark"], replications=1)


def test_a_name_that_means_nobody_is_refused_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*given: object) -> None:
        raise AssertionError("a block ran")

    monkeypatch.setattr("joblib.Parallel", run)
    with pytest.raises(UnknownTeamError, match="Did you mean 'ai_cmo'"):
        compare(still(), ["ai_cmoo"], replications=1)


def test_nobody_beats_the_clairvoyant_by_more_than_luck() -> None:
    data = everybody().dataset
    before_costs = data["contribution"] + data["costs"]
    best = before_costs.sel(team="clairvoyant").values
    for team in data["team"].values:
        lead = before_costs.sel(team=team).values - best
        assert lead.mean() <= 2 * lead.std(ddof=1) / np.sqrt(lead.size), team


def test_nobody_breaks_a_limit_or_a_budget() -> None:
    data = everybody().dataset
    assert not data["violations"].any()
    assert (data["period_spend"].values <= 180_000 + 1e-6).all()
    np.testing.assert_allclose(data["period_spend"].sum("period"), data["spend"], rtol=1e-12)


@pytest.mark.parametrize("tick", ["2d", "1d"])
def test_periods_that_no_week_fits_into_keep_to_their_budgets(tick: str) -> None:
    scenario = still(
        calendar={"tick": tick, "horizon": "14w", "periods": "month"}, measurement={"latency": "2d"}
    )
    data = compare(scenario, ["equal_split"], replications=1, workers=1).dataset
    assert (data["period_spend"].values <= 60_000 + 1e-6).all()
    np.testing.assert_allclose(data["period_spend"].sum("period"), data["spend"], rtol=1e-12)
    profit = data["period_incremental_gross_profit"].sum("period")
    np.testing.assert_allclose(profit, data["incremental_gross_profit"], rtol=1e-9, atol=1e-6)


@dataclass(frozen=True)
class Hopeless:
    """Never gets further than looking."""

    kind: ClassVar[str] = "hopeless"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[Hopeless]:
        yield cls()

    def init(self, brief: Brief) -> None:
        pass

    def update(self, state: None, observation: Observation) -> None:  # noqa: ARG002 - it fails before
        raise ArithmeticError("no convergence")

    def act(self, state: None, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        return observation.current


def test_a_team_whose_policy_fails_is_named_with_the_reason() -> None:
    found = compare(still(), teams={"mine": Hopeless()}, replications=2, workers=1)
    ((reason, number),) = Evidence(found).rejections["mine"].items()
    assert reason == "seat budget: raised ArithmeticError: no convergence"
    assert number == 14
    assert any("mine: 14 proposals rejected" in note for note in ranking(Evidence(found)).notes)
    assert "manual_quarterly" not in Evidence(found).rejections
