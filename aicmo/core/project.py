"""The nearest plan within limits: weighted least-squares projection onto bounds.

Laminar groups and a total.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aicmo.core.feasibility import Limits, require_feasible
from aicmo.core.groups import Group, tree

Floats = NDArray[np.float64]


def project(
    point: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    total: ArrayLike,
    groups: Sequence[Group] | None = None,
    weight: ArrayLike | None = None,
) -> Floats:
    """Move each row of `point` as little as possible so that every limit holds.

    Minimises Σ w_c (x_c − point_c)² over lower ≤ x ≤ upper, the limits of the groups and Σ x ≤ total. A row
    that satisfies them is returned with its bits unchanged, so projecting twice is projecting once; rows do
    not affect each other.

    Parameters
    ----------
    point : (R, C) [currency]
        What was proposed.
    lower, upper : scalar, (C,) or (R, C) [currency]
        Bounds of each campaign.
    total : scalar or (R,) [currency]
        Largest sum of each row; inf for none.
    groups : sequence of Group, optional
        Joint limits, nested or disjoint.
    weight : scalar, (C,) or (R, C), optional
        Positive cost of moving each campaign; 1 by default.

    Returns
    -------
    (R, C) [currency]
        The nearest plan within the limits; sums hold them to 1e-12 of their size.

    Raises
    ------
    Infeasible
        If the limits cannot all hold; names the smallest conflicting set.
    ValueError
        If an input has the wrong shape or is not a number.
    """
    from aicmo.core.kernels.projection import project_rows  # noqa: PLC0415  # numba starts at first use only

    wanted = _point(point)
    rows, campaigns = wanted.shape
    low, high, cost = (
        _matrix(name, x, wanted.shape)
        for name, x in (("lower", lower), ("upper", upper), ("weight", 1.0 if weight is None else weight))
    )
    _require(np.isfinite(low), "lower", "finite", low)
    _require(~np.isnan(high), "upper", "a number (inf for none)", high)
    _require((cost > 0.0) & np.isfinite(cost), "weight", "finite and greater than 0", cost)
    caps = np.ascontiguousarray(np.broadcast_to(np.asarray(total, dtype=np.float64), (rows,)))
    _require(~np.isnan(caps), "total", "a number (inf for none)", caps)
    nest = tree(groups or (), campaigns, rows)
    require_feasible(Limits(low, high, caps, nest, groups or (), exact=False))
    out, moved = np.empty_like(wanted), np.empty(rows, dtype=np.bool_)
    project_rows(
        wanted, cost, low, high, nest.order, nest.home, nest.links, nest.lower, nest.upper, caps, out, moved
    )
    return out


def _point(point: ArrayLike) -> Floats:
    wanted = np.ascontiguousarray(point, dtype=np.float64)
    if wanted.ndim != 2:
        raise ValueError(
            f"project: point must have shape (R, C), got {wanted.shape}; a single plan is point[None, :]"
        )
    _require(np.isfinite(wanted), "point", "finite", wanted)
    return wanted


def _matrix(name: str, x: ArrayLike, shape: tuple[int, ...]) -> Floats:
    array = np.atleast_2d(np.asarray(x, dtype=np.float64))
    if array.ndim > 2 or array.shape[0] not in (1, shape[0]) or array.shape[1] not in (1, shape[1]):
        raise ValueError(
            f"project: {name} must be a scalar, {shape[1:]} = (C,) or {shape} = (R, C), got {np.shape(x)}"
        )
    return np.ascontiguousarray(np.broadcast_to(array, (array.shape[0], shape[1])))


def _require(sound: NDArray[np.bool_], name: str, want: str, array: Floats) -> None:
    if not sound.all():
        where = tuple(int(i) for i in np.argwhere(~sound)[0])
        raise ValueError(f"project: {name} must be {want}, got {array[where]} at index {where}")
