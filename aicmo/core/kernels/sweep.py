"""Supply of every group at a price.

Demand of the leaves and jumps, summed up the tree and clipped on the way.
"""

import numpy as np

from aicmo.core.kernels.elementary import exp
from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.respond import respond
from aicmo.core.kernels.tile import (
    BASE,
    CHUNK,
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
    RISE,
    SEGMENT,
    SEGMENTS_END,
    SLOPE,
    TABLE,
    UPPER,
    Tile,
    X,
    accumulate,
)
from aicmo.core.kernels.types import Floats


@inner
def sweep(tile: Tile, g: int, mu: Floats) -> None:
    """Fill least and most supply and dS/dμ of node `g` and all below it at the log-prices `mu` (L,).

    Least and most differ where a jump lies exactly at the price. Children enter clipped to their limits.
    """
    lanes = tile.size[LANES]
    _respond_all(tile, g, mu)
    node, nest = tile.node, tile.nest
    for i in range(nest[HEAD, g] * lanes, (g + 1) * lanes):
        node[OWN_FLOW, i], node[LEAST, i] = 0.0, node[BASE, i]
    for s in range(nest[SEGMENT, nest[HEAD, g]], nest[SEGMENTS_END, g]):
        first, last, m = tile.segment[s, 1], tile.segment[s, 2], tile.segment[s, 3]
        accumulate(tile.leaf[X], first, last, lanes, node[LEAST], m * lanes)
        if tile.segment[s, 0] != TABLE:
            accumulate(tile.leaf[SLOPE], first, last, lanes, node[OWN_FLOW], m * lanes)
    for i in range(nest[HEAD, g] * lanes, (g + 1) * lanes):
        node[FLOW, i], node[MOST, i] = node[OWN_FLOW, i], node[LEAST, i]
    _add_jumps(tile, g, mu)
    for m in range(nest[HEAD, g], g):
        for lane in range(lanes):
            i, up = m * lanes + lane, nest[PARENT, m] * lanes + lane
            node[LEAST, up] += clip_to(tile, i, node[LEAST, i])
            node[MOST, up] += clip_to(tile, i, node[MOST, i])
            node[FLOW, up] += node[FLOW, i] if is_free(tile, i) else 0.0


@part
def _respond_all(tile: Tile, g: int, mu: Floats) -> None:
    """Let the leaves of node `g` answer.

    A chunk of one row's campaigns or one campaign of all rows at a time.
    """
    lanes, nest = tile.size[LANES], tile.nest
    wide = lanes if lanes > 1 else CHUNK
    prices, inverse = np.empty(wide), np.empty(wide)
    for i in range(wide):
        prices[i] = mu[i if lanes > 1 else 0]
    for i in range(wide):
        inverse[i] = exp(-prices[i])
    for s in range(nest[SEGMENT, nest[HEAD, g]], nest[SEGMENTS_END, g]):
        kind, first, last = tile.segment[s, 0], tile.segment[s, 1], tile.segment[s, 2]
        if kind == TABLE:
            continue
        end = last * lanes
        for e in range(first * lanes, end, wide):
            respond(tile, kind, e, min(wide, end - e), prices, inverse)


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
