"""Exact allocation of a budget over response curves: maximise Σ f_c(x_c) within bounds, groups and a total.

The problem separates once the price of money is known, so the solver searches one number per row, and one
per binding group (`aicmo.core.kernels.meet`). S-shaped curves are solved on their concave envelope, then by
branch and bound; the dual bound is returned with every plan.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from types import ModuleType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aicmo.core.allocation import Allocation
from aicmo.core.bounded import Bounded, agreed, bounded, prepare, require_amount
from aicmo.core.compilation import announce_compilation
from aicmo.core.curves import Curves
from aicmo.core.feasibility import Limits, require_feasible
from aicmo.core.groups import Group
from aicmo.core.mend import mend
from aicmo.core.next_unit import price_next_unit
from aicmo.core.rounding import to_minor_units

__all__ = ["allocate", "prepare"]

Floats = NDArray[np.float64]


def allocate(  # the public face fixes names and order
    curves: Curves | Bounded,
    budget: ArrayLike,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    groups: Sequence[Group] | None = None,
    total: Literal["exact", "at_most"] = "exact",
    price0: ArrayLike | None = None,
    minor_unit: float | None = None,
) -> Allocation:
    """Allocate each row's budget so that the total response is as large as it can be, with a certificate.

    Parameters
    ----------
    curves : Curves or Bounded
        C response curves, shared by all rows or one set per row; or what `prepare` made of them with their
        bounds and groups, which are then not given here.
    budget : scalar or (R,) [currency]
        Money of each row.
    lower, upper : scalar, (C,) or (R, C) [currency]
        Bounds of each campaign.
    groups : sequence of Group, optional
        Joint limits, nested or disjoint.
    total : {"exact", "at_most"}
        Whether all money must be spent. With "at_most", money that no campaign can use is left in
        ``unallocated``.
    price0 : scalar or (R,), optional [response/currency]
        First guess of the price, such as that of the last solve; it saves passes and moves nothing but the
        last digits.
    minor_unit : float, optional [currency]
        Round spends to multiples of this amount by largest remainder, so that they add up to the budget
        exactly.

    Returns
    -------
    Allocation
        The plan. Arrays have the axis R if any of the inputs has.

    Raises
    ------
    Infeasible
        If bounds, groups and total cannot all hold; names the smallest conflicting set.
    ValueError
        If an input has the wrong shape, is negative or not a number.
    TypeError
        If curves are no Curves, or groups no sequence of Group.
    """
    if total not in {"exact", "at_most"}:
        raise ValueError(f'allocate: total must be "exact" or "at_most", got {total!r}')
    given = (
        _prepared(curves, budget, lower, upper, groups)
        if isinstance(curves, Bounded)
        else bounded(curves, lower, upper, groups, budget)
    )
    money = _row_vector("budget", budget, given.rows or 1)
    warm = _row_vector("price0", np.nan if price0 is None else price0, given.rows or 1)
    limits = Limits(given.lower, given.upper, money, given.nest, given.groups, exact=total == "exact")
    plan = _solved(given, limits, warm)
    return plan if minor_unit is None else to_minor_units(plan, minor_unit, exact=limits.exact)


def _solved(given: Bounded, limits: Limits, warm: Floats) -> Allocation:
    """Solve every row, refuse what cannot hold, and price what the next unit would bring."""
    solver, curves, money, nest = _solver(), given.curves, limits.total, limits.tree
    problem = solver.problem(curves.parameters(), limits.lower, limits.upper, money, warm, nest, given.ready)
    spend, prices = np.empty((money.size, len(curves))), np.empty((money.size, nest.parent.size))
    response, gap = np.empty(money.size), np.empty(money.size)
    crowds = given.ready.crowds if given.ready else ()
    if not solver.solve(problem, int(limits.exact), spend, response, gap, prices, crowds):
        _refuse(limits)
    if np.isinf(gap).any():
        mend(curves, limits, spend, response, gap)
    price_next_unit(curves, limits, spend, prices)
    return Allocation.of(
        curves, problem, spend, response, gap, prices, nest, limits.groups, single=given.rows is None
    )


def _prepared(
    given: Bounded, budget: ArrayLike, lower: ArrayLike, upper: ArrayLike, groups: Sequence[Group] | None
) -> Bounded:
    """Give prepared curves the rows of the budget."""
    if np.ndim(lower) or np.ndim(upper) or lower != 0.0 or upper != np.inf or groups is not None:
        raise TypeError("allocate: prepared curves have their bounds and groups: give them to prepare() only")
    if not np.ndim(budget):
        return given
    counts = {} if given.rows is None else {"prepared curves": given.rows}
    return replace(given, rows=agreed(counts | {"budget": np.shape(budget)[0]}))


def _refuse(limits: Limits) -> None:
    """Say what is wrong with inputs that the solver has refused."""
    require_amount("budget", limits.total, finite=True)
    require_amount("lower", limits.lower, finite=True)
    require_amount("upper", limits.upper, finite=False)
    require_feasible(limits)
    raise ValueError("allocate: limits touch within rounding: widen them by 1e-12 of their size")


@lru_cache(maxsize=1)
def _solver() -> ModuleType:
    """Load the compiled solver at first use, and say so where compiling it will take a while."""
    from aicmo.core.kernels import solver  # noqa: PLC0415  # numba starts at first use only

    announce_compilation(solver.solve_rows)
    return solver


def _row_vector(name: str, amount: ArrayLike, rows: int) -> Floats:
    array = np.asarray(amount, dtype=np.float64)
    if array.ndim > 1 or (array.ndim == 1 and array.size not in {1, rows}):
        raise ValueError(f"allocate: {name} must be one number or ({rows},) = (R,), got shape {array.shape}")
    return np.full(rows, array) if array.size == 1 else np.ascontiguousarray(array)
