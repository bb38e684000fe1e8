"""Curves with everything that limits them but the total: what many allocations may share."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aicmo.core.curves import Curves
from aicmo.core.feasibility import Limits, require_feasible
from aicmo.core.groups import Group, Tree, label, tree

if TYPE_CHECKING:
    from aicmo.core.kernels.solver import Ready

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Bounded:
    """Curves within bounds and groups; `prepare` makes one to allocate over many times.

    Attributes
    ----------
    curves : Curves
    lower, upper : (1, C) or (R, C) [currency]
        Bounds of each campaign.
    groups : sequence of Group
    nest : Tree
        The groups as a tree.
    rows : int or None
        R, if curves, bounds or groups have that axis.
    ready
        What the solver has made of curves and bounds, if it has.
    """

    curves: Curves
    lower: Floats
    upper: Floats
    groups: Sequence[Group]
    nest: Tree
    rows: int | None
    ready: "Ready | None" = field(default=None)


def prepare(
    curves: Curves,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    groups: Sequence[Group] | None = None,
) -> Bounded:
    """Prepare curves within bounds once, to allocate many budgets over them.

    ``allocate(prepare(curves, lower, upper, groups), budget)`` equals
    ``allocate(curves, budget, lower, upper, groups)`` bit for bit, without the logarithms, envelopes and
    tangents that do not hang on the budget. Later changes of the arrays that were given have no effect.

    Parameters
    ----------
    curves : Curves
        C response curves, shared by all rows or one set per row.
    lower, upper : scalar, (C,) or (R, C) [currency]
        Bounds of each campaign.
    groups : sequence of Group, optional
        Joint limits, nested or disjoint.

    Returns
    -------
    Bounded
        To be given to `allocate` in place of curves, without bounds and groups.

    Raises
    ------
    Infeasible
        If bounds and groups cannot all hold whatever the budget.
    ValueError, TypeError
        If an input is not what `allocate` takes.
    """
    from aicmo.core.kernels.solver import ready  # noqa: PLC0415  # numba starts at first use only

    given = bounded(curves, lower, upper, groups)
    given = replace(given, lower=given.lower.copy(), upper=given.upper.copy())
    require_amount("lower", given.lower, finite=True)
    require_amount("upper", given.upper, finite=False)
    without_total = np.full(given.rows or 1, np.inf)
    require_feasible(Limits(given.lower, given.upper, without_total, given.nest, given.groups, exact=False))
    return replace(given, ready=ready(curves.parameters(), given.lower, given.upper, given.nest))


def bounded(
    curves: Curves,
    lower: ArrayLike,
    upper: ArrayLike,
    groups: Sequence[Group] | None,
    budget: ArrayLike = 0.0,
) -> Bounded:
    """Check kinds and shapes and put all together; the rows are also those of a `budget`."""
    shared = _checked_kinds(curves, groups)
    campaigns = len(curves)
    rows = _rows(curves, budget, lower, upper, shared)
    low, high = _bounds("lower", lower, campaigns), _bounds("upper", upper, campaigns)
    nest = tree(shared, campaigns, rows or 1) if shared else _no_groups(campaigns)
    return Bounded(curves, low, high, shared, nest, rows)


def require_amount(name: str, amount: Floats, *, finite: bool) -> None:
    """Refuse amounts that are negative, no numbers or, where they must be finite, infinite."""
    sound = (amount >= 0.0) & (np.isfinite(amount) if finite else ~np.isnan(amount))
    if not sound.all():
        where = tuple(int(i) for i in np.argwhere(~sound)[0])
        want = "finite and at least 0" if finite else "at least 0 (inf for no limit)"
        raise ValueError(f"allocate: {name} must be {want}, got {amount[where]} at index {where}")


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
    return agreed(counts)


def agreed(counts: dict[str, int]) -> int | None:
    """R, from how many rows each input has that has any; None if none has."""
    rows = max(counts.values(), default=None)
    if any(n not in {1, rows} for n in counts.values()):
        raise ValueError(
            f"allocate: inputs disagree on the number of rows R: {counts}; give each {rows} rows or none"
        )
    return rows


def _bounds(name: str, bound: ArrayLike, campaigns: int) -> Floats:
    array = np.asarray(bound, dtype=np.float64)
    if array.ndim == 0 or array.shape == (1,):
        return np.full((1, campaigns), array)
    if array.ndim > 2 or array.shape[-1] not in {1, campaigns}:
        want = f"({campaigns},) = (C,) or (R, {campaigns}) = (R, C)"
        raise ValueError(f"allocate: {name} must have shape {want}, got {array.shape}")
    full = array if array.ndim == 2 else array[None]
    return np.ascontiguousarray(np.broadcast_to(full, (full.shape[0], campaigns)))
