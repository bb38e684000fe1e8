"""Exact allocation of a budget over response curves: maximise Σ f_c(x_c) within bounds, groups and a total.

The problem separates once the price of money is known, so the solver searches one number per row, and one
per binding group (`aicmo.core.kernels.meet`). S-shaped curves are solved on their concave envelope, then by
branch and bound; the dual bound is returned with every plan.
"""

from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aicmo.core.allocation import Allocation
from aicmo.core.compilation import announce_compilation
from aicmo.core.curves import Curves
from aicmo.core.feasibility import Limits, require_feasible
from aicmo.core.groups import Group, Tree, label, tree
from aicmo.core.mend import mend
from aicmo.core.next_unit import price_next_unit
from aicmo.core.rounding import to_minor_units

Floats = NDArray[np.float64]


def allocate(  # the public face fixes names and order
    curves: Curves,
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
    curves : Curves
        C response curves, shared by all rows or one set per row.
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
    shared = _checked_kinds(curves, groups)
    campaigns = len(curves)
    rows = _rows(curves, budget, lower, upper, shared)
    money = _row_vector("budget", budget, rows or 1)
    low, high = _bounds("lower", lower, campaigns), _bounds("upper", upper, campaigns)
    nest = tree(shared, campaigns, rows or 1) if shared else _no_groups(campaigns)
    warm = _row_vector("price0", np.nan if price0 is None else price0, rows or 1)
    limits = Limits(low, high, money, nest, shared, exact=total == "exact")
    plan = _solved(curves, limits, warm, single=rows is None)
    return plan if minor_unit is None else to_minor_units(plan, minor_unit, exact=limits.exact)


def _solved(curves: Curves, limits: Limits, warm: np.ndarray, *, single: bool) -> Allocation:
    """Solve every row, refuse what cannot hold, and price what the next unit would bring."""
    solver, money, nest = _solver(), limits.total, limits.tree
    problem = solver.problem(curves.parameters(), limits.lower, limits.upper, money, warm, nest)
    spend, prices = np.empty((money.size, len(curves))), np.empty((money.size, nest.parent.size))
    response, gap = np.empty(money.size), np.empty(money.size)
    if not solver.solve_rows(problem, int(limits.exact), spend, response, gap, prices):
        _refuse(limits)
    if np.isinf(gap).any():
        mend(curves, limits, spend, response, gap)
    price_next_unit(curves, limits, spend, prices)
    return Allocation.of(curves, problem, spend, response, gap, prices, nest, limits.groups, single=single)


def _checked_kinds(curves: object, groups: object) -> Sequence[Group]:
    """Return the groups, none as no group, if they and the curves are what they should be."""
    if not isinstance(curves, Curves):
        said = f"got {type(curves).__name__}"
        raise TypeError(
            f"allocate: curves must be Curves, such as Curves.hill(scale, half_saturation), {said}"
        )
    given = () if groups is None else groups
    if not isinstance(given, Sequence) or not all(isinstance(group, Group) for group in given):
        raise TypeError(
            "allocate: groups must be a sequence of Group, such as [Group([0, 1], upper=5.0)], got "
            + (type(given).__name__ if not isinstance(given, Sequence) else f"{given!r:.80}")
        )
    return given


def _refuse(limits: Limits) -> None:
    """Say what is wrong with inputs that the solver has refused."""
    _require("budget", limits.total, finite=True)
    _require("lower", limits.lower, finite=True)
    _require("upper", limits.upper, finite=False)
    require_feasible(limits)
    raise ValueError("allocate: limits touch within rounding: widen them by 1e-12 of their size")


@lru_cache(maxsize=1)
def _solver() -> ModuleType:
    """Load the compiled solver at first use, and say so where compiling it will take a while."""
    from aicmo.core.kernels import solver  # noqa: PLC0415  # numba starts at first use only

    announce_compilation(solver.solve_rows)
    return solver


@lru_cache(maxsize=64)
def _no_groups(campaigns: int) -> Tree:
    """Give the tree of nothing but the total."""
    return tree((), campaigns, 1)


def _rows(
    curves: Curves, budget: ArrayLike, lower: ArrayLike, upper: ArrayLike, groups: Sequence[Group]
) -> int | None:
    """R, from whichever inputs have that axis; None if none has."""
    counts = {"curves": curves.rows} if curves.rows is not None else {}
    if np.ndim(budget):
        counts["budget"] = np.shape(budget)[0]
    for name, bound in (("lower", lower), ("upper", upper)):
        if np.ndim(bound) == 2:
            counts[name] = np.shape(bound)[0]
    for g, group in enumerate(groups):
        for end in (group.lower, group.upper):
            if np.ndim(end):
                counts[label(groups, g)] = np.shape(end)[0]
    if not counts:
        return None
    rows = max(counts.values())
    if any(n not in {1, rows} for n in counts.values()):
        raise ValueError(
            f"allocate: inputs disagree on the number of rows R: {counts}; give each {rows} rows or none"
        )
    return rows


def _row_vector(name: str, amount: ArrayLike, rows: int) -> Floats:
    array = np.asarray(amount, dtype=np.float64)
    if array.ndim > 1 or (array.ndim == 1 and array.size not in {1, rows}):
        raise ValueError(f"allocate: {name} must be one number or ({rows},) = (R,), got shape {array.shape}")
    return np.full(rows, array) if array.size == 1 else np.ascontiguousarray(array)


def _require(name: str, amount: Floats, *, finite: bool) -> None:
    sound = (amount >= 0.0) & (np.isfinite(amount) if finite else ~np.isnan(amount))
    if not sound.all():
        where = tuple(int(i) for i in np.argwhere(~sound)[0])
        want = "finite and at least 0" if finite else "at least 0 (inf for no limit)"
        raise ValueError(f"allocate: {name} must be {want}, got {amount[where]} at index {where}")


def _bounds(name: str, bound: ArrayLike, campaigns: int) -> Floats:
    array = np.asarray(bound, dtype=np.float64)
    if array.ndim == 0 or array.shape == (1,):
        return np.full((1, campaigns), array)
    if array.ndim > 2 or array.shape[-1] not in {1, campaigns}:
        want = f"({campaigns},) = (C,) or (R, {campaigns}) = (R, C)"
        raise ValueError(f"allocate: {name} must have shape {want}, got {array.shape}")
    full = array if array.ndim == 2 else array[None]
    return np.ascontiguousarray(np.broadcast_to(full, (full.shape[0], campaigns)))
