"""Marketing automation: rules fire where they say, by the step that they say, and learn nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Limits, Observation
from aicmo.policies.marketing_automation import MarketingAutomation, Workflow
from aicmo.simulation.kernel import Kernel
from tests.simulation.worlds import run, still, world_of

RULES = MarketingAutomation(evidence=1.0)
USUAL = 20.0
"""What an order used to cost."""


def seen(cost: tuple[float, ...], volume: float = 1.0) -> tuple[Brief, Observation]:
    """A year in which an order cost `USUAL`, and a last week in which it cost something else."""
    kernel: Kernel = run(*world_of(still()), "manual_quarterly", ticks=70)
    brief, window = kernel.brief, kernel.observe_end()
    origins = len(window.origin)
    spend = np.full((origins, *brief.shape), 100.0 * volume)
    claimed = spend / USUAL
    claimed[-7:] = spend[-7:] / np.array(cost)
    everything = np.ones(origins)
    limits = Limits.none(*brief.shape)
    return brief, replace(
        window, spend=spend, claimed=claimed, maturity=everything, delivered=everything > 0, limits=limits
    )


def after(
    policy: MarketingAutomation, cost: tuple[float, ...], times: int = 1, volume: float = 1.0
) -> Workflow:
    brief, observation = seen(cost, volume)
    state = policy.init(brief)
    for _ in range(times):
        state = policy.update(state, observation)
    return state


def test_what_has_become_dear_is_cut_what_is_cheap_is_raised_and_the_rest_stays() -> None:
    state = after(RULES, (USUAL * 1.5, USUAL * 1.05, USUAL * 0.5))
    np.testing.assert_allclose(state.factor, np.tile([0.85, 1.0, 1.15], (4, 1)))


def test_shares_stay_within_their_range_however_often_rules_fire() -> None:
    state = after(RULES, (USUAL * 3.0, USUAL, USUAL * 0.3), times=30)
    np.testing.assert_allclose(state.factor, np.tile([1 / 1.6, 1.0, 1.6], (4, 1)))


def test_without_evidence_no_rule_fires() -> None:
    state = after(replace(RULES, evidence=1000.0), (USUAL * 3.0, USUAL, USUAL * 0.3))
    assert (state.factor == 1.0).all()


def test_what_an_order_used_to_cost_is_read_once() -> None:
    """A second look at another year leaves the rules as they were set up: nothing is learned."""
    first = after(RULES, (USUAL, USUAL, USUAL))
    _, later = seen((USUAL, USUAL, USUAL))
    changed = RULES.update(first, replace(later, claimed=later.claimed * 0.1))
    np.testing.assert_array_equal(changed.usual, first.usual)
    assert (changed.factor == 0.85).all()


def test_budgets_follow_the_factors_and_add_up_to_the_pace() -> None:
    brief, observation = seen((USUAL * 1.5, USUAL, USUAL))
    state = RULES.update(RULES.init(brief), observation)
    plain = state._replace(factor=np.ones(brief.shape))
    draws = Draws(1, "budget/marketing_automation", 4).at(observation.tick)
    moved, kept = (RULES.act(one, observation, draws) for one in (state, plain))
    np.testing.assert_allclose(moved.sum(axis=1), kept.sum(axis=1), rtol=5e-3)  # seasons of segments differ
    odds = (moved[:, 0] / moved[:, 1]) / (kept[:, 0] / kept[:, 1])
    np.testing.assert_allclose(odds, 0.85)


@pytest.mark.parametrize("wrong", [{"cheap": 1.4}, {"step": 0.0}, {"range": 0.5}])
def test_rules_that_contradict_each_other_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="marketing_automation"):
        MarketingAutomation(**wrong)  # type: ignore[arg-type]  # numbers all
