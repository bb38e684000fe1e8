"""The answer of an allocation: spends, what they bring, what limits cost.

And how far from the optimum it can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from aicmo.core.curves import Curves
from aicmo.core.groups import Group, Tree, label

if TYPE_CHECKING:
    from aicmo.core.kernels.arrange import Problem

Floats = NDArray[np.float64]

UNSPENT = 1e-9  # of the budget: less than this is rounding


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
        Marginal return of one more unit of the total: that of every campaign between its bounds and in no
        binding group.
    gap : () or (R,) [response]
        No plan within the limits brings more than ``response + gap``.
    budget : () or (R,) [currency]
        Money that there was.
    lower, upper : (C,) or (R, C) [currency]
        The bounds that were given.
    node_price : (M,) or (R, M) [response/currency]
        Price inside each group of `nest`; the last is the total's.
    curves, nest, groups
        What the plan was made for.
    """

    spend: Floats
    response: Floats
    price: Floats
    gap: Floats
    budget: Floats
    lower: Floats
    upper: Floats
    node_price: Floats = field(repr=False)
    curves: Curves = field(repr=False)
    nest: Tree = field(repr=False)
    groups: Sequence[Group] = field(repr=False)

    @classmethod
    def of(
        cls,
        curves: Curves,
        problem: "Problem",
        spend: Floats,
        response: Floats,
        gap: Floats,
        prices: Floats,
        nest: Tree,
        groups: Sequence[Group],
        *,
        single: bool,
    ) -> "Allocation":
        """Put the solver's outputs together, without the row axis for a `single` row."""
        low, high = problem.lower, problem.upper
        if single:
            return cls(
                spend[0],
                response[0],
                prices[0, -1],
                gap[0],
                problem.budget[0],
                low[0],
                high[0],
                prices[0],
                curves,
                nest,
                groups,
            )
        low, high = (np.broadcast_to(b, spend.shape) for b in (low, high))
        return cls(
            spend, response, prices[:, -1], gap, problem.budget, low, high, prices, curves, nest, groups
        )

    @property
    def bound(self) -> Floats:
        """Upper bound of the response of any plan within the limits: () or (R,) [response]."""
        return self.response + self.gap

    @property
    def unallocated(self) -> Floats:
        """Money that no limit forces and no campaign can use: () or (R,) [currency]."""
        rest = self.budget - self.spend.sum(axis=-1)
        return np.where(rest > UNSPENT * self.budget, rest, 0.0)[()]

    @property
    def marginal(self) -> Floats:
        """Marginal return of each campaign at its spend: (C,) or (R, C) [response/currency]."""
        return self.curves.marginal(self.spend)

    @property
    def active(self) -> NDArray[np.int8]:
        """−1 where a campaign sits at its lower bound, 1 at its upper, 0 between, 2 where both touch.

        (C,) or (R, C).
        """
        at_lower, at_upper = self.spend <= self.lower, self.spend >= self.upper
        return np.where(at_lower & at_upper, 2, at_upper.astype(np.int8) - at_lower).astype(np.int8)

    @property
    def bound_price(self) -> Floats:
        """What one more unit of each binding bound would bring: (C,) or (R, C) [response/currency].

        Positive at an upper bound, negative at a lower one (the bound costs that much), 0 between.
        """
        inside = self.node_price[..., self.nest.home_of]
        return np.where(self.active != 0, self.marginal - inside, 0.0)

    @property
    def group_price(self) -> Floats:
        """What one more unit of each group's limit would bring, in the order given.

        (G,) or (R, G) [response/currency].

        Positive at a binding maximum, negative at a binding minimum, 0 where neither binds.
        """
        step = self.node_price[..., :-1] - self.node_price[..., self.nest.parent[:-1]]
        prices = np.empty_like(step)
        prices[..., self.nest.source[:-1]] = step
        return prices

    @property
    def reason(self) -> str:
        """Why money is unallocated, in a sentence; empty if none is."""
        left = np.atleast_1d(self.unallocated)
        if not left.any():
            return ""
        r = int(np.argmax(left > 0.0))
        capped = np.flatnonzero(np.atleast_2d(self.active)[r] > 0).tolist()
        spent = np.atleast_2d(self.spend)[r]
        full = [
            label(self.groups, g) for g, group in enumerate(self.groups)
            if spent[np.asarray(group.members, dtype=np.int64)].sum()
            >= np.broadcast_to(group.upper, left.shape)[r] * (1 - UNSPENT)
        ]  # fmt: skip
        where = "" if left.size == 1 else f"row {r}: "
        at = ", ".join([*full, f"campaigns {_few(capped)}" if capped else ""]).strip(", ")
        return (
            f"{where}{left[r]:,.6g} unallocated: "
            + (f"at their maximum are {at}; " if at else "")
            + "no other campaign gains from more"
        )

    def __str__(self) -> str:
        from aicmo.core.report import plan_table  # noqa: PLC0415  # a table is only drawn when it is printed

        return plan_table(self)


def _few(indices: list[int]) -> str:
    """At most eight indices."""
    return ", ".join(map(str, indices[:8])) + (" …" if len(indices) > 8 else "")
