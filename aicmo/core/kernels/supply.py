"""Demand of every campaign at a price, summed up the tree of groups with each sum clipped to the group's limits.

Rows of `leaf` (one column a campaign, in tree order) and of `node` (one column a group, children first, the total last)
are named by the constants below.
"""

import math

from aicmo.core.kernels.envelope import log_rise, tangent
from aicmo.core.kernels.families import invert, log_marginal, log_slope
from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.types import Floats, Ints

SCALE, HALF, SHAPE, LOW, HIGH, TANGENT, RISE, FALL, LEAST, MOST, SLOPE, SPEND = range(12)
LEAF_ROWS = 12
LOWER, UPPER, NODE_LEAST, NODE_MOST, NODE_SLOPE, MU, TARGET = range(7)
NODE_ROWS = 7
FIRST, LAST, HEAD, PARENT = range(4)


@kernel
def prepare(kind: Ints, leaf: Floats, j: int) -> None:
    """Straighten curve `j` into its envelope on [low, high]: tangent point, log-slopes at both ends."""
    k, a, h, s, low, high = (
        kind[j],
        leaf[SCALE, j],
        leaf[HALF, j],
        leaf[SHAPE, j],
        leaf[LOW, j],
        leaf[HIGH, j],
    )
    point = high if a == 0.0 else tangent(k, a, h, s, low, high)
    leaf[TANGENT, j] = point
    leaf[RISE, j] = log_rise(k, a, h, s, low, point)
    leaf[FALL, j] = leaf[RISE, j] if point >= high else log_marginal(k, a, h, s, high)


@kernel
def demand(kind: Ints, leaf: Floats, j: int, mu: float) -> None:
    """Least and most that campaign `j` wants at the price exp(`mu`), and dx/dμ."""
    leaf[SLOPE, j] = 0.0
    if mu > leaf[RISE, j]:
        leaf[LEAST, j] = leaf[MOST, j] = leaf[LOW, j]
    elif mu == leaf[RISE, j]:
        leaf[LEAST, j], leaf[MOST, j] = leaf[LOW, j], leaf[TANGENT, j]
    elif mu <= leaf[FALL, j]:
        leaf[LEAST, j] = leaf[MOST, j] = leaf[HIGH, j]
    else:
        h, s = leaf[HALF, j], leaf[SHAPE, j]
        x = invert(kind[j], leaf[SCALE, j], h, s, mu)
        if leaf[TANGENT, j] < x < leaf[HIGH, j]:
            leaf[SLOPE, j] = log_slope(kind[j], h, s, x)
        leaf[LEAST, j] = leaf[MOST, j] = min(max(x, leaf[TANGENT, j]), leaf[HIGH, j])


@kernel
def sweep(kind: Ints, leaf: Floats, home: Ints, nest: Ints, node: Floats, g: int, mu: float) -> None:
    """Supply of every group below and including node `g` at the price exp(`mu`), before its own clipping."""
    for m in range(nest[HEAD, g], g + 1):
        node[NODE_LEAST, m] = node[NODE_MOST, m] = node[NODE_SLOPE, m] = 0.0
    for j in range(nest[FIRST, g], nest[LAST, g]):
        demand(kind, leaf, j, mu)
        m = home[j]
        node[NODE_LEAST, m] += leaf[LEAST, j]
        node[NODE_MOST, m] += leaf[MOST, j]
        node[NODE_SLOPE, m] += leaf[SLOPE, j]
    for m in range(nest[HEAD, g], g):
        p = nest[PARENT, m]
        node[NODE_LEAST, p] += clip_to(node, m, node[NODE_LEAST, m])
        node[NODE_MOST, p] += clip_to(node, m, node[NODE_MOST, m])
        node[NODE_SLOPE, p] += free_slope(node, m)


@kernel
def clip_to(node: Floats, m: int, amount: float) -> float:
    """`amount` within the limits of node `m`."""
    return float(min(max(amount, node[LOWER, m]), node[UPPER, m]))


@kernel
def free_slope(node: Floats, m: int) -> float:
    """dS/dμ of node `m` after clipping."""
    inside = node[LOWER, m] < node[NODE_LEAST, m] and node[NODE_MOST, m] < node[UPPER, m]
    return float(node[NODE_SLOPE, m]) if inside else 0.0


@kernel
def log_marginal_at(kind: Ints, leaf: Floats, j: int, x: float) -> float:
    """Log-marginal of the envelope of campaign `j` at spend `x`."""
    if x < leaf[TANGENT, j] or x <= leaf[LOW, j]:
        return float(leaf[RISE, j])
    return log_marginal(kind[j], leaf[SCALE, j], leaf[HALF, j], leaf[SHAPE, j], x)


@kernel
def finite(value: float) -> bool:
    """Neither infinite nor NaN."""
    return -math.inf < value < math.inf
