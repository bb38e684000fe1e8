"""One plan for a stated goal in whole minor units, with the certificate of what was optimised.

Totals that are part of the answer come from `aicmo.core.objectives`; the split of that total in whole minor
units, with all dual prices, from `aicmo.core.allocate`. The gap is that of the rounded plan, so it includes
what rounding costs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from aicmo.core.allocate import allocate
from aicmo.core.allocation import Allocation
from aicmo.core.curves import Curves
from aicmo.core.feasibility import Infeasible
from aicmo.core.goal import Constraints, Goal, GoalError
from aicmo.core.objectives import FreePlan, minimise_spend, spend_until
from aicmo.core.rounding import round_up


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan and how far from the optimum it can be.

    Attributes
    ----------
    goal : Goal
    allocation : Allocation
        One row, in whole minor units, with the dual prices of every limit.
    gap : float
        No plan within the limits is better by more, in the unit of `achieved`.
    """

    goal: Goal
    allocation: Allocation
    gap: float

    @cached_property
    def total(self) -> float:
        """What the plan spends [currency]."""
        return float(self.allocation.spend.sum())

    @property
    def achieved(self) -> float:
        """What was optimised: response, value · response − spend, spend, or response − hurdle · spend."""
        response, total = float(self.allocation.response), self.total
        return {
            "response": response,
            "profit": self.goal.amount * response - total,
            "target-response": total,
            "target-mroi": response - self.goal.amount * total,
        }[self.goal.kind]


def plan(curves: Curves, goal: Goal, limits: Constraints, unit: float = 0.01) -> Plan:
    """Make the best plan for a goal.

    Parameters
    ----------
    curves : Curves
        One set, without rows.
    goal : Goal
    limits : Constraints
        Narrowed to whole minor units before anything else. Money that no campaign can use stays unspent.
    unit : float [currency]
        The minor unit, such as 0.01.

    Raises
    ------
    Infeasible
        If the limits cannot all hold, or a target response lies beyond them.
    GoalError
        If nothing ends spending but a budget, and there is none.
    """
    held = limits.in_units(unit)
    if goal.free:
        return _free(curves, goal, held, unit)
    if not np.isfinite(held.most):
        raise GoalError(f"a plan for {goal.kind} needs a budget: the most money that there is")
    if goal.kind == "target-response":
        return _least(curves, goal, held, unit)
    best = _split(curves, held, held.most, unit)
    return Plan(goal, best, float(best.gap))


def _split(curves: Curves, limits: Constraints, total: float, unit: float) -> Allocation:
    return allocate(
        curves, total, limits.lower, limits.upper, limits.groups, total="at_most", minor_unit=unit
    )


def _free(curves: Curves, goal: Goal, limits: Constraints, unit: float) -> Plan:
    """Spend until the hurdle; the bound of the unrounded optimum certifies the rounded plan."""
    most = min(limits.most, max(float(round_up(_worth(curves, goal, limits), unit)), unit))
    free = spend_until(curves, goal.hurdle, most, limits.lower, limits.upper, limits.groups)
    total = min(round(float(free.total[0]) / unit) * unit, most)
    split = _priced(_split(curves, limits, total, unit), free.price[0])
    bound = _net(free, goal.hurdle) + float(free.gap[0])
    gap = max(bound - (float(split.response) - goal.hurdle * float(split.spend.sum())), 0.0)
    return Plan(goal, split, gap * (goal.amount if goal.kind == "profit" else 1.0))


def _net(free: FreePlan, hurdle: float) -> float:
    return float(free.response[0]) - hurdle * float(free.total[0])


def _worth(curves: Curves, goal: Goal, limits: Constraints) -> float:
    """More money than this returns less than the hurdle on every campaign [currency]."""
    each = np.clip(curves.inverse_marginal(goal.hurdle), limits.lower, limits.upper)
    enough = float(each.sum()) + sum(float(np.max(group.lower)) for group in limits.groups)
    if not np.isfinite(min(enough, limits.most)):
        raise GoalError(
            f"some curves return at least {goal.hurdle:g} at any spend: bound them, or give a budget"
        )
    return enough


def _priced(split: Allocation, price: np.float64) -> Allocation:
    """Give the total another of the prices that prove the plan, and with it the groups that do not bind."""
    same = split.node_price == split.node_price[-1]
    node_price = np.where(same, price, split.node_price)
    return replace(split, price=node_price[-1], node_price=node_price)


def _least(curves: Curves, goal: Goal, limits: Constraints, unit: float) -> Plan:
    """Reach the target with the fewest whole units, or a few more where rounding costs the target."""
    _require_reachable(_split(curves, limits, limits.most, unit), goal, limits)
    free = minimise_spend(curves, goal.amount, limits.most, limits.lower, limits.upper, limits.groups)
    total, step = min(float(round_up(free.total[0], unit)), limits.most), 1
    split = _split(curves, limits, total, unit)
    while split.response < goal.amount and total < limits.most:
        total = min(round(total / unit + step) * unit, limits.most)
        split, step = _split(curves, limits, total, unit), 2 * step
    floor = float(free.total[0] - free.gap[0])
    return Plan(goal, split, max(float(split.spend.sum()) - floor, 0.0))


def _require_reachable(whole: Allocation, goal: Goal, limits: Constraints) -> None:
    if whole.response < goal.amount:
        reached = f"({whole.response:,.10g} is the most within all limits)"
        said = (f"target response {goal.amount:,.15g} {reached}", f"total budget {limits.most:,.15g}")
        cure = "lower the target, or raise the budget or the maximums"
        raise Infeasible(f"these limits cannot all hold: {'; '.join(said)}: {cure}", said)
