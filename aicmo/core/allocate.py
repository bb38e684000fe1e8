"""Exact allocation of a budget over response curves: maximise Σ f_c(x_c) within bounds, groups and a total.

The problem separates once the price of money is known, so the solver searches for one number per row (and one per binding
group): see `aicmo.core.kernels.price`. S-shaped curves are solved on their concave envelope and rounded; the dual bound is
returned with every plan.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aicmo.core.allocation import Allocation
from aicmo.core.curves import Curves
from aicmo.core.feasibility import Limits, require_feasible
from aicmo.core.groups import Group, Tree, label, tree

Floats = NDArray[np.float64]


def allocate(
    curves: Curves,
    budget: ArrayLike,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    groups: Sequence[Group] | None = None,
    total: Literal["exact", "at_most"] = "exact",
    price0: ArrayLike | None = None,
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
        Whether all money must be spent.
    price0 : scalar or (R,), optional [response/currency]
        First guess of the price, such as that of the last solve; it saves passes, never changes the optimum.

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
    """
    from aicmo.core.kernels.rows import solve_rows

    if total not in ("exact", "at_most"):
        raise ValueError(f'allocate: total must be "exact" or "at_most", got {total!r}')
    single = _single(curves, budget, lower, upper, groups or ())
    rows = 1 if single else _rows(curves, budget, lower, upper, groups or ())
    money = np.ascontiguousarray(np.broadcast_to(_amounts("budget", budget, finite=True), (rows,)))
    low = _bounds("lower", lower, len(curves), finite=True)
    high = _bounds("upper", upper, len(curves), finite=False)
    nest = tree(groups or (), len(curves), rows)
    require_feasible(Limits(low, high, money, nest, groups or (), exact=total == "exact"))
    warm = (
        np.full(rows, np.nan)
        if price0 is None
        else np.ascontiguousarray(np.broadcast_to(np.asarray(price0, np.float64), (rows,)))
    )
    kind, scale, half, shape = curves.parameters()
    spend, prices = np.empty((rows, len(curves))), np.empty((rows, nest.parent.size))
    response, gap = np.empty(rows), np.empty(rows)
    links = np.stack([nest.first, nest.last, nest.head, nest.parent])
    solve_rows(
        kind[nest.order], scale, half, shape, low, high, money, total == "exact", nest.order, nest.home, links,
        nest.lower, nest.upper, warm, spend, response, gap, prices,
    )  # fmt: skip
    return _answer(curves, single, spend, response, gap, prices, money, low, high, nest, groups or ())


def _answer(
    curves: Curves,
    single: bool,
    spend: Floats,
    response: Floats,
    gap: Floats,
    prices: Floats,
    money: Floats,
    low: Floats,
    high: Floats,
    nest: Tree,
    groups: Sequence[Group],
) -> Allocation:
    rest = money - spend.sum(axis=1)
    rest[np.abs(rest) <= 1e-9 * money] = 0.0
    steps = np.zeros((money.size, len(groups)))
    for m in range(nest.parent.size - 1):
        steps[:, nest.source[m]] = prices[:, m] - prices[:, nest.parent[m]]
    names = [label(groups, g) for g in range(len(groups))]
    low, high = (np.broadcast_to(b, spend.shape) for b in (low, high))
    arrays = (
        spend,
        response,
        prices[:, -1],
        gap,
        rest,
        steps,
        low,
        high,
        np.atleast_2d(curves.marginal(spend)),
    )
    if single:
        arrays = tuple(a[0] for a in arrays)
    return Allocation(*arrays, group_names=names)


def _row_counts(
    curves: Curves, budget: ArrayLike, lower: ArrayLike, upper: ArrayLike, groups: Sequence[Group]
) -> dict[str, int]:
    counts = {} if curves.rows is None else {"curves": curves.rows}
    if np.ndim(budget):
        counts["budget"] = np.shape(budget)[0]
    for name, bound in (("lower", lower), ("upper", upper)):
        if np.ndim(bound) == 2:
            counts[name] = np.shape(bound)[0]
    for g, group in enumerate(groups):
        for end in (group.lower, group.upper):
            if np.ndim(end):
                counts[label(groups, g)] = np.shape(end)[0]
    return counts


def _single(
    curves: Curves, budget: ArrayLike, lower: ArrayLike, upper: ArrayLike, groups: Sequence[Group]
) -> bool:
    return not _row_counts(curves, budget, lower, upper, groups)


def _rows(
    curves: Curves, budget: ArrayLike, lower: ArrayLike, upper: ArrayLike, groups: Sequence[Group]
) -> int:
    """R, from whichever inputs have that axis; length one stands for all rows."""
    counts = _row_counts(curves, budget, lower, upper, groups)
    rows = max(counts.values())
    wrong = {name: n for name, n in counts.items() if n not in (1, rows)}
    if wrong:
        raise ValueError(
            f"allocate: inputs disagree on the number of rows R: {counts}; give each {rows} rows or none"
        )
    return rows


def _amounts(name: str, amount: ArrayLike, *, finite: bool) -> Floats:
    array = np.asarray(amount, dtype=np.float64)
    sound = (array >= 0.0) & (np.isfinite(array) if finite else ~np.isnan(array))
    if not sound.all():
        where = tuple(int(i) for i in np.argwhere(~sound)[0])
        want = "finite and at least 0" if finite else "at least 0 (inf for no limit)"
        raise ValueError(
            f"allocate: {name} must be {want}, got {array[where] if array.ndim else array} at index {where}"
        )
    return array


def _bounds(name: str, bound: ArrayLike, campaigns: int, *, finite: bool) -> Floats:
    array = np.atleast_2d(_amounts(name, bound, finite=finite))
    if array.ndim > 2 or array.shape[1] not in (1, campaigns):
        want = f"({campaigns},) = (C,) or (R, {campaigns}) = (R, C)"
        raise ValueError(f"allocate: {name} must have shape {want}, got {np.shape(bound)}")
    return np.ascontiguousarray(np.broadcast_to(array, (array.shape[0], campaigns)))
