"""Planning the weeks left of a quarter: all its money, where demand will be, within today's limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aicmo.checks import fixtures
from aicmo.core.curves import Curves
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Limits, Observation
from aicmo.policies._ahead import Weeks, plan_weeks, rates_of_week
from aicmo.policies._choice import Choice
from aicmo.policies._learner import Belief, Learner
from aicmo.policies.ai_cmo import AiCmo
from aicmo.policies.quarterly_optimizer import QuarterlyOptimizer

BRIEF = fixtures.brief(replications=3)
PERIOD = BRIEF.periods[1]


def opened(brief: Brief = BRIEF, limits: Limits | None = None) -> tuple[Observation, Belief]:
    """What is seen when the period opens, and the belief formed from it."""
    money = np.full(3, PERIOD.budget)
    seen = fixtures.observation(brief, PERIOD.start, remaining=money, limits=limits or Limits.none(3, 7))
    belief = Learner().open(brief, seen)
    assert belief is not None
    return seen, belief


def alike(seen: Observation) -> Curves:
    """The same logarithmic curve for every campaign."""
    even = seen.remaining / (seen.days_left * 7)
    return Curves.logarithmic(np.ones((3, 7)), np.broadcast_to(even[:, None], (3, 7)))


def test_all_money_is_planned_and_none_before_it_runs() -> None:
    seen, belief = opened()
    plan = plan_weeks(BRIEF, belief, seen, alike(seen))
    days = seen.days_left / plan.rate.shape[2]
    np.testing.assert_allclose(plan.rate.sum(axis=(1, 2)) * days, seen.remaining, rtol=1e-6)


def test_without_carry_over_marginal_returns_are_equal_in_all_weeks() -> None:
    """Weight · k/(k + x) is the price of money wherever something is spent."""
    brief = replace(BRIEF, half_life=np.zeros((3, 7)))
    seen, belief = opened(brief)
    curves = alike(seen)
    plan = plan_weeks(brief, belief, seen, curves)
    step = round(7.0 / brief.tick_days)
    season = (
        np.stack(
            [
                brief.season[
                    brief.row(PERIOD.start + w * step) : brief.row(PERIOD.start + (w + 1) * step)
                ].mean(0)
                for w in range(plan.rate.shape[2])
            ],
            axis=2,
        )
        / brief.season[brief.row(PERIOD.start)][:, :, None]
    )
    weight = season[:, brief.segment]
    price = weight / (curves.half[:, :, None] + plan.rate)
    spent = plan.rate > 0.05 * plan.rate.mean()
    for r in range(3):
        np.testing.assert_allclose(price[r][spent[r]], np.median(price[r][spent[r]]), rtol=0.1)
    assert np.corrcoef(weight.mean(axis=1).ravel(), plan.rate.mean(axis=1).ravel())[0, 1] > 0.5


def test_the_first_week_keeps_todays_limits() -> None:
    even = PERIOD.budget / (PERIOD.ticks * BRIEF.tick_days * 7)
    limits = replace(
        Limits.none(3, 7),
        lower=np.full((3, 7), 0.9 * even),
        upper=np.tile(np.r_[0.0, np.full(6, 1.1 * even)], (3, 1)),
    )
    limits.lower.flags.writeable = True
    limits.lower[:, 0] = 0.0
    seen, belief = opened(limits=limits)
    rate = plan_weeks(BRIEF, belief, seen, alike(seen)).rate
    assert (rate[:, :, 0] >= limits.lower - 1e-9 * even).all()
    assert (rate[:, :, 0] <= limits.upper + 1e-9 * even).all()
    assert (rate[:, 0] == 0.0).all()


def test_a_planned_quarter_is_spent_to_the_last_cent() -> None:
    policy = QuarterlyOptimizer(resolve_weeks=4, horizon="quarter")
    state, left = policy.init(BRIEF), np.full(3, PERIOD.budget)
    for tick in range(PERIOD.start, PERIOD.end, 7):
        seen = fixtures.observation(BRIEF, tick, remaining=left)
        state = policy.update(state, seen)
        rate = policy.act(state, seen, Draws(1, "ahead", 3).at(tick))
        left = left - 7.0 * BRIEF.tick_days * rate.sum(axis=1)
    assert isinstance(state.weeks, Weeks)
    np.testing.assert_allclose(left, 0.0, atol=1e-6 * PERIOD.budget)


def test_money_that_was_not_spent_is_spent_in_the_weeks_that_are_left() -> None:
    rate = np.tile([1.0, 2.0, 3.0], (3, 7, 1))
    seen = fixtures.observation(BRIEF, PERIOD.end - 14, remaining=np.full(3, 700.0), limits=Limits.none(3, 7))
    now = rates_of_week(BRIEF, Weeks(PERIOD.end - 21, rate), seen)
    np.testing.assert_allclose(now.sum(axis=1), 700.0 / seen.days_left * 2.0 / 2.5)


def test_a_quarter_is_not_planned_on_a_draw() -> None:
    with pytest.raises(ValueError, match='"ucb" or "knowledge_gradient", got "thompson"'):
        QuarterlyOptimizer(AiCmo(choice=Choice(rule="thompson")), horizon="quarter")
