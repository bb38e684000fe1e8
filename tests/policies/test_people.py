"""The rules by which people plan, against what they come to in closed form."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from aicmo.checks import fixtures
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies import Policy
from aicmo.policies._reported import order_value, report, roas_against_mean
from aicmo.policies.albers import Albers
from aicmo.policies.equal_roas import EqualRoas
from aicmo.policies.last_year_share import LastYearShare
from aicmo.policies.manual_quarterly import ManualQuarterly, cells_of
from aicmo.policies.percent_of_sales import PercentOfSales

FLAT = fixtures.brief(replications=2, weeks=52)
FLAT = replace(FLAT, season=np.ones_like(FLAT.season), value=np.full(7, 20.0))
QUARTER = FLAT.periods[1]


def _seen(orders: np.ndarray, tick: int = 0) -> Observation:
    """An observation of an even spend that earned `orders` (C,) a tick by campaign."""
    window = FLAT.row(tick)
    return fixtures.observation(FLAT, tick, orders=np.broadcast_to(orders, (window, *FLAT.shape)))


def _shares(policy: Policy, seen: Observation) -> np.ndarray:
    return np.asarray(policy.update(policy.init(FLAT), seen).shares)


def _iterated(
    policy: Policy, response: Callable[[np.ndarray], np.ndarray], brief: Brief = FLAT
) -> np.ndarray:
    """Last rate after a year of weekly decisions in a market that answers at once and without luck."""
    ticks = brief.history_ticks + brief.ticks
    spend = np.full((ticks, *brief.shape), fixtures.PACE / brief.shape[1])
    orders, state = response(spend), policy.init(brief)
    for tick in range(0, brief.ticks, 7):
        now = brief.row(tick)
        seen = fixtures.observation(
            brief, tick, spend=spend[:now], orders=orders[:now], current=spend[now - 1]
        )
        state = policy.update(state, seen)
        spend[now : now + 7] = policy.act(state, seen, Draws(1, "x", 2).at(tick))
        orders[now : now + 7] = response(spend[now : now + 7])
    return np.asarray(spend[-1])


SCALE = np.array([1.0, 1.5, 0.7, 1.2, 0.9, 1.1, 0.8])


def test_equal_roas_ends_where_average_returns_are_equal() -> None:
    rate = _iterated(EqualRoas(every_days=14.0), lambda x: SCALE * np.sqrt(x))
    returns = SCALE / np.sqrt(rate)
    np.testing.assert_allclose(returns / returns.mean(axis=1, keepdims=True), 1.0, atol=0.02)


def test_albers_ends_where_marginal_returns_are_equal() -> None:
    elasticity = np.array([0.5, 0.5, 0.5, 0.3, 0.5, 0.5, 0.5])
    equal = _iterated(Albers(), lambda x: SCALE * np.sqrt(x))
    np.testing.assert_allclose(
        equal / equal.sum(axis=1, keepdims=True), [SCALE**2 / (SCALE**2).sum()] * 2, rtol=0.02
    )
    # Elasticities that differ are read off how spend has varied: nearer to the optimum than the prior alone.
    scale = SCALE * 30.0 ** (0.5 - elasticity)
    learnt, prior = (
        _iterated(Albers(prior_weight=weight), lambda x: scale * x**elasticity) for weight in (1e-3, 1e9)
    )

    def unequal(rate: np.ndarray) -> float:
        marginal = np.log(scale * elasticity * rate ** (elasticity - 1.0))
        return float(np.ptp(marginal, axis=1).max())

    assert unequal(learnt) < 0.5 * unequal(prior)


def test_the_planner_leaves_equal_returns_alone() -> None:
    np.testing.assert_allclose(_shares(ManualQuarterly(), _seen(np.ones(7))), 1.0 / 7.0, rtol=1e-9)


def test_the_planner_moves_a_cell_by_the_root_of_its_relative_return() -> None:
    cell, _ = cells_of(FLAT)
    orders = np.where(cell == cell[0], 1.2, 1.0)
    shares = _shares(ManualQuarterly(), _seen(orders))
    factor = np.sqrt(orders / orders.mean())
    np.testing.assert_allclose(shares, [factor / factor.sum()] * 2, rtol=2e-3)


def test_a_quarterly_plan_moves_by_a_fifth_at_most_and_a_review_by_a_tenth() -> None:
    policy = ManualQuarterly(edits=0, stop_below=0.0)
    orders, tick = np.where(FLAT.channel == 0, 100.0, 10.0), 28
    state = policy.update(policy.init(FLAT), _seen(orders))
    assert np.abs(state.shares * 7.0 - 1.0).max() == pytest.approx(0.2, abs=1e-9)
    plan = state.shares
    for quiet in (7, 14, 21):
        state = policy.update(state, _seen(orders[::-1], quiet))
        np.testing.assert_array_equal(state.shares, plan)
    changed = np.tile(orders, (FLAT.row(tick), 2, 1))
    changed[-tick:] = np.where(FLAT.channel == 0, 1.0, 100.0)
    state = policy.update(state, fixtures.observation(FLAT, tick, orders=changed))
    assert np.abs(state.shares / plan - 1.0).max() == pytest.approx(0.1, abs=1e-9)
    assert (state.planned == 0).all()
    assert (state.reviewed == tick).all()
    state = policy.update(state, _seen(orders, FLAT.periods[2].start))
    assert (state.planned == FLAT.periods[2].start).all()


def test_a_review_leaves_a_plan_alone_that_goes_as_before() -> None:
    policy = ManualQuarterly()
    orders = np.arange(3.0, 10.0)
    state = policy.update(policy.init(FLAT), _seen(orders))
    np.testing.assert_allclose(policy.update(state, _seen(orders, 28)).shares, state.shares, rtol=1e-9)


def test_the_planner_edits_the_largest_campaigns_and_the_rest_follow_their_cell() -> None:
    plan = np.tile(np.array([7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]), (2, 1))
    orders = np.array([2.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0])
    seen = replace(_seen(orders), current=plan)
    old, new = plan / plan.sum(axis=1, keepdims=True), _shares(ManualQuarterly(edits=2), seen)
    ratio = new / old
    # Campaigns 2 and 5 share a cell and are too small to be edited: they move alike. 0 is edited, 3 is not.
    np.testing.assert_allclose(ratio[:, 2], ratio[:, 5], rtol=1e-9)
    assert (ratio[:, 0] > ratio[:, 3] * 1.05).all()


def test_a_weekly_look_halves_what_fails_beyond_doubt_only() -> None:
    policy = ManualQuarterly()
    state = policy.update(policy.init(FLAT), _seen(np.full(7, 2.0)))
    orders = np.full(7, 2.0)
    orders[1] = 0.0
    failed = policy.update(state, _seen(orders, 7)).shares
    np.testing.assert_allclose(failed[:, 1] / failed[:, 0], 0.5, rtol=1e-9)
    # A hundredth of the orders is no evidence.
    np.testing.assert_allclose(policy.update(state, _seen(0.01 * orders, 7)).shares, 1.0 / 7.0, rtol=1e-9)


def test_claims_are_believed_only_by_who_is_told_to() -> None:
    seen = _seen(np.ones(7))
    boasts = replace(seen, claimed=seen.claimed * np.linspace(1.0, 2.0, 7))
    np.testing.assert_allclose(_shares(ManualQuarterly(metric="unified"), boasts), 1.0 / 7.0, rtol=1e-9)
    fooled = _shares(ManualQuarterly(metric="claimed"), boasts)
    assert (fooled[:, 5] > 1.02 * fooled[:, 2]).all()


def test_reported_returns_do_not_depend_on_how_much_has_matured() -> None:
    seen = _seen(np.arange(1.0, 8.0))
    share = np.linspace(1.0, 0.1, len(seen.origin))
    young = replace(
        seen,
        maturity=share,
        unified=np.broadcast_to(np.arange(1.0, 8.0), seen.unified.shape) * share[:, None, None],
    )
    old, new = (report(s, "unified", -56) for s in (seen, young))
    np.testing.assert_allclose(old.orders / old.spend, new.orders / new.spend, rtol=1e-9)


def test_returns_relative_to_the_mean_are_weighted_by_spend_and_one_where_unknown() -> None:
    spend, revenue = np.array([[1.0, 3.0, 0.0]]), np.array([[4.0, 4.0, 0.0]])
    np.testing.assert_allclose(roas_against_mean(spend, revenue), [[2.0, 2.0 / 3.0, 1.0]])
    assert (roas_against_mean(spend, 0.0 * revenue) == 1.0).all()


def test_sales_decide_what_segments_get_and_the_mix_inside_stays() -> None:
    orders = np.where(FLAT.segment == 0, 3.0, 1.0)
    shares = _shares(PercentOfSales(), _seen(orders))
    sold = np.array([orders[FLAT.segment == s].sum() for s in range(2)]) * order_value(FLAT)[[0, 3]]
    got = np.stack([shares[:, FLAT.segment == s].sum(axis=1) for s in range(2)], axis=1)
    np.testing.assert_allclose(got, [sold / sold.sum()] * 2, rtol=1e-9)
    assert np.ptp(shares[:, FLAT.segment == 1], axis=1).max() < 1e-12


def test_last_years_shares_are_those_of_its_spend_whatever_it_earned() -> None:
    spend = np.broadcast_to(np.arange(1.0, 8.0), (FLAT.row(0), *FLAT.shape))
    seen = fixtures.observation(FLAT, 0, spend=spend)
    policy = LastYearShare()
    state = policy.update(policy.init(FLAT), seen)
    np.testing.assert_allclose(state.shares, [np.arange(1.0, 8.0) / 28.0] * 2, rtol=1e-12)
    later = policy.update(state, fixtures.observation(FLAT, 140))
    np.testing.assert_array_equal(later.shares, state.shares)


@pytest.mark.parametrize(
    "policy", [ManualQuarterly(), EqualRoas(), Albers(), PercentOfSales(), LastYearShare()]
)
def test_rows_that_are_not_due_keep_their_shares(policy: Policy) -> None:
    state = policy.update(policy.init(FLAT), _seen(np.ones(7)))
    later = replace(_seen(np.arange(1.0, 8.0), QUARTER.end + 7), due=np.array([True, False]))
    after = policy.update(state, later)
    np.testing.assert_array_equal(after.shares[1], state.shares[1])
    assert after.looked[1] == state.looked[1]
    assert after.planned[1] == state.planned[1]
