"""Weighted least-squares projection onto bounds, laminar groups and a total, one row at a time.

minimise Σ w (x − p)²/2: the same clipped-supply tree as an allocation, with demand clip(p − λ/w, lower,
upper), which is piecewise linear in the price λ, so Newton ends after finitely many steps.
"""

import math

import numpy as np

from aicmo.core.kernels.jit import kernel, part
from aicmo.core.kernels.tile import FIRST, HEAD, LAST, PARENT
from aicmo.core.kernels.types import Bools, Floats, Ints

PASSES = 300
SLACK = 1e-12  # relative: sums of amounts that add up to a limit in decimals must count as within it


@kernel
def project_rows(
    point: Floats,
    weight: Floats,
    lower: Floats,
    upper: Floats,
    order: Ints,
    home: Ints,
    nest: Ints,
    node_lower: Floats,
    node_upper: Floats,
    total: Floats,
    out: Floats,
    moved: Bools,
) -> None:
    """Project every row of `point` (R, C) into `out`; `moved` (R,) tells which were not feasible already."""
    nodes = nest.shape[1]
    low_limit, high_limit = np.empty(nodes), np.empty(nodes)
    for r in range(point.shape[0]):
        q = r if node_lower.shape[0] > 1 else 0
        low_limit[:], high_limit[:] = node_lower[q], node_upper[q]
        high_limit[nodes - 1] = min(high_limit[nodes - 1], total[r])
        low, high = lower[r if lower.shape[0] > 1 else 0], upper[r if upper.shape[0] > 1 else 0]
        moved[r] = not _feasible(point[r], low, high, order, home, nest, low_limit, high_limit)
        out[r] = point[r]
        if moved[r]:
            w = weight[r if weight.shape[0] > 1 else 0]
            _project(point[r], w, low, high, order, home, nest, low_limit, high_limit, out[r])


@part
def _feasible(
    x: Floats,
    low: Floats,
    high: Floats,
    order: Ints,
    home: Ints,
    nest: Ints,
    low_limit: Floats,
    high_limit: Floats,
) -> bool:
    sums = np.zeros(low_limit.size)
    for j in range(order.size):
        c = order[j]
        if not low[c] <= x[c] <= high[c]:
            return False
        sums[home[j]] += x[c]
    for m in range(sums.size):
        slack = SLACK * abs(sums[m])
        if sums[m] < low_limit[m] - slack or sums[m] > high_limit[m] + slack:
            return False
        if m < sums.size - 1:
            sums[nest[PARENT, m]] += sums[m]
    return True


@part
def _project(
    p: Floats,
    w: Floats,
    low: Floats,
    high: Floats,
    order: Ints,
    home: Ints,
    nest: Ints,
    low_limit: Floats,
    high_limit: Floats,
    x: Floats,
) -> None:
    """Root first; a node whose supply at its parent's price breaks its limits is solved for the limit.

    Itself.
    """
    nodes = low_limit.size
    price, supply, slope = np.zeros(nodes), np.zeros(nodes), np.zeros(nodes)
    for g in range(nodes - 1, -1, -1):
        price[g] = 0.0 if g == nodes - 1 else price[nest[PARENT, g]]
        _supply(p, w, low, high, order, home, nest, low_limit, high_limit, g, price[g], supply, slope)
        target = min(max(supply[g], low_limit[g]), high_limit[g])
        if target != supply[g]:
            price[g] = _meet(
                p, w, low, high, order, home, nest, low_limit, high_limit, g, target, supply, slope
            )
    for j in range(order.size):
        c = order[j]
        x[c] = min(max(p[c] - price[home[j]] / w[c], low[c]), high[c])


@part
def _supply(
    p: Floats,
    w: Floats,
    low: Floats,
    high: Floats,
    order: Ints,
    home: Ints,
    nest: Ints,
    low_limit: Floats,
    high_limit: Floats,
    g: int,
    price: float,
    supply: Floats,
    slope: Floats,
) -> None:
    """Supply of node `g` and all below it at a price, children clipped to their limits, and −dS/dλ."""
    for m in range(nest[HEAD, g], g + 1):
        supply[m] = slope[m] = 0.0
    for j in range(nest[FIRST, g], nest[LAST, g]):
        c, m = order[j], home[j]
        x = p[c] - price / w[c]
        supply[m] += min(max(x, low[c]), high[c])
        slope[m] += 1.0 / w[c] if low[c] < x < high[c] else 0.0
    for m in range(nest[HEAD, g], g):
        clipped = min(max(supply[m], low_limit[m]), high_limit[m])
        supply[nest[PARENT, m]] += clipped
        slope[nest[PARENT, m]] += slope[m] if clipped == supply[m] else 0.0


@part
def _meet(
    p: Floats,
    w: Floats,
    low: Floats,
    high: Floats,
    order: Ints,
    home: Ints,
    nest: Ints,
    low_limit: Floats,
    high_limit: Floats,
    g: int,
    target: float,
    supply: Floats,
    slope: Floats,
) -> float:
    """Price at which node `g` supplies `target`: Newton, kept inside a bracket."""
    cheap, dear = math.inf, -math.inf
    for j in range(nest[FIRST, g], nest[LAST, g]):
        c = order[j]
        cheap = min(cheap, w[c] * (p[c] - max(min(high[c], target), low[c])))
        dear = max(dear, w[c] * (p[c] - low[c]))
    best, nearest = 0.5 * (cheap + dear), math.inf
    price = best
    for turn in range(PASSES):
        _supply(p, w, low, high, order, home, nest, low_limit, high_limit, g, price, supply, slope)
        excess = supply[g] - target
        if abs(excess) < nearest:
            best, nearest = price, abs(excess)
        if excess == 0.0:
            break
        if excess > 0.0:
            cheap = price
        else:
            dear = price
        newton = price + excess / slope[g] if slope[g] > 0.0 else math.nan
        middle = cheap + 0.5 * (dear - cheap)
        price = newton if cheap < newton < dear and turn % 4 < 3 else middle
        if not cheap < price < dear:
            break
    return best
