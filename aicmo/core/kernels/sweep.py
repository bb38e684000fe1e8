"""Supply of every group at a price.

Demand of the leaves and jumps, summed up the tree and clipped on the way.
"""

from aicmo.core.kernels.elementary import exp
from aicmo.core.kernels.jit import inner
from aicmo.core.kernels.respond import respond
from aicmo.core.kernels.tile import (
    BASE,
    FIRST,
    FLOW,
    HEAD,
    LANES,
    LAST,
    LEAST,
    LENGTH,
    LOWER,
    MOST,
    OWN_FLOW,
    PARENT,
    PARTIAL,
    PRICE,
    RISE,
    SEGMENT,
    SEGMENTS_END,
    SLOPE,
    TABLE,
    UPPER,
    Tile,
    X,
    add_up,
    fold,
)
from aicmo.core.kernels.types import Floats


@inner
def sweep(tile: Tile, g: int, known: bool) -> None:  # noqa: FBT001  # numba has no keyword-only arguments
    """Fill least and most supply and dS/dμ of node `g` and all below it at each lane's PRICE.

    Least and most differ where a jump lies exactly at the price. Children enter clipped to their limits. With
    `known` the leaves have already answered.
    """
    lanes, node, nest, run = tile.size[LANES], tile.node, tile.nest, tile.run
    for i in range(run.shape[1]):
        run[0, i] = tile.lane[PRICE, i if lanes > 1 else 0]
    for i in range(run.shape[1]):
        run[1, i] = exp(-run[0, i])
    for m in range(nest[HEAD, g], g + 1):
        _own_supply(tile, m, known)
    _add_jumps(tile, g, tile.lane[PRICE])
    for m in range(nest[HEAD, g], g):
        for lane in range(lanes):
            i, up = m * lanes + lane, nest[PARENT, m] * lanes + lane
            node[LEAST, up] += clip_to(tile, i, node[LEAST, i])
            node[MOST, up] += clip_to(tile, i, node[MOST, i])
            node[FLOW, up] += node[FLOW, i] if is_free(tile, i) else 0.0


@inner
def _own_supply(tile: Tile, m: int, known: bool) -> None:  # noqa: FBT001  # numba has no keyword-only arguments
    """Let the leaves of node `m` itself answer and add them up.

    A chunk of one row's campaigns or one campaign of all rows at a time, while it is still in cache.
    """
    lanes, node, wide = tile.size[LANES], tile.node, tile.run.shape[1]
    for i in range(PARTIAL * lanes):
        tile.partial[0, i] = tile.partial[1, i] = 0.0
    for s in range(tile.nest[SEGMENT, m], tile.nest[SEGMENTS_END, m]):
        kind, first, last = tile.segment[s, 0], tile.segment[s, 1], tile.segment[s, 2]
        for e in range(first * lanes, last * lanes, wide):
            n = min(wide, last * lanes - e)
            if kind != TABLE and not known:
                respond(tile, kind, e, n, tile.run[0], tile.run[1])
            at, end = e // lanes, (e + n) // lanes
            add_up(tile.leaf[X], at, end, first, lanes, tile.partial[0])
            add_up(tile.leaf[SLOPE], at, end, first, lanes, tile.partial[1])
    for i in range(m * lanes, (m + 1) * lanes):
        node[LEAST, i], node[OWN_FLOW, i] = node[BASE, i], 0.0
    fold(tile.partial[0], lanes, node[LEAST], m * lanes)
    fold(tile.partial[1], lanes, node[OWN_FLOW], m * lanes)
    for i in range(m * lanes, (m + 1) * lanes):
        node[MOST, i], node[FLOW, i] = node[LEAST, i], node[OWN_FLOW, i]


@inner
def _add_jumps(tile: Tile, g: int, mu: Floats) -> None:
    """Add the jumps that are worth their price, and to the most those that are worth exactly that."""
    lanes, nest, node = tile.size[LANES], tile.nest, tile.node
    for j in range(nest[FIRST, g], nest[LAST, g]):
        at = tile.home[j] * lanes
        for q in range(tile.link[j], tile.link[j + 1]):
            for lane in range(lanes):
                rise, length = tile.jump[RISE, q * lanes + lane], tile.jump[LENGTH, q * lanes + lane]
                node[LEAST, at + lane] += length if rise > mu[lane] else 0.0
                node[MOST, at + lane] += length if rise >= mu[lane] else 0.0


@inner
def clip_to(tile: Tile, i: int, amount: float) -> float:
    """`amount` within the limits of node element `i`."""
    return float(min(max(amount, tile.node[LOWER, i]), tile.node[UPPER, i]))


@inner
def is_free(tile: Tile, i: int) -> bool:
    """Whether node element `i` lies strictly within its limits and so passes price changes on."""
    return bool(tile.node[LOWER, i] < tile.node[LEAST, i] and tile.node[MOST, i] < tile.node[UPPER, i])
