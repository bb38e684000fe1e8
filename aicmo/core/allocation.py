"""The answer of an allocation: spends, what they bring, what limits cost, and how far from the optimum it can be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Allocation:
    """A plan with its certificate; a single row has arrays without the axis R.

    Attributes
    ----------
    spend : (C,) or (R, C) [currency]
        The plan.
    response : () or (R,) [response]
        What the plan brings on the curves.
    price : () or (R,) [response/currency]
        Marginal return of one more unit of the total: that of every campaign between its bounds and in no binding group.
    gap : () or (R,) [response]
        No plan within the limits brings more than ``response + gap``.
    unallocated : () or (R,) [currency]
        Money that no limit forces and no campaign can use.
    group_price : (G,) or (R, G) [response/currency]
        What one more unit of each group's limit would bring: positive at a binding maximum, negative at a binding minimum.
    lower, upper : (C,) or (R, C) [currency]
        The bounds that were given.
    marginal : (C,) or (R, C) [response/currency]
        Marginal return of each campaign at its spend.
    group_names : sequence of str
        Names of the groups.
    """

    spend: Floats
    response: Floats
    price: Floats
    gap: Floats
    unallocated: Floats
    group_price: Floats
    lower: Floats
    upper: Floats
    marginal: Floats
    group_names: Sequence[str]

    @property
    def bound(self) -> Floats:
        """Upper bound of the response of any plan within the limits: () or (R,) [response]."""
        return self.response + self.gap

    @property
    def active(self) -> NDArray[np.int8]:
        """−1 where a campaign sits at its lower bound, 1 at its upper, 0 between, 2 where both touch: (C,) or (R, C)."""
        at_lower, at_upper = self.spend <= self.lower, self.spend >= self.upper
        return np.where(at_lower & at_upper, 2, at_upper.astype(np.int8) - at_lower).astype(np.int8)
