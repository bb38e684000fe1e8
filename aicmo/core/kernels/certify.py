"""Response of a plan and the proof of how far from the optimum it can be at most."""

import math

from aicmo.core.kernels.elementary import exp, expm1, log, log1p
from aicmo.core.kernels.jit import inner
from aicmo.core.kernels.mixture import mixture_value, mixture_values
from aicmo.core.kernels.table import interpolate, points
from aicmo.core.kernels.tile import (
    EXPONENTIAL,
    HALF,
    HILL,
    LANES,
    LENGTH,
    LOGARITHMIC,
    LOWER,
    MIXTURE,
    MU,
    OWN_FLOW,
    PARENT,
    POWER,
    REST,
    RISE,
    SCALE,
    SHAPE,
    SHIFT,
    SPEND,
    TAKEN,
    UPPER,
    USED,
    VALUE,
    Tile,
    sum_nodes,
)
from aicmo.core.kernels.types import Floats

ROUNDING = 8.0 * 2.220446049250313e-16
BROKEN = 1e-9  # of the budget: more than rounding


@inner
def fill_response(tile: Tile) -> None:  # noqa: C901  # one case a family, one loop an array: vector code needs it flat
    """Write the response of every SPEND into VALUE: one straight-line loop a family, for vector code."""
    lanes = tile.size[LANES]
    for s in range(tile.segment.shape[0]):
        kind, first, last = tile.segment[s, 0], tile.segment[s, 1] * lanes, tile.segment[s, 2] * lanes
        x, f = tile.leaf[SPEND, first:last], tile.leaf[VALUE, first:last]
        a, k, p = tile.leaf[SCALE, first:last], tile.leaf[HALF, first:last], tile.leaf[SHAPE, first:last]
        if kind == LOGARITHMIC:
            for i in range(last - first):
                f[i] = a[i] * log1p(x[i] / k[i])
        elif kind == EXPONENTIAL:
            for i in range(last - first):
                f[i] = -a[i] * expm1(-(x[i] / k[i]))
        elif kind in (HILL, POWER):
            for i in range(last - first):
                f[i] = p[i] * log(x[i] / k[i])
            for i in range(last - first):
                f[i] = a[i] / (1.0 + exp(-f[i])) if kind == HILL else a[i] * exp(f[i])
            for i in range(last - first):
                f[i] = f[i] if x[i] > 0.0 else 0.0
        elif kind == MIXTURE:
            mixture_values(tile, first, last - first)
        else:
            for e in range(first, last):
                tile.leaf[VALUE, e] = response_at(tile, e, tile.leaf[SPEND, e])


@inner
def response_at(tile: Tile, e: int, x: float) -> float:  # noqa: PLR0911  # one case a family, one loop an array: vector code needs it flat
    """Response of element `e` at spend `x` on its true curve, with the arithmetic of `fill_response`."""
    if x <= 0.0:
        return 0.0
    kind = tile.kind[e // tile.size[LANES]]
    a, k, p = tile.leaf[SCALE, e], tile.leaf[HALF, e], tile.leaf[SHAPE, e]
    if kind == LOGARITHMIC:
        return float(a * log1p(x / k))
    if kind == EXPONENTIAL:
        return float(-a * expm1(-(x / k)))
    if kind == HILL:
        return float(a / (1.0 + exp(-(p * log(x / k)))))
    if kind == POWER:
        return float(a * exp(p * log(x / k)))
    if kind == MIXTURE:
        return mixture_value(tile, e, x)
    spend, response = points(tile, e)
    return interpolate(spend, response, x)


@inner
def certify(tile: Tile, budget: Floats, exact: int, response: Floats, gap: Floats) -> None:
    """Response (L,) of the settled plan and its distance (L,) to the dual bound.

    The dual function at the node prices, less the plan's response, term by term so that nothing cancels:
    half λ|dx/dμ|δ² for the linear correction δ of ln λ (doubled for safety), the envelope's excess at a
    jump that is taken in part, and price times slack of each limit, λ_root (B − Σx) + Σ ν (limit − Σx) with
    ν a node's price less its parent's. Infinite where no price was found at which limits hold.
    """
    lanes, node, nodes = tile.size[LANES], tile.node, tile.nest.shape[1]
    fill_response(tile)
    sum_nodes(tile, tile.leaf[VALUE], node[REST])
    for lane in range(lanes):
        response[lane] = 0.0
        for m in range(nodes):
            response[lane] += node[REST, m * lanes + lane]
    for lane in range(lanes):
        gap[lane] = ROUNDING * response[lane] + _jump_gap(tile, lane)
        for m in range(nodes):
            i = m * lanes + lane
            low, high = node[LOWER, i], node[UPPER, i]
            if m == nodes - 1:
                low, high = budget[lane] if exact else 0.0, budget[lane]
            if not low - BROKEN * budget[lane] <= node[USED, i] <= high + BROKEN * budget[lane]:
                gap[lane] = math.inf
            elif node[MU, i] < math.inf:
                price = math.exp(node[MU, i])
                gap[lane] -= price * node[OWN_FLOW, i] * node[SHIFT, i] * node[SHIFT, i]
                gap[lane] += _slack_cost(tile, m, lane, budget[lane], node[USED, i])


@inner
def _slack_cost(tile: Tile, m: int, lane: int, budget: float, used: float) -> float:
    """Price step of node `m` times the money by which its binding limit is not met exactly.

    Rounding makes it tiny.
    """
    lanes, root = tile.size[LANES], tile.nest.shape[1] - 1
    i = m * lanes + lane
    price = math.exp(tile.node[MU, i])
    if m == root:
        return float(abs(price * (budget - used)))
    above = tile.node[MU, tile.nest[PARENT, m] * lanes + lane]
    if above == tile.node[MU, i] or above == math.inf:
        return 0.0
    step = price - math.exp(above)
    limit = tile.node[UPPER, i] if step > 0.0 else tile.node[LOWER, i]
    return float(abs(step * (limit - used)))


@inner
def _jump_gap(tile: Tile, lane: int) -> float:
    """How much more the envelopes promise than the true curves give where a jump is taken in part.

    In row `lane`.
    """
    total = 0.0
    for j in range(tile.home.size):
        if tile.link[j + 1] > tile.link[j]:
            total += jump_gap_of(tile, j * tile.size[LANES] + lane)
    return total


@inner
def jump_gap_of(tile: Tile, e: int) -> float:
    """Do the same for element `e` alone."""
    lanes, total = tile.size[LANES], 0.0
    j, lane = e // lanes, e % lanes
    for q in range(tile.link[j], tile.link[j + 1]):
        z = q * lanes + lane
        taken = tile.jump[TAKEN, z]
        if 0.0 < taken < tile.jump[LENGTH, z]:
            x = tile.leaf[SPEND, e]
            straight = response_at(tile, e, x - taken) + math.exp(tile.jump[RISE, z]) * taken
            total += max(straight - response_at(tile, e, x), 0.0)
    return total
