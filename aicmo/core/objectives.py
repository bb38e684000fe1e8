"""Totals that are decided, not given: spend until a marginal return, or the least spend for a target.

Both are the exact allocator's problem. Spending until the marginal return falls to h is allocating the most
one could spend over the campaigns and one more, cash, that returns h for ever. The least spend for a target T
is the root of the value of money, whose slope is the price; D(h) = max Σf − h·Σx, from spending until h,
proves that no plan reaches T with less than (T − D(h))/h. With S-curves the value of money is not concave;
what allocation proves of one total, a hair below, is then sharper than a price that must hold for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from aicmo.core.allocate import allocate, prepare
from aicmo.core.allocation import Allocation
from aicmo.core.bounded import Bounded
from aicmo.core.checked import Floats, checked
from aicmo.core.curves import Curves
from aicmo.core.groups import Group

ROUNDS = 80
TOLERANCE = 1e-10
HAIR = 1e-8  # of a total: what is tried below it to prove that less does not do


@dataclass(frozen=True, eq=False)
class FreePlan:
    """A plan whose total is part of the answer.

    Attributes
    ----------
    spend : (R, C) [currency]
    total : (R,) [currency]
    response : (R,) [response]
    price : (R,) [response/currency]
        Marginal return of the last unit of money.
    gap : (R,)
        How far from the optimum this can be at most, in units of what was optimised: response, or money.
    """

    spend: Float[np.ndarray, "R C"]
    total: Float[np.ndarray, "R"]
    response: Float[np.ndarray, "R"]
    price: Float[np.ndarray, "R"]
    gap: Float[np.ndarray, "R"]


def spend_until(
    curves: Curves,
    marginal: ArrayLike,
    most: ArrayLike,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    groups: Sequence[Group] | None = None,
) -> FreePlan:
    """Spend as long as money returns more than `marginal` at the margin (target mROI, free total).

    Maximises Σ f_c(x_c) − marginal · Σ x_c: profit, where `marginal` is 1 / (value of a unit of response).

    Parameters
    ----------
    curves : Curves
    marginal : scalar or (R,) [response/currency]
        The hurdle, > 0.
    most : scalar or (R,) [currency]
        More than this is never spent.
    lower, upper : scalar, (C,) or (R, C) [currency]
    groups : sequence of Group, optional

    Returns
    -------
    FreePlan
        With `gap` in units of response.

    Raises
    ------
    Infeasible
        When lower bounds exceed `most`, or groups and bounds collide.
    ValueError
        When an input does not fit or lies outside its range.
    """
    R = _row_count(curves, marginal, most, lower, upper)
    hurdle = checked("spend_until: marginal", marginal, (R,), "(R,)", positive=True)
    money = checked("spend_until: most", most, (R,), "(R,)", positive=True)
    ends = np.stack([np.zeros(R), money], axis=1)[:, None, :]
    cash = Curves.table(ends, hurdle[:, None, None] * ends)
    low, high = (
        _with_cash(bound, R, len(curves), end) for bound, end in ((lower, np.zeros(R)), (upper, money))
    )
    plan = allocate(Curves.concatenate([curves, cash]), money, low, high, groups)
    spend = plan.spend[:, :-1]
    # not the whole less what cash returns: where that is nearly all, no digit would be left
    response = np.atleast_2d(curves.value(spend)).sum(axis=1)
    return FreePlan(spend, spend.sum(axis=1), response, plan.price, plan.gap)


def maximise_profit(
    curves: Curves,
    value: ArrayLike,
    most: ArrayLike,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    groups: Sequence[Group] | None = None,
) -> FreePlan:
    """Choose the total and its shares so that value · response − spend is largest; `gap` in currency.

    Parameters
    ----------
    curves, most, lower, upper, groups
        As in `spend_until`.
    value : scalar or (R,) [currency/response]
        What a unit of response earns, > 0.

    Returns
    -------
    FreePlan

    Raises
    ------
    Infeasible, ValueError
        As `spend_until`.
    """
    R = _row_count(curves, value, most, lower, upper)
    worth = checked("maximise_profit: value", value, (R,), "(R,)", positive=True)
    plan = spend_until(curves, 1.0 / worth, most, lower, upper, groups)
    return replace(plan, gap=plan.gap * worth)


def minimise_spend(
    curves: Curves,
    target: ArrayLike,
    most: ArrayLike,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    groups: Sequence[Group] | None = None,
) -> FreePlan:
    """Reach a response with as little money as possible.

    Parameters
    ----------
    curves, lower, upper, groups
        As in `spend_until`.
    target : scalar or (R,) [response]
        Response to reach, > 0.
    most : scalar or (R,) [currency]
        Money that there is at most.

    Returns
    -------
    FreePlan
        With `gap` in currency: nobody reaches the target with less than ``total − gap``.

    Raises
    ------
    Infeasible
        When bounds and groups collide.
    ValueError
        When an input does not fit, or even `most` does not reach the target.
    """
    R = _row_count(curves, target, most, lower, upper)
    goal = checked("minimise_spend: target", target, (R,), "(R,)", positive=True)
    money = checked("minimise_spend: most", most, (R,), "(R,)", positive=True)
    search = _Search(_Problem(curves, lower, upper, groups), goal, money)
    return search.run()


@dataclass(frozen=True, eq=False)
class _Problem:
    """Curves and limits, without a total."""

    curves: Curves
    lower: ArrayLike
    upper: ArrayLike
    groups: Sequence[Group] | None

    def bounds(self, R: int) -> tuple[Floats, Floats]:
        """Lower and upper bounds, (R, C)."""
        low, high = (np.asarray(bound, dtype=np.float64) for bound in (self.lower, self.upper))
        shape = (R, len(self.curves))
        return np.broadcast_to(low, shape), np.broadcast_to(high, shape)

    @cached_property
    def prepared(self) -> Bounded:
        """Curves and limits, prepared for totals of any number of rows."""
        return prepare(self.curves, self.lower, self.upper, self.groups)

    def spend(self, total: Floats) -> Allocation:
        """Allocate at most a total (R,)."""
        return allocate(self.prepared, total, total="at_most")

    def until(self, marginal: Floats, most: Floats) -> FreePlan:
        """Spend until a marginal return (R,)."""
        return spend_until(self.curves, marginal, most, self.lower, self.upper, self.groups)


class _Search:
    """The least total that reaches a goal, row by row, between one that does not and one that does."""

    def __init__(self, problem: _Problem, goal: Floats, most: Floats) -> None:
        self.problem, self.goal, self.most = problem, goal, most
        whole = problem.spend(most)
        self._require_reachable(whole)
        self.spend, self.response, self.price = whole.spend, whole.response, whole.price
        self.enough = np.asarray(whole.spend.sum(axis=1))
        # At a hurdle out of reach only forced money is spent, or 1e-9 · most on curves infinitely steep at 0
        forced = problem.until(1e9 * whole.response / most, most).total
        self.least, self.forced, self.short = np.maximum(forced - 1e-9 * most, 0.0), forced, forced

    def run(self) -> FreePlan:
        """Newton on the value of money; every third step halves the bracket, for stretches not concave."""
        step = self.short
        for n in range(ROUNDS):
            step = self._try(step)
            wide = self.enough - self.short > TOLERANCE * self.enough
            if not wide.any():
                break
            inside = (step > self.short) & (step < self.enough) & (n % 3 < 2)
            step = np.where(wide, np.where(inside, step, 0.5 * (self.short + self.enough)), self.enough)
        floor = np.maximum(self._proved(), self._missed())
        return FreePlan(
            self.spend, self.enough, self.response, self.price, np.maximum(self.enough - floor, 0.0)
        )

    def _try(self, total: Floats) -> Floats:
        """Solve at a total, narrow the bracket, return Newton's next, a hair beyond the tangent's root."""
        plan = self.problem.spend(total)
        spent, reached = plan.spend.sum(axis=1), plan.response >= self.goal
        better = reached & (spent <= self.enough)
        self.spend = np.where(better[:, None], plan.spend, self.spend)
        self.response, self.price, self.enough = (
            np.where(better, new, old)
            for new, old in ((plan.response, self.response), (plan.price, self.price), (spent, self.enough))
        )
        self.short = np.where(reached, np.minimum(self.short, self.enough), np.maximum(self.short, total))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(
                total + (self.goal - plan.response) / plan.price + 0.5 * TOLERANCE * self.enough
            )

    def _proved(self) -> Floats:
        """Least total that the dual allows, at the plan's price or the least margin free to move."""
        marginal = self.problem.curves.marginal(self.spend)
        low, high = self.problem.bounds(self.goal.size)
        free = (self.spend > low) & (self.spend < high)
        margin = np.where(free, marginal, np.inf).min(axis=1)
        return np.maximum(
            self._dual(self.price), self._dual(np.where(np.isfinite(margin), margin, self.price))
        )

    def _missed(self) -> Floats:
        """Return a total a hair below the plan's where allocation proves that it misses the goal, else 0."""
        less = self.enough * (1.0 - HAIR)
        best = self.problem.spend(np.maximum(less, self.forced))
        return np.where((less >= self.forced) & (best.bound < self.goal), less, 0.0)

    def _dual(self, price: Floats) -> Floats:
        # Every finite price bounds; where all money is forced, the price of more may be none
        mean = self.response / self.most
        steep = np.clip(price, 1e-12 * mean, 1e9 * mean)
        plan = self.problem.until(steep, self.most)
        ceiling = plan.response - steep * plan.total + plan.gap
        return np.asarray(np.minimum(np.maximum(self.least, (self.goal - ceiling) / steep), self.enough))

    def _require_reachable(self, whole: Allocation) -> None:
        missed = np.flatnonzero(whole.response < self.goal)
        if missed.size:
            r = missed[0]
            raise ValueError(
                f"minimise_spend: row {r} needs a response of {self.goal[r]:,.6g}, but within the limits "
                f"{self.most[r]:,.6g} bring {whole.response[r]:,.6g} at most: lower the target, or raise "
                "`most` or the upper bounds."
            )


def _row_count(curves: Curves, per_row: ArrayLike, most: ArrayLike, *bounds: ArrayLike) -> int:
    """R, from whichever input has rows; a problem of scalars is one row."""
    sizes = [np.size(x) for x in (per_row, most) if np.ndim(x)]
    return int(max([curves.rows or 1, *sizes, *(np.shape(x)[0] for x in bounds if np.ndim(x) == 2)]))


def _with_cash(bound: ArrayLike, R: int, C: int, cash: Floats) -> Floats:
    wide = np.broadcast_to(np.asarray(bound, dtype=np.float64), (R, C))
    return np.concatenate([wide, cash[:, None]], axis=1)
