"""What one plan is for and what it must keep to, in whole minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from aicmo.core.groups import Group
from aicmo.core.rounding import in_money, round_down, round_up

Floats = NDArray[np.float64]

Kind = Literal["response", "profit", "target-response", "target-mroi"]


class GoalError(ValueError):
    """A goal that lacks a number it cannot do without."""


@dataclass(frozen=True)
class Goal:
    """What a plan is for.

    Parameters
    ----------
    kind : str
        ``response``: the most for the budget. ``profit``: the most of value · response − spend.
        ``target-response``: the least spend that reaches a response. ``target-mroi``: spend until one more
        unit returns only so much.
    amount : float
        Value of a unit of response, response to reach, or marginal return to stop at; > 0, unused by
        ``response``.
    """

    kind: Kind = "response"
    amount: float = 1.0

    @property
    def hurdle(self) -> float:
        """Marginal return below which money is kept, where the total is free [response/currency]."""
        return 1.0 / self.amount if self.kind == "profit" else self.amount

    @property
    def free(self) -> bool:
        """Whether spending stops by itself."""
        return self.kind in {"profit", "target-mroi"}


@dataclass(frozen=True, eq=False)
class Constraints:
    """What a plan must keep to.

    Parameters
    ----------
    most : float [currency]
        Money that there is; infinite where only the goal ends spending.
    lower, upper : (C,) [currency]
    groups : sequence of Group
    """

    most: float
    lower: Floats
    upper: Floats
    groups: Sequence[Group] = ()

    def in_units(self, unit: float) -> Constraints:
        """Narrow every limit to whole minor units; bounds that leave none between them become the nearest."""
        groups = tuple(
            replace(g, lower=round_up(g.lower, unit), upper=round_down(g.upper, unit)) for g in self.groups
        )
        lower, upper = round_up(self.lower, unit), round_down(self.upper, unit)
        split = (lower > upper) & (self.lower <= self.upper)
        nearest = in_money(np.round(np.where(split, self.lower, 0.0) / unit), unit)
        lower, upper = np.where(split, nearest, lower), np.where(split, nearest, upper)
        return Constraints(float(round_down(self.most, unit)), lower, upper, groups)
