"""From prices to spends: meet the total, then every group limit that binds.

And hand the money down the tree.
"""

import math

import numpy as np

from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.meet import meet
from aicmo.core.kernels.sweep import clip_to
from aicmo.core.kernels.tile import (
    BASE,
    FIRST,
    FLOOR,
    FLOW,
    GIVEN,
    HEAD,
    HIGH,
    LANES,
    LAST,
    LEAST,
    LENGTH,
    LIVE,
    LOW,
    LOWER,
    MOST,
    MU,
    PARENT,
    RISE,
    SHIFT,
    SLOPE,
    SPEND,
    START,
    TAKEN,
    UPPER,
    Tile,
    X,
)
from aicmo.core.kernels.types import Floats

SLACK = 1e-13


@inner
def reach(tile: Tile) -> None:
    """Least that every node must and most that its live campaigns can spend.

    And what leaves leave out of the supply.
    """
    lanes, node = tile.size[LANES], tile.node
    nodes = tile.nest.shape[1]
    for i in range(node.shape[1]):
        node[BASE, i] = node[FLOOR, i] = node[LIVE, i] = 0.0
    for j in range(tile.home.size):
        at = tile.home[j] * lanes
        for lane in range(lanes):
            e = j * lanes + lane
            node[BASE, at + lane] += tile.leaf[LOW, e] - tile.leaf[START, e]
            node[FLOOR, at + lane] += tile.leaf[LOW, e]
            node[LIVE, at + lane] += tile.leaf[HIGH, e]
        for q in range(tile.link[j], tile.link[j + 1]):
            for lane in range(lanes):
                z = q * lanes + lane
                node[LIVE, at + lane] -= tile.jump[LENGTH, z] if tile.jump[RISE, z] == -math.inf else 0.0
    for m in range(nodes - 1):
        for lane in range(lanes):
            i, up = m * lanes + lane, tile.nest[PARENT, m] * lanes + lane
            node[FLOOR, up] += clip_to(tile, i, node[FLOOR, i])
            node[LIVE, up] += clip_to(tile, i, node[LIVE, i])


@part
def relax(tile: Tile, budget: Floats, start: Floats, exact: int) -> int:
    """Solve every row with curves replaced by their envelopes.

    Exact for concave curves by the KKT conditions.

    Top-down, a node whose supply at its parent's price lies outside its limits gets a price of its own.
    Returns the passes.
    """
    lanes, node = tile.size[LANES], tile.node
    nodes = tile.nest.shape[1]
    goal, wanted, first = np.empty(lanes), np.empty(lanes, dtype=np.bool_), np.empty(lanes)
    passes = 0
    reach(tile)
    for i in range(node.shape[1]):
        node[MU, i] = 0.0
    for g in range(nodes - 1, -1, -1):
        bound = False
        for lane in range(lanes):
            i = g * lanes + lane
            if g == nodes - 1:
                goal[lane], wanted[lane], first[lane] = budget[lane], True, start[lane]
            else:
                goal[lane], wanted[lane] = _limit_hit(tile, i)
                node[MU, i] = node[MU, tile.nest[PARENT, g] * lanes + lane]
                first[lane] = node[MU, i]
            bound = bound or wanted[lane]
        if bound:
            passes += meet(tile, g, goal, wanted, first)
        for lane in range(lanes):
            hand_down(tile, g, lane, goal[lane], wanted[lane], exact)
    settle(tile)
    return passes


@inner
def _limit_hit(tile: Tile, i: int) -> tuple[float, bool]:
    """Find the limit that the supply of node element `i` breaks, if any."""
    least, most, low, high = tile.node[LEAST, i], tile.node[MOST, i], tile.node[LOWER, i], tile.node[UPPER, i]
    if least > high + SLACK * abs(high):
        return high, True
    if most < low - SLACK * abs(low):
        return low, True
    return 0.0, False


@inner
def hand_down(tile: Tile, g: int, lane: int, goal: float, solved: bool, exact: int) -> None:  # noqa: FBT001  # numba has no keyword-only arguments
    """Share out in row `lane` what node `g` holds beyond its least supply.

    Ties in order, the residue along the slopes.
    """
    lanes, node, nest = tile.size[LANES], tile.node, tile.nest
    i, root = g * lanes + lane, nest.shape[1] - 1
    need = goal - node[LEAST, i] if solved else node[GIVEN, i]
    if g == root and not exact and node[MU, i] == -math.inf:
        need = 0.0
    for m in range(nest[HEAD, g], g):
        if nest[PARENT, m] == g:
            c = m * lanes + lane
            least = clip_to(tile, c, node[LEAST, c])
            extra = min(max(need, 0.0), clip_to(tile, c, node[MOST, c]) - least)
            node[GIVEN, c] = least + extra - node[LEAST, c]
            need -= extra
    for j in range(nest[FIRST, g], nest[LAST, g]):
        for q in range(tile.link[j], tile.link[j + 1]):
            if tile.home[j] == g:
                need -= _take(tile, q * lanes + lane, node[MU, i], need)
    if solved:
        shift = need / node[FLOW, i] if node[FLOW, i] < 0.0 else 0.0
        node[SHIFT, i] = shift if abs(shift) < 1e-3 else 0.0
    else:
        node[SHIFT, i] = node[SHIFT, nest[PARENT, g] * lanes + lane]


@inner
def _take(tile: Tile, z: int, mu: float, need: float) -> float:
    """Buy jump `z` if it is worth the price; at a tie as much of it as is needed.

    Returns the part bought at the tie.
    """
    rise, length = tile.jump[RISE, z], tile.jump[LENGTH, z]
    tie = min(max(need, 0.0), length) if rise == mu else 0.0
    tile.jump[TAKEN, z] = length if rise > mu else tie
    return float(tie)


@inner
def settle(tile: Tile) -> None:
    """Turn demand into spends: lower bound, plus the leaf beyond its start, plus the jumps taken."""
    lanes, leaf = tile.size[LANES], tile.leaf
    for j in range(tile.home.size):
        at, e0 = tile.home[j] * lanes, j * lanes
        for lane in range(lanes):
            e = e0 + lane
            x = leaf[X, e] + leaf[SLOPE, e] * tile.node[SHIFT, at + lane]
            x = x if tile.node[MU, at + lane] < math.inf else leaf[START, e]  # exp(−∞) in a kernel is not 0
            leaf[SPEND, e] = min(max(x, leaf[START, e]), leaf[HIGH, e])  # X stays: it answers this price
        for lane in range(lanes):
            e = e0 + lane
            if leaf[START, e] != leaf[LOW, e]:
                leaf[SPEND, e] = leaf[LOW, e] + (leaf[SPEND, e] - leaf[START, e])
        for q in range(tile.link[j], tile.link[j + 1]):
            for lane in range(lanes):
                e = e0 + lane
                leaf[SPEND, e] = min(leaf[SPEND, e] + tile.jump[TAKEN, q * lanes + lane], leaf[HIGH, e])
