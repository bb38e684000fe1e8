"""The period's money is spent fully, in proportion to believed demand, inside whatever limits there are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicmo.checks import fixtures
from aicmo.core.noise import Draws
from aicmo.messages import GroupLimit, Limits
from aicmo.policies import SHELF, Policy
from aicmo.policies._pace import bounded, phased, season_weight, total_rate, within

BRIEF = fixtures.brief(replications=3)
PERIOD = BRIEF.periods[1]
PEOPLE = ("equal_split", "last_year_share", "percent_of_sales", "equal_roas", "albers", "manual_quarterly")


@pytest.mark.parametrize("kind", PEOPLE)
def test_a_period_of_weekly_decisions_spends_its_budget_to_the_last_cent(kind: str) -> None:
    policy: Policy = next(SHELF[kind].examples())
    state, left = policy.init(BRIEF), np.full(3, PERIOD.budget)
    for tick in range(PERIOD.start, PERIOD.end, 7):
        seen = fixtures.observation(BRIEF, tick, remaining=left)
        state = policy.update(state, seen)
        rate = policy.act(state, seen, Draws(1, kind, 3).at(tick))
        left = left - 7.0 * BRIEF.tick_days * rate.sum(axis=1)
    np.testing.assert_allclose(left, 0.0, atol=1e-6 * PERIOD.budget)


def test_spend_follows_the_season_of_each_segment_in_proportion() -> None:
    shares = np.tile(np.linspace(1.0, 2.0, 7), (3, 1))
    left, levels = np.full(3, PERIOD.budget), []
    for tick in range(PERIOD.start, PERIOD.end, 7):
        rate = phased(BRIEF, fixtures.observation(BRIEF, tick, remaining=left), shares)
        levels.append(rate / shares / season_weight(BRIEF, tick, tick + 7)[:, BRIEF.segment])
        left = left - 7.0 * BRIEF.tick_days * rate.sum(axis=1)
    np.testing.assert_allclose(levels, np.broadcast_to(levels[0][:, :1], (len(levels), 3, 7)), rtol=1e-9)


def test_without_season_the_pace_is_even() -> None:
    left = np.array([100.0, 5000.0, 0.0])
    seen = fixtures.observation(BRIEF, PERIOD.start + 13, remaining=left)
    np.testing.assert_allclose(total_rate(BRIEF, seen, exponent=0.0), left / seen.days_left)


def test_the_pace_never_exceeds_the_total_nor_falls_below_the_minimums() -> None:
    free = Limits.none(*BRIEF.shape)
    capped = replace(free, total=np.full(3, 7.0))
    assert (total_rate(BRIEF, fixtures.observation(BRIEF, 0, limits=capped)) == 7.0).all()
    floors = (GroupLimit("tv", np.array([2, 5]), np.full(3, 90.0), np.full(3, np.inf)),)
    held = replace(free, lower=np.full(BRIEF.shape, 10.0), groups=floors)
    nothing = fixtures.observation(BRIEF, 0, remaining=np.zeros(3), limits=held)
    np.testing.assert_allclose(total_rate(BRIEF, nothing), 5 * 10.0 + 90.0)


def test_a_plan_that_fits_keeps_its_proportions() -> None:
    plan = np.tile(np.arange(7.0), (3, 1))
    rate = within(Limits.none(3, 7), plan, np.full(3, 42.0))
    np.testing.assert_allclose(rate, 2.0 * plan, rtol=1e-12)


def test_money_that_finds_no_room_goes_to_the_others_in_proportion() -> None:
    upper = np.full((3, 7), np.inf)
    upper[:, 6] = 1.0
    limits = replace(Limits.none(3, 7), upper=upper)
    rate = within(limits, np.tile(np.arange(1.0, 8.0), (3, 1)), np.full(3, 43.0))
    np.testing.assert_allclose(rate, np.tile([2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 1.0], (3, 1)), rtol=1e-9)


def test_a_plan_of_nothing_is_an_equal_split_of_what_may_run() -> None:
    upper = np.full((3, 7), np.inf)
    upper[:, 0] = 0.0
    rate = within(replace(Limits.none(3, 7), upper=upper), np.zeros((3, 7)), np.full(3, 12.0))
    np.testing.assert_allclose(rate, np.tile([0.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0], (3, 1)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.05, 0.5))
def test_shares_change_by_no_more_than_allowed_and_still_add_up(seed: int, change: float) -> None:
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(9), size=4)
    new = bounded(shares, rng.lognormal(0.0, 1.0, (4, 9)), change)
    np.testing.assert_allclose(new.sum(axis=1), 1.0, rtol=1e-9)
    assert (np.abs(new - shares) <= change * shares * (1 + 1e-9)).all()
