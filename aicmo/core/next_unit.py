"""Prices where any of many would prove the plan: what the next unit of money brings.

Where minimums use up all money every high price is a dual solution, and where one campaign takes all of it
every low one. The price that people mean is the derivative of the value of money to the right.
"""

import numpy as np
from numpy.typing import NDArray

from aicmo.core.curves import Curves
from aicmo.core.feasibility import Limits

Floats = NDArray[np.float64]

FULL = 1.0 - 1e-9


def price_next_unit(curves: Curves, limits: Limits, spend: Floats, prices: Floats) -> None:
    """Replace prices of zero or infinity by the marginal return of the next unit, in place.

    Such a price stays where no campaign can take more, where all that can have an unbounded marginal return,
    and where money is left over.

    Parameters
    ----------
    curves : Curves
    limits : Limits
    spend : (R, C) [currency]
    prices : (R, M) [response/currency]
        Price inside each node, the total's last.
    """
    unsure = ((prices == 0.0) | np.isinf(prices)) & (spend.sum(axis=1) >= FULL * limits.total)[:, None]
    if not unsure.any():
        return
    marginal, free = np.atleast_2d(curves.marginal(spend)), spend < limits.upper
    for r in np.flatnonzero(unsure.any(axis=1)):
        takes_more = free[r] & np.isfinite(marginal[r])
        _price_row(limits, marginal[r], takes_more, prices[r], unsure[r])


def _price_row(
    limits: Limits, marginal: Floats, takes_more: NDArray[np.bool_], prices: Floats, unsure: NDArray[np.bool_]
) -> None:
    """Price the nodes of one row, from the total down; a node that does not bind follows its parent."""
    nest, before = limits.tree, prices.copy()
    for m in range(prices.size - 1, -1, -1):
        up = nest.parent[m]
        if m != up and before[m] == before[up]:
            prices[m] = prices[up]
        elif unsure[m]:
            inside = (
                (nest.home_of >= nest.head[m]) & (nest.home_of <= m) & (before[nest.home_of] == before[m])
            )
            if (takes_more & inside).any():
                prices[m] = marginal[takes_more & inside].max()
