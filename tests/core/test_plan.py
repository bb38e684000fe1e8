"""One plan for a goal: whole minor units, within limits, certified, and priced as money is worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.feasibility import Infeasible
from aicmo.core.goal import Constraints, Goal, GoalError, Kind
from aicmo.core.groups import Group
from aicmo.core.plan import Plan, plan
from aicmo.core.rounding import round_down, round_up

KINDS: list[Kind] = ["response", "profit", "target-response", "target-mroi"]


def instance(seed: int) -> tuple[Curves, Constraints]:
    """Four campaigns of several families, S-shaped ones among them, with bounds and a group."""
    draw = np.random.default_rng(seed)
    size = draw.uniform(20.0, 200.0, 4)
    curves = Curves.concatenate(
        [
            Curves.hill(draw.uniform(50, 300, 2), size[:2], draw.uniform(0.5, 3.0, 2)),
            Curves.logarithmic(draw.uniform(20, 80, 1), size[2:3]),
            Curves.table([[0, 50, 120, 250]], [np.r_[0, np.sort(draw.uniform(10, 150, 3))]]),
        ]
    )
    lower = draw.uniform(0.0, 15.0, 4)
    limits = Constraints(draw.uniform(150, 400), lower, lower + draw.uniform(50, 200, 4))
    return curves, Constraints(
        limits.most, lower, limits.upper, (Group([0, 3], 20.0, draw.uniform(60, 200)),)
    )


def feasible(curves: Curves, limits: Constraints, seed: int) -> np.ndarray:
    """Random plans within all limits: (n, C) [currency]."""
    draw = np.random.default_rng(seed)
    spend = draw.uniform(limits.lower, limits.upper, (4000, 4))
    joint = spend[:, [0, 3]].sum(axis=1)
    low, high = (float(np.max(end)) for end in (limits.groups[0].lower, limits.groups[0].upper))
    return np.asarray(spend[(spend.sum(axis=1) <= limits.most) & (low <= joint) & (joint <= high)])


def goal_of(kind: Kind, curves: Curves, limits: Constraints) -> Goal:
    if kind != "target-response":
        return Goal(kind, {"response": 1.0, "profit": 1.5, "target-mroi": 0.4}[kind])
    most = allocate(curves, limits.most, limits.lower, limits.upper, limits.groups, total="at_most")
    return Goal(kind, 0.8 * float(most.response))


def worth(goal: Goal, spend: np.ndarray, response: np.ndarray) -> np.ndarray:
    """What a plan achieves, larger is better; a target that is missed achieves nothing."""
    if goal.kind == "target-response":
        return np.where(response >= goal.amount, -spend, -np.inf)
    factor, cost = {"response": (1.0, 0.0), "profit": (goal.amount, 1.0), "target-mroi": (1.0, goal.amount)}[
        goal.kind
    ]
    return factor * response - cost * spend


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
def test_no_feasible_plan_beats_it_by_more_than_its_gap(kind: Kind, seed: int) -> None:
    curves, limits = instance(seed)
    goal = goal_of(kind, curves, limits)
    made = plan(curves, goal, limits)
    others = feasible(curves, limits, seed)
    responses = np.array([curves.value(x).sum() for x in others])
    mine = worth(goal, np.array([made.total]), np.atleast_1d(made.allocation.response))[0]
    assert mine == pytest.approx(-made.achieved if kind == "target-response" else made.achieved)
    assert worth(goal, others.sum(axis=1), responses).max() <= mine + made.gap + 1e-9 * abs(mine)
    assert made.gap <= 1e-6 * abs(mine) + 0.02


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_spends_are_whole_units_within_limits(kind: Kind, seed: int) -> None:
    curves, limits = instance(seed)
    made = plan(curves, goal_of(kind, curves, limits), limits, unit=0.01)
    spend = made.allocation.spend
    np.testing.assert_allclose(100 * spend, np.round(100 * spend), rtol=0.0, atol=1e-7)
    assert (spend >= limits.lower - 1e-9).all()
    assert (spend <= limits.upper + 1e-9).all()
    group = limits.groups[0]
    assert float(np.max(group.lower)) - 1e-9 <= spend[[0, 3]].sum() <= float(np.max(group.upper)) + 1e-9
    assert made.total <= limits.most + 1e-9


def profit_at(curves: Curves, limits: Constraints, most: float) -> Plan:
    return plan(curves, Goal("profit", 1.5), Constraints(most, limits.lower, limits.upper, limits.groups))


@pytest.mark.parametrize("seed", range(6))
def test_profit_needs_no_budget_and_one_that_is_large_enough_changes_nothing(seed: int) -> None:
    curves, limits = instance(seed)
    free, ample = profit_at(curves, limits, np.inf), profit_at(curves, limits, 1e6)
    np.testing.assert_allclose(free.allocation.spend, ample.allocation.spend, rtol=0.0, atol=0.02)
    assert free.achieved == pytest.approx(ample.achieved, rel=1e-9)


@pytest.mark.parametrize("upper", [np.inf, 1000.0])
def test_the_price_is_what_more_money_brings_also_where_one_campaign_takes_it_all(upper: float) -> None:
    curves = Curves.hill([10.0, 1e-6], [10.0, 10.0], [1.0, 1.0])
    limits = Constraints(10.0, np.zeros(2), np.array([upper, 0.0]))
    price = plan(curves, Goal(), limits).allocation.price
    assert price == pytest.approx(10.0 * 10.0 / 20.0**2, rel=1e-9)  # a·κ/(κ+x)² at x = κ
    nothing = plan(curves, Goal(), Constraints(0.0, limits.lower, limits.upper)).allocation
    assert nothing.price == pytest.approx(1.0, rel=1e-9)


def test_a_target_below_what_minimums_bring_costs_the_minimums() -> None:
    curves = Curves.hill([10.0, 10.0], [10.0, 10.0])
    made = plan(
        curves, Goal("target-response", 1e-3), Constraints(30.0, np.array([4.0, 0.0]), np.full(2, 50.0))
    )
    assert made.allocation.spend.tolist() == [4.0, 0.0]
    assert made.gap <= 1e-6


def test_what_cannot_be_is_refused() -> None:
    curves, nothing, much = Curves.hill([10.0], [10.0]), np.zeros(1), np.full(1, np.inf)
    with pytest.raises(Infeasible, match=r"target response 11 \(9\.9"):
        plan(curves, Goal("target-response", 11.0), Constraints(1e4, nothing, much))
    with pytest.raises(GoalError, match="needs a budget"):
        plan(curves, Goal(), Constraints(np.inf, nothing, much))
    with pytest.raises(GoalError, match="at any spend"):
        plan(Curves.power([2.0], [1.0]), Goal("target-mroi", 1.0), Constraints(np.inf, nothing, much))
    with pytest.raises(Infeasible):
        plan(curves, Goal("profit", 1.0), Constraints(1.0, np.full(1, 2.0), much))


@settings(max_examples=300)
@given(st.floats(0.0, 1e11), st.sampled_from([1.0, 0.01, 0.001]))
def test_rounding_keeps_whole_units_and_moves_others_less_than_one(amount: float, unit: float) -> None:
    down, up = float(round_down(amount, unit)), float(round_up(amount, unit))
    assert float(round_down(down, unit)) == down
    assert float(round_up(up, unit)) == up
    slack = unit * max(1e-6, 1e-15 * amount / unit)
    assert down - slack <= amount <= up + slack
    assert up - down <= unit * (1.0 + 1e-6) + slack
