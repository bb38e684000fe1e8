"""Plans in minor units: largest remainder within bounds.

So that spends add up to the budget to the last cent.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from aicmo.core.allocation import Allocation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLOSE = 1e-6  # of a unit: amounts this near to a whole number of units are one


def to_minor_units(plan: "Allocation", unit: float) -> "Allocation":
    """Round a plan to whole minor units.

    Parameters
    ----------
    plan : Allocation
        From `allocate`.
    unit : float [currency]
        The minor unit, such as 0.01.

    Returns
    -------
    Allocation
        The rounded plan with its own response; the gap includes what rounding costs.

    Raises
    ------
    ValueError
        If the unit is not positive, or a total, bound or group limit that must be met is no whole number of
        units.
    """
    if not (np.isfinite(unit) and unit > 0.0):
        raise ValueError(f"allocate: minor_unit must be finite and greater than 0, got {unit}")
    spend, lower, upper = (np.atleast_2d(x) for x in (plan.spend, plan.lower, plan.upper))
    rounded = np.stack([_round_row(plan, r, unit, spend[r], lower[r], upper[r]) for r in range(len(spend))])
    value = np.atleast_2d(plan.curves.value(rounded)).sum(axis=1)
    bound = np.atleast_1d(plan.bound)
    gap = np.maximum(bound - value, 0.0)
    if plan.spend.ndim == 1:
        return replace(plan, spend=rounded[0], response=value[0], gap=gap[0])
    return replace(plan, spend=rounded, response=value, gap=gap)


def _round_row(
    plan: "Allocation", r: int, unit: float, spend: Floats, lower: Floats, upper: Floats
) -> Floats:
    """Share each node's units among its children, from the total down.

    Every part gets its floor or its ceiling.
    """
    units = spend / unit
    least = np.ceil(np.maximum(np.floor(units + CLOSE), lower / unit - CLOSE)).astype(np.int64)
    most = np.floor(np.minimum(np.ceil(units - CLOSE), upper / unit + CLOSE)).astype(np.int64)
    nest = plan.nest
    sums = np.bincount(nest.home_of, units, nest.parent.size)
    for m in range(nest.parent.size - 1):
        sums[nest.parent[m]] += sums[m]
    q = r if nest.lower.shape[0] > 1 else 0
    given = np.zeros(nest.parent.size, dtype=np.int64)
    given[-1] = round(float(sums[-1]))
    whole = np.zeros(units.size, dtype=np.int64)
    for m in range(nest.parent.size - 1, -1, -1):
        own, below = np.flatnonzero(nest.home_of == m), np.flatnonzero(nest.parent[:-1] == m)
        low = np.ceil(np.maximum(np.floor(sums[below] + CLOSE), nest.lower[q, below] / unit - CLOSE)).astype(
            np.int64
        )
        high = np.floor(np.minimum(np.ceil(sums[below] - CLOSE), nest.upper[q, below] / unit + CLOSE)).astype(
            np.int64
        )
        shares = _apportion(
            given[m], np.r_[units[own], sums[below]], np.r_[least[own], low], np.r_[most[own], high], unit
        )
        whole[own], given[below] = shares[: own.size], shares[own.size :]
    return np.asarray(whole * unit)


def _apportion(total: int, wanted: Floats, least: Ints, most: Ints, unit: float) -> Ints:
    """Whole shares near `wanted` that add up to `total`.

    The least first, then one each by largest remainder.
    """
    shares = least.copy()
    missing = int(total - shares.sum())
    by_remainder = np.argsort(-(wanted - least), kind="stable")
    for i in by_remainder:
        if missing <= 0:
            break
        if shares[i] < most[i]:
            shares[i] += 1
            missing -= 1
    if missing or (shares > most).any():
        raise ValueError(
            f"allocate: no plan in whole units of {unit:g} meets all limits: "
            "make the budget, bounds and group limits multiples of it"
        )
    return shares
