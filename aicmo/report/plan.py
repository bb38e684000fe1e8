"""A plan against what is spent today: what changes for each campaign, and what holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from aicmo.core.allocation import Allocation
from aicmo.core.feasibility import Infeasible
from aicmo.core.goal import Constraints, Goal, GoalError
from aicmo.core.groups import Group
from aicmo.core.plan import Plan, plan
from aicmo.importers.curves_csv import ResponseCurves
from aicmo.market.currency import minor_unit
from aicmo.report.words import plain

Floats = NDArray[np.float64]

NEGLIGIBLE = 1e-9
"""Of the price of money: a limit whose price is smaller costs nothing."""


@dataclass(frozen=True, eq=False)
class Reallocation:
    """A plan, the curves it was made on, and the currency.

    Attributes
    ----------
    given : ResponseCurves
    plan : Plan
    budget : float [currency]
        Money that there was; infinite where only the goal ended spending.
    currency : str
        ISO 4217 code.
    """

    given: ResponseCurves
    plan: Plan
    budget: float
    currency: str

    @cached_property
    def campaigns(self) -> tuple[str, ...]:
        """Names, safe to show."""
        return tuple(plain(name) for name in self.given.campaigns)

    @property
    def allocation(self) -> Allocation:
        """The plan's split with its prices."""
        return self.plan.allocation

    @property
    def spend(self) -> Floats:
        """New spend: (C,) [currency]."""
        return self.allocation.spend

    @property
    def current(self) -> Floats | None:
        """Spend today: (C,) [currency]."""
        return self.given.current

    @cached_property
    def current_total(self) -> float:
        """What is spent today, NaN where that is unknown [currency]."""
        return float("nan") if self.current is None else float(self.current.sum())

    @cached_property
    def response(self) -> tuple[Floats | None, Floats]:
        """Outcome of each campaign today and with the plan: (C,)."""
        curves = self.given.curves
        return None if self.current is None else curves.value(self.current), curves.value(self.spend)

    @cached_property
    def mroas(self) -> tuple[Floats | None, Floats]:
        """Marginal return of each campaign today and with the plan: (C,); infinite at 0 on some curves."""
        curves = self.given.curves
        return None if self.current is None else curves.marginal(self.current), self.allocation.marginal

    @cached_property
    def bound_price(self) -> Floats:
        """What one more unit of each binding bound brings, 0 where it costs nothing: (C,)."""
        price, active = self.allocation.bound_price, self.allocation.active
        # A curve may bend exactly at a bound, and a minimum may be 0: such a bound holds nothing back.
        capped = (active > 0) & (price > self._negligible)
        forced = np.isin(active, (-1, 2)) & (price < -self._negligible) & (self.allocation.lower > 0.0)
        return np.where(capped | forced, price, 0.0)

    @cached_property
    def group_price(self) -> Floats:
        """What one more unit of each binding limit of a group brings: (G,)."""
        price = self.allocation.group_price
        return np.where(np.abs(price) > self._negligible, price, 0.0)

    @property
    def _negligible(self) -> float:
        return NEGLIGIBLE * max(float(self.allocation.price), NEGLIGIBLE)

    def binding(self, c: int) -> list[str]:
        """Name the limits that hold campaign `c`."""
        held = []
        if self.bound_price[c]:
            held.append("maximum" if self.bound_price[c] > 0.0 else "minimum")
        for group, price in zip(self.allocation.groups, self.group_price, strict=True):
            if price and c in group.members:
                held.append(f"{plain(group.name)} {'maximum' if price > 0.0 else 'minimum'}")
        return held


def reallocate(
    given: ResponseCurves,
    goal: Goal,
    budget: float,
    bounds: tuple[float, float] | None = None,
    groups: Sequence[Group] = (),
    currency: str = "EUR",
) -> Reallocation:
    """Plan spend on response curves, in whole minor units.

    Parameters
    ----------
    given : ResponseCurves
        From `aicmo.importers.curves_csv.read_curves`.
    goal : Goal
    budget : float [currency]
        Money that there is; infinite where only the goal ends spending.
    bounds : (float, float), optional
        Multiples of the current spend between which each campaign stays, besides its own bounds.
    groups : sequence of Group
        From `aicmo.importers.groups_csv.read_groups`.
    currency : str
        ISO 4217 code.

    Raises
    ------
    Infeasible
        If the limits cannot all hold; names the smallest conflicting set.
    GoalError
        If bounds are multiples of a current spend that is not there, or a budget is missing.
    """
    lower, upper = given.lower, given.upper
    if bounds is not None:
        if given.current is None:
            raise GoalError(_no_current(given))
        lower = np.maximum(lower, bounds[0] * given.current)
        upper = np.minimum(upper, bounds[1] * given.current)
    try:
        made = plan(given.curves, goal, Constraints(budget, lower, upper, groups), minor_unit(currency))
    except Infeasible as error:
        raise _named(error, given) from None
    return Reallocation(given, made, budget, currency)


def _no_current(given: ResponseCurves) -> str:
    return (
        f"{given.source}: bounds are multiples of the current spend, but there is no column current_spend. "
        "Add it, or bound campaigns by the columns lower and upper."
    )


def _named(error: Infeasible, given: ResponseCurves) -> Infeasible:
    """Say the same with names of campaigns instead of their positions."""
    limits = [plain(_spelled(limit, given.campaigns)) for limit in error.limits]
    cure = "Lower a minimum or the target, or raise a maximum or the budget."
    said = "\n".join([f"{given.source}: these limits cannot all hold:", *(f"  {x}" for x in limits), cure])
    return Infeasible(said, limits)


def _spelled(limit: str, campaigns: Sequence[str]) -> str:
    found = re.fullmatch(r"campaign ([0-9]+) (.*)", limit)
    return f"campaign {campaigns[int(found[1])]!r} {found[2]}" if found else limit
