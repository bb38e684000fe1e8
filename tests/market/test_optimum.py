"""The true optimum at standing conditions, and the misallocation with which the history opens."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.market import Market, build, opening_rate, steady_optimum
from aicmo.market.saturation import saturate
from tests.market.scenarios import campaign, lively, read

TAPE = Tape(3, 8)
SCENARIO = read(lively())
MARKET = build(SCENARIO, TAPE)
BUDGET = np.linspace(200.0, 3000.0, 8)


def profit(market: Market, rate: np.ndarray) -> np.ndarray:
    """Steady gross profit a day, (…, R)."""
    worth = market.ceiling * market.order_profit[market.segment]
    earned = worth * saturate(rate / market.half_saturation, market.shape, market.logistic)
    return np.asarray(earned.sum(axis=-1))


def marginal(market: Market, rate: np.ndarray) -> np.ndarray:
    step = 1e-4 * market.half_saturation * np.eye(rate.shape[1])[:, None, :]
    lower = np.maximum(rate - step, 0.0)
    gained = profit(market, rate + step) - profit(market, lower)
    return np.asarray((gained / (rate + step - lower).sum(axis=-1)).T)


def test_marginal_returns_are_equal_wherever_money_goes() -> None:
    free = replace(MARKET, shape=np.minimum(MARKET.shape, 1.0), inventory=np.full(4, np.inf))
    assert 0 < free.logistic[:, 0].sum() < 8
    plan = steady_optimum(free, BUDGET)
    np.testing.assert_allclose(plan.sum(axis=1), BUDGET, rtol=1e-9)
    returns = marginal(free, plan)
    price = np.where(plan > 1e-9, returns, -np.inf).max(axis=1, keepdims=True)
    spent = plan > 1e-3 * free.half_saturation
    np.testing.assert_allclose(returns[spent], np.broadcast_to(price, plan.shape)[spent], rtol=1e-5)
    assert (returns <= price * (1 + 1e-5)).all()


def test_no_random_plan_is_better() -> None:
    rng = np.random.default_rng(1)
    best = profit(MARKET, steady_optimum(MARKET, BUDGET))
    room = np.minimum(MARKET.inventory, np.inf)
    for _ in range(2000):
        shares = rng.dirichlet(np.full(4, 0.7), 8)
        assert (profit(MARKET, np.minimum(shares * BUDGET[:, None], room)) <= best * (1 + 1e-9)).all()


def test_bounds_and_inventory_hold_and_what_has_no_room_stays_unspent() -> None:
    upper = np.array([50.0, 60.0, 70.0, 80.0])
    plan = steady_optimum(MARKET, BUDGET, 10.0, upper)
    assert (plan >= 10.0).all()
    assert (plan <= upper).all()
    np.testing.assert_allclose(plan.sum(axis=1), np.minimum(BUDGET, upper.sum()), rtol=1e-9)
    assert (steady_optimum(MARKET, np.full(8, 1e6))[:, 0] <= 900.0).all()


def test_mixed_families_in_one_world_are_solved_together() -> None:
    written = lively(uncertainty=None)
    written["market"]["campaigns"] = [
        campaign("new", "search", curve={"shape": 0.9}),
        campaign("new", "video") | {"curve": {"kind": "logistic", "ceiling": 50.0, "half_saturation": 300.0}},
        campaign("loyal", "video")
        | {"curve": {"kind": "logistic", "ceiling": 60.0, "half_saturation": 900.0}},
    ]
    market = build(read(written), Tape(1, 1))
    plan = steady_optimum(market, np.array([1500.0]))
    returns = marginal(market, plan)
    assert (plan > 1.0).all()
    np.testing.assert_allclose(returns[:, 1:], returns[:, :1] * np.ones(2), rtol=1e-5)


def test_worlds_are_solved_each_by_itself() -> None:
    alone = build(SCENARIO, TAPE.take([5]))
    np.testing.assert_array_equal(steady_optimum(alone, BUDGET[5:6])[0], steady_optimum(MARKET, BUDGET)[5])


def test_a_dearer_medium_is_a_smaller_currency() -> None:
    plan = steady_optimum(MARKET, BUDGET, worth=np.ones((8, 4)), price=np.full((8, 4), 2.0))
    twin = replace(MARKET, half_saturation=2 * MARKET.half_saturation, inventory=2 * MARKET.inventory)
    np.testing.assert_allclose(plan, steady_optimum(twin, BUDGET, worth=np.ones((8, 4))), rtol=1e-9)


def misallocated(m: float) -> np.ndarray:
    scenario = read(lively(knowledge={"misallocation": m}))
    return opening_rate(scenario, MARKET, TAPE)


def test_history_opens_on_the_first_budget_and_on_the_optimum_when_nothing_is_misallocated() -> None:
    daily = np.full(8, 200000 / 91)
    running = np.array([np.inf, 0.0, np.inf, np.inf])  # the second campaign starts later
    best = steady_optimum(MARKET, daily, upper=running)
    spent = best.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(misallocated(0.0), best / spent * daily[:, None], rtol=1e-9)
    for m in (0.3, 1.0):
        np.testing.assert_allclose(misallocated(m).sum(axis=1), daily, rtol=1e-12)
        assert (misallocated(m)[:, 1] == 0).all()


def test_more_misallocation_leaves_more_to_find() -> None:
    values = [profit(MARKET, misallocated(m)).mean() for m in (0.0, 0.3, 0.8, 1.6)]
    assert values == sorted(values, reverse=True)
    assert values[-1] < 0.97 * values[0]


def test_history_shares_are_lognormal_about_the_optimum() -> None:
    tape = Tape(9, 3000)
    scenario = read(lively(uncertainty=None, knowledge={"misallocation": 0.5}))
    market = build(scenario, tape)
    ratio = np.log(opening_rate(scenario, market, tape)[:, [0, 2]])
    spread = (ratio[:, 0] - ratio[:, 1]).std()  # the difference of two logs has variance 2 m²
    assert spread == pytest.approx(0.5 * np.sqrt(2), rel=0.06)
