"""What one plan is for and what it must keep to, in whole minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aicmo.core.groups import Group

Floats = NDArray[np.float64]

Kind = Literal["response", "profit", "target-response", "target-mroi"]
CLOSE = 1e-6  # of a minor unit: amounts this near to a whole number of units are one
EPSILON = float(np.finfo(np.float64).eps)


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
        nearest = np.round(np.where(split, self.lower, 0.0) / unit) * unit
        lower, upper = np.where(split, nearest, lower), np.where(split, nearest, upper)
        return Constraints(float(round_down(self.most, unit)), lower, upper, groups)


def round_up(amount: ArrayLike, unit: float) -> Floats:
    """Least whole number of units that is at least `amount` [currency]."""
    units = np.asarray(amount, dtype=np.float64) / unit
    return np.asarray(np.ceil(units - _close(units)) * unit)


def round_down(amount: ArrayLike, unit: float) -> Floats:
    """Largest whole number of units that is at most `amount` [currency]."""
    units = np.asarray(amount, dtype=np.float64) / unit
    return np.asarray(np.floor(units + _close(units)) * unit)


def _close(units: Floats) -> Floats:
    """How far rounding may have carried a whole number; more where many units leave few digits."""
    return np.minimum(np.maximum(CLOSE, 2.0 * EPSILON * units), 0.25)
