"""Hindsight: nobody beats it, it finds the optimum that pencil and paper know, and more trials never hurt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

import numpy as np
import pytest

from aicmo.evaluation import hindsight
from aicmo.evaluation.block import BlockResult, run_block
from aicmo.evaluation.compare import TeamsError, compare
from aicmo.evaluation.directions import KEPT, POWERS, STEPS, WIDTHS, nudged, slope, steps, trials
from aicmo.evaluation.hindsight import add_hindsight, require_short
from aicmo.market.optimum import steady_optimum
from aicmo.policies import Policy
from aicmo.report.evidence import Evidence
from aicmo.report.tables import ranking
from aicmo.scenario.load import load
from aicmo.scenario.resources import ResourceError
from aicmo.scenario.schema import Scenario
from tests.market.scenarios import campaign
from tests.simulation.worlds import GUARDRAILS, Constant, alone, busy, rich, run, still, world_of

TEAMS = {"manual_quarterly": "manual_quarterly", "equal_split": "equal_split"}


def ascended(
    scenario: Scenario, rows: tuple[int, ...], teams: Mapping[str, str | Policy], rounds: int
) -> BlockResult:
    return run_block(scenario, rows, 3, teams, [partial(add_hindsight, rounds=rounds)])


@lru_cache
def climbed(rounds: int, rows: tuple[int, ...] = (0, 1)) -> BlockResult:
    return ascended(busy(), rows, TEAMS, rounds)


def worth(block: BlockResult, team: str) -> np.ndarray:
    """The objective before pay: what decisions brought."""
    metrics = block.teams[team].metrics
    return np.asarray(metrics["objective"] + metrics["costs"])


@pytest.mark.parametrize("rounds", [0, 2])
def test_nobody_beats_hindsight_in_any_world(rounds: int) -> None:
    block = climbed(rounds)
    best = np.max([worth(block, name) for name in ("manual_quarterly", "equal_split", "clairvoyant")], axis=0)
    lead = worth(block, "hindsight") - best
    np.testing.assert_array_less(-1e-6, lead)
    assert (lead > 0.0).all() if rounds else np.allclose(lead, 0.0, atol=1e-6)


def test_more_trials_are_never_worse() -> None:
    values = [worth(climbed(rounds), "hindsight") for rounds in (0, 1, 2)]
    assert (np.diff(values, axis=0) >= 0.0).all()


def test_hindsight_keeps_to_limits_and_budgets() -> None:
    result = climbed(2).teams["hindsight"]
    assert not result.metrics["violations"].any()
    budgets = [period.budget for period in climbed(2).facts.periods]
    assert (result.by_period["spend"] <= np.array(budgets)[:, None] + 1e-6).all()


def test_a_world_is_the_same_in_any_company(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hindsight, "COPIES", 16)
    monkeypatch.setattr(hindsight, "WORLDS", 1)
    lone = ascended(busy(), (1,), TEAMS, 2).teams["hindsight"]
    several = climbed(2).teams["hindsight"]
    for name, values in lone.metrics.items():
        np.testing.assert_array_equal(values, several.metrics[name][1:2], err_msg=name)
    for name, values in lone.weekly.items():
        np.testing.assert_array_equal(values, several.weekly[name][:, 1:2], err_msg=name)


def test_in_a_still_market_of_one_period_it_is_the_optimum_of_the_curves() -> None:
    # No carry-over to speak of, no luck, a budget below the best: Σ value · ceiling · H(u) at equal slopes.
    searches = [
        campaign("new", "search", curve={"ceiling": ceiling, "half_saturation": half, "shape": 1.0})
        for ceiling, half in ((40, 300), (20, 300))
    ]
    two = [searches[0], {**searches[1], "segment": "loyal"}]
    scenario = still(
        calendar={"horizon": "4w", "periods": "quarter"},
        market={"campaigns": two, "channels": [{"name": "search", "half_life": "1h", "overclaim": 0.3}]},
        budget={"periods": [8_400]},
        guardrails=[{"kind": "budget"}],
    )
    block = ascended(scenario, (0, 1), TEAMS, 8)
    (period,) = block.facts.periods
    assert (period.budget, period.end) == (8_400, 28)
    world, start = world_of(scenario, rows=2)
    limits = np.zeros((2, 2)), np.full((2, 2), np.inf)
    rate = steady_optimum(world.market, np.full(2, 8_400 / 28), *limits)[0]
    ledger = run(world, start, alone(scenario, Constant(tuple(rate)))).ledger
    nothing = run(world, start, alone(scenario, Constant((0.0, 0.0)))).ledger
    best = ledger.total("gross_profit") - nothing.total("gross_profit") - ledger.total("spend")
    np.testing.assert_allclose(worth(block, "hindsight"), best, rtol=2e-3)


@pytest.mark.parametrize("make", [rich, partial(busy, objective={"long_term_weight": 1.0})])
def test_other_seats_play_along(make: Callable[[], Scenario]) -> None:
    block = ascended(make(), (0,), {"ai_cmo": "ai_cmo"}, 1)
    for team in ("ai_cmo", "clairvoyant"):
        own = block.teams[team].metrics
        pay = own["costs"] - block.teams["hindsight"].metrics["costs"]
        lead = block.teams["hindsight"].metrics["objective"] - own["objective"]
        assert lead >= min(pay.min(), 0.0) - 1e-6


def test_the_slope_of_a_line_is_the_line() -> None:
    plan = np.arange(1.0, 25.0).reshape(4, 2, 3)
    coefficients = np.linspace(-1.0, 2.0, 24).reshape(4, 2, 3)
    values = (nudged(plan) * coefficients).sum(axis=(1, 3))
    np.testing.assert_allclose(slope(values, plan), coefficients, rtol=1e-9)


def test_steps_keep_what_they_say() -> None:
    plan = np.arange(1.0, 25.0).reshape(4, 2, 3)
    period = np.array([0, 0, 28, 28])
    found = steps(plan, np.sin(plan), np.ones(2), period)
    assert len(found) + plan[:, 0].size + 1 == trials(4, 3)
    by_kind = found.reshape(len(WIDTHS), len(STEPS) * len(POWERS), len(KEPT), *plan.shape)
    week = by_kind[:, :, KEPT.index("week")].sum(axis=-1)
    np.testing.assert_allclose(week, np.broadcast_to(plan.sum(axis=-1), week.shape), rtol=1e-12)
    both = by_kind[:, :, KEPT.index("period")].sum(axis=-1)
    halves = both[..., :2, :].sum(axis=-2), plan.sum(axis=-1)[:2].sum(axis=0)
    np.testing.assert_allclose(halves[0], np.broadcast_to(halves[1], halves[0].shape), rtol=1e-12)
    assert (found > 0.0).all()


def test_what_takes_too_long_is_refused_with_the_estimate() -> None:
    with pytest.raises(ResourceError, match=r"hindsight tries [\d,]+ plans .* about [\d,]+ minutes"):
        compare(load("scenarios/retailer.yaml"), replications=64, workers=1, hindsight=True)
    assert require_short(load("scenarios/small.yaml"), 8, 2) < hindsight.PATIENCE


def test_it_is_asked_for_by_a_switch_and_stands_among_the_references() -> None:
    with pytest.raises(TeamsError, match="asked for by `--hindsight`"):
        compare(still(), ["hindsight"], replications=1)
    scenario = still(calendar={"horizon": "2w", "periods": "quarter"}, guardrails=GUARDRAILS)
    found = compare(scenario, ["equal_split"], replications=1, workers=1, hindsight=True)
    assert list(found.summary["teams"]) == [
        "manual_quarterly", "equal_split", "clairvoyant", "hindsight", "dark",
    ]  # fmt: skip
    assert "hindsight" not in found.sentence
    assert any(note.startswith("hindsight knows") for note in ranking(Evidence(found)).notes)
