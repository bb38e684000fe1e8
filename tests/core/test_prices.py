"""Prices are derivatives of the value of money and of every limit, also where many would prove the plan."""

import numpy as np
import pytest

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.groups import Group
from tests.core.instances import bounds, mixed


@pytest.mark.parametrize("seed", range(6))
def test_prices_are_finite_differences_of_the_optimal_value(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves, budget = mixed(rng), rng.uniform(5.0, 40.0)
    lower, upper = bounds(rng, 8, budget)
    lower *= 0.2  # so that the group has something to give
    free = allocate(curves, budget, lower, upper).spend
    tight = (lower[[0, 3, 5]].sum() + 3.0 * free[[0, 3, 5]].sum()) / 4.0
    plan = allocate(curves, budget, lower, upper, [Group([0, 3, 5], 0.0, tight)])

    def value(money: float, step: np.ndarray, cap: float) -> float:
        low, high = (np.where(plan.active == side, b + step, b) for side, b in ((-1, lower), (1, upper)))
        return float(allocate(curves, money, low, high, [Group([0, 3, 5], 0.0, cap)]).response)

    h, none = 1e-5 * budget, np.zeros(8)
    assert plan.price == pytest.approx(
        (value(budget + h, none, tight) - value(budget - h, none, tight)) / (2 * h), rel=1e-5
    )
    assert plan.group_price[0] == pytest.approx(
        (value(budget, none, tight + h) - value(budget, none, tight - h)) / (2 * h), rel=1e-4, abs=1e-7
    )
    for c in np.flatnonzero(plan.active):
        step = h * np.eye(8)[c]
        slope = (value(budget, step, tight) - value(budget, -step, tight)) / (2 * h)
        assert plan.bound_price[c] == pytest.approx(slope, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("upper", [np.inf, 1000.0, 10.001])
@pytest.mark.parametrize("others", [0, 3])
def test_one_campaign_that_takes_all_sets_the_price(upper: float, others: int) -> None:
    curves = Curves.hill([10.0] + [5.0] * others, 10.0)
    plan = allocate(curves, 10.0, 0.0, [upper] + [0.0] * others)
    assert plan.price == pytest.approx(10.0 * 10.0 / 20.0**2, rel=1e-12)  # a·κ/(κ+x)² at x = κ


def test_minimums_that_take_all_leave_the_price_of_the_next_unit() -> None:
    curves = Curves.hill([10.0, 40.0], 10.0)
    plan = allocate(curves, 15.0, [10.0, 5.0])
    assert plan.price == pytest.approx(40.0 * 10.0 / 15.0**2, rel=1e-12)
    assert plan.bound_price.tolist() == pytest.approx([0.25 - float(plan.price), 0.0], abs=1e-12)
    nothing = allocate(curves, 0.0)
    assert nothing.price == pytest.approx(4.0, rel=1e-12)


def test_a_group_without_room_costs_what_its_next_unit_would_bring() -> None:
    curves = Curves.hill([10.0, 40.0, 10.0], 10.0)
    plan = allocate(curves, 20.0, groups=[Group([0, 1], 0.0, 0.0)])
    assert plan.spend.tolist() == [0.0, 0.0, 20.0]
    assert plan.group_price[0] == pytest.approx(4.0 - float(plan.price))


def test_where_nothing_can_take_more_the_next_unit_is_worth_nothing() -> None:
    curves = Curves.hill([10.0, 40.0], 10.0)
    assert allocate(curves, 5.0, 0.0, [2.0, 3.0]).price == 0.0
    assert allocate(curves, 9.0, 0.0, [2.0, 3.0], total="at_most").price == 0.0
    rows = allocate(curves, [0.0, 5.0, 30.0], total="at_most")
    assert (np.diff(rows.price) < 0.0).all()
