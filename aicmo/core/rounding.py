"""Plans in minor units: largest remainder within bounds.

So that spends add up to the budget to the last cent.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from aicmo.core.allocation import Allocation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLOSE = 1e-6  # of a unit: amounts this near to a whole number of units are one
EPSILON = float(np.finfo(np.float64).eps)


def to_minor_units(plan: "Allocation", unit: float, *, exact: bool) -> "Allocation":
    """Round a plan to whole minor units.

    Parameters
    ----------
    plan : Allocation
        From `allocate`.
    unit : float [currency]
        The minor unit, such as 0.01.
    exact : bool
        Whether the whole budget must be spent, or at most.

    Returns
    -------
    Allocation
        The rounded plan with its own response; the gap includes what rounding costs. Every part is the next
        whole number below or above the unrounded one, which is possible whenever all limits are whole.

    Raises
    ------
    ValueError
        If the unit is not positive, or a total, bound or group limit that must be met is no whole number of
        units.
    """
    if not (np.isfinite(unit) and unit > 0.0):
        raise ValueError(f"allocate: minor_unit must be finite and greater than 0, got {unit}")
    spend, lower, upper = (np.atleast_2d(x) for x in (plan.spend, plan.lower, plan.upper))
    totals = _totals(np.atleast_1d(plan.budget), spend.sum(axis=1), unit, exact=exact)
    rounded = np.stack(
        [_round_row(plan, r, unit, int(totals[r]), spend[r], (lower[r], upper[r])) for r in range(len(spend))]
    )
    value = np.atleast_2d(plan.curves.value(rounded)).sum(axis=1)
    bound = np.atleast_1d(plan.bound)
    gap = np.maximum(bound - value, 0.0)
    if plan.spend.ndim == 1:
        return replace(plan, spend=rounded[0], response=value[0], gap=gap[0])
    return replace(plan, spend=rounded, response=value, gap=gap)


def round_up(amount: ArrayLike, unit: float) -> Floats:
    """Least whole number of units that is at least `amount` [currency]."""
    return in_money(_up(np.asarray(amount, dtype=np.float64) / unit), unit)


def round_down(amount: ArrayLike, unit: float) -> Floats:
    """Largest whole number of units that is at most `amount` [currency]."""
    return in_money(_down(np.asarray(amount, dtype=np.float64) / unit), unit)


def in_money(units: ArrayLike, unit: float) -> Floats:
    """Whole units as the double nearest to their amount: 167 cents are 1.67, not 167 times 0.01."""
    parts = round(1.0 / unit) if unit < 1.0 else 0
    whole = np.asarray(units, dtype=np.float64)
    return np.asarray(whole / parts if parts and abs(parts * unit - 1.0) <= 4.0 * EPSILON else whole * unit)


def _up(units: Floats) -> Floats:
    return np.asarray(np.ceil(units - _close(units)))


def _down(units: Floats) -> Floats:
    return np.asarray(np.floor(units + _close(units)))


def _close(units: Floats) -> Floats:
    """How far rounding may have carried a whole number; more where many units leave few digits."""
    return np.minimum(np.maximum(CLOSE, 2.0 * EPSILON * np.abs(units)), 0.25)


def _totals(budget: Floats, spent: Floats, unit: float, *, exact: bool) -> Floats:
    """Whole units that each row spends, (R,)."""
    units = budget / unit
    whole = _down(units)
    if exact and (whole < _up(units)).any():
        r = int(np.argmax(whole < _up(units)))
        raise ValueError(
            f"allocate: the budget {budget[r]:,.15g} of row {r} must be spent to the last unit, but is no "
            f'multiple of {unit:g}: round it, or allow unspent money with total="at_most"'
        )
    return whole if exact else np.minimum(np.round(spent / unit), whole)


def _round_row(
    plan: "Allocation", r: int, unit: float, total: int, spend: Floats, bounds: tuple[Floats, Floats]
) -> Floats:
    """Share each node's units among its children, from the total down.

    Every part gets its floor or its ceiling.
    """
    nest, units = plan.nest, spend / unit
    least, most = _ends(units, bounds[0] / unit, bounds[1] / unit)
    sums = np.bincount(nest.home_of, units, nest.parent.size).astype(np.float64)
    for m in range(nest.parent.size - 1):
        sums[nest.parent[m]] += sums[m]
    q = r if nest.lower.shape[0] > 1 else 0
    low, high = _ends(sums[:-1], nest.lower[q, :-1] / unit, nest.upper[q, :-1] / unit)
    given = np.zeros(nest.parent.size, dtype=np.int64)
    given[-1] = total
    whole = np.zeros(units.size, dtype=np.int64)
    for m in range(nest.parent.size - 1, -1, -1):
        own, below = np.flatnonzero(nest.home_of == m), np.flatnonzero(nest.parent[:-1] == m)
        ends = np.r_[least[own], low[below]], np.r_[most[own], high[below]]
        shares = _apportion(int(given[m]), np.r_[units[own], sums[below]], ends, unit)
        whole[own], given[below] = shares[: own.size], shares[own.size :]
    return in_money(whole, unit)


def _ends(units: Floats, lower: Floats, upper: Floats) -> tuple[Ints, Ints]:
    """Floor and ceiling of each part, no farther than its limits."""
    least, most = np.maximum(_down(units), _up(lower)), np.minimum(_up(units), _down(upper))
    return least.astype(np.int64), most.astype(np.int64)


def _apportion(total: int, wanted: Floats, ends: tuple[Ints, Ints], unit: float) -> Ints:
    """Whole shares near `wanted` between their `ends` that add up to `total`, by largest remainder."""
    least, most = ends
    missing = total - int(least.sum())
    can = np.flatnonzero(least < most)
    first = can[np.argsort(-(wanted - least)[can], kind="stable")][: max(missing, 0)]
    shares = least.copy()
    shares[first] += 1
    if first.size != missing or (least > most).any():
        raise ValueError(
            f"allocate: no plan in whole units of {unit:g} meets all limits: "
            "make the budget, bounds and group limits multiples of it"
        )
    return shares
