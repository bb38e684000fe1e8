"""From prices to spends: meet the total, then every group limit that binds.

And hand the money down the tree.
"""

import math

from aicmo.core.kernels.jit import inner
from aicmo.core.kernels.meet import meet
from aicmo.core.kernels.sweep import clip_to
from aicmo.core.kernels.tile import (
    BASE,
    FIRST,
    FLOOR,
    FLOW,
    GIVEN,
    GOAL,
    GUESS,
    HEAD,
    HIGH,
    KNOWN,
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
    REST,
    RISE,
    SHIFT,
    SLOPE,
    SPEND,
    START,
    STEP,
    TAKEN,
    UPPER,
    USED,
    Tile,
    X,
    sum_nodes,
)
from aicmo.core.kernels.types import Floats

SLACK = 1e-13
SETTLES = 4
LONGEST = 1e-3  # in ln λ: no correction along a straight line goes farther


@inner
def reach(tile: Tile) -> None:
    """Least that every node must and most that its live campaigns can spend.

    And what leaves leave out of the supply.
    """
    lanes, node, nodes = tile.size[LANES], tile.node, tile.nest.shape[1]
    sum_nodes(tile, tile.leaf[LOW], node[FLOOR])
    sum_nodes(tile, tile.leaf[HIGH], node[LIVE])
    sum_nodes(tile, tile.leaf[START], node[BASE])
    for i in range(node.shape[1]):
        node[BASE, i] = node[FLOOR, i] - node[BASE, i]
    for j in range(tile.home.size):
        for q in range(tile.link[j], tile.link[j + 1]):
            for lane in range(lanes):
                z, i = q * lanes + lane, tile.home[j] * lanes + lane
                node[LIVE, i] -= tile.jump[LENGTH, z] if tile.jump[RISE, z] == -math.inf else 0.0
    for m in range(nodes - 1):
        for lane in range(lanes):
            i, up = m * lanes + lane, tile.nest[PARENT, m] * lanes + lane
            node[FLOOR, up] += clip_to(tile, i, node[FLOOR, i])
            node[LIVE, up] += clip_to(tile, i, node[LIVE, i])


@inner
def relax(tile: Tile, budget: Floats, start: Floats, exact: int) -> int:
    """Solve every row with curves replaced by their envelopes.

    Exact for concave curves by the KKT conditions.

    Top-down, a node whose supply at its parent's price lies outside its limits gets a price of its own.
    Returns the passes.
    """
    lanes, node, nodes, passes = tile.size[LANES], tile.node, tile.nest.shape[1], 0
    reach(tile)
    for i in range(node.shape[1]):
        node[MU, i] = 0.0
    for g in range(nodes - 1, -1, -1):
        bound = False
        for lane in range(lanes):
            i = g * lanes + lane
            if g == nodes - 1:
                node[GOAL, i], tile.lane[GUESS, lane] = budget[lane], start[lane]
            else:
                node[GOAL, i] = _limit_hit(tile, i)
                node[MU, i] = node[MU, tile.nest[PARENT, g] * lanes + lane]
                tile.lane[GUESS, lane], tile.lane[KNOWN, lane] = node[MU, i], 0.0
            bound = bound or not math.isnan(node[GOAL, i])
        if bound:
            passes += meet(tile, g)
        for lane in range(lanes):
            hand_down(tile, g, lane, exact)
    settle(tile)
    return passes


@inner
def _limit_hit(tile: Tile, i: int) -> float:
    """Find the limit that the supply of node element `i` breaks; NaN if none."""
    least, most, low, high = tile.node[LEAST, i], tile.node[MOST, i], tile.node[LOWER, i], tile.node[UPPER, i]
    if least > high + SLACK * abs(high):
        return float(high)
    if most < low - SLACK * abs(low):
        return float(low)
    return math.nan


@inner
def hand_down(tile: Tile, g: int, lane: int, exact: int) -> None:
    """Share out in row `lane` what node `g` holds beyond its least supply.

    Ties in order, the residue along the slopes.
    """
    lanes, node, nest = tile.size[LANES], tile.node, tile.nest
    i, root = g * lanes + lane, nest.shape[1] - 1
    solved = not math.isnan(node[GOAL, i])
    need = node[GOAL, i] - node[LEAST, i] if solved else node[GIVEN, i]
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
        node[SHIFT, i] = shift if abs(shift) < LONGEST else 0.0
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
    """Turn demand into spends, and move them along their slopes until every solved node meets its goal."""
    lanes, shift = tile.size[LANES], tile.run[0]
    for _ in range(SETTLES):
        for s in range(tile.segment.shape[0]):
            m, end = tile.segment[s, 3], tile.segment[s, 2] * lanes
            for i in range(shift.size):
                at = m * lanes + (i if lanes > 1 else 0)
                shift[i] = tile.node[SHIFT, at] if tile.node[MU, at] < math.inf else math.inf
            for e in range(tile.segment[s, 1] * lanes, end, shift.size):
                _spend(tile, e, min(shift.size, end - e), shift)
        _spend_jumps(tile)
        sum_nodes(tile, tile.leaf[SPEND], tile.node[USED])
        if not _correct(tile):
            break


@inner
def _spend(tile: Tile, e: int, n: int, shift: Floats) -> None:
    """Lower bound plus the leaf beyond its start, at the price moved by `shift`; nothing where that is ∞.

    X stays: it answers the price that was solved for. exp(−∞) in a kernel is not 0.
    """
    x, slope, spend = tile.leaf[X, e : e + n], tile.leaf[SLOPE, e : e + n], tile.leaf[SPEND, e : e + n]
    low, start, high = tile.leaf[LOW, e : e + n], tile.leaf[START, e : e + n], tile.leaf[HIGH, e : e + n]
    for i in range(n):
        wanted = x[i] + slope[i] * shift[i] if shift[i] < math.inf else start[i]
        spend[i] = min(max(wanted, start[i]), high[i])
    for i in range(n):
        spend[i] = spend[i] if start[i] == low[i] else low[i] + (spend[i] - start[i])


@inner
def _spend_jumps(tile: Tile) -> None:
    lanes, leaf = tile.size[LANES], tile.leaf
    for j in range(tile.home.size):
        for q in range(tile.link[j], tile.link[j + 1]):
            for lane in range(lanes):
                e = j * lanes + lane
                leaf[SPEND, e] = min(leaf[SPEND, e] + tile.jump[TAKEN, q * lanes + lane], leaf[HIGH, e])


@inner
def _correct(tile: Tile) -> bool:
    """Add up the money used below each node, and shift prices where a goal is missed by more than rounding.

    What a solved node misses is its own leaves' to make up, less what the solved nodes below it will.
    """
    lanes, node, nest = tile.size[LANES], tile.node, tile.nest
    missed, nodes, carried, step = False, nest.shape[1], node[REST], node[STEP]
    for i in range(nodes * lanes):
        carried[i] = 0.0
    for m in range(nodes):
        for lane in range(lanes):
            i, up = m * lanes + lane, nest[PARENT, m] * lanes + lane
            goal, rest, step[i] = node[GOAL, i], carried[i], math.nan
            if not math.isnan(goal):
                rest, step[i] = goal - node[USED, i], 0.0
                own = rest - carried[i]
                if abs(own) > SLACK * goal and abs(own) < -LONGEST * node[FLOW, i]:
                    step[i], missed = own / node[FLOW, i], True
            if m < nodes - 1:
                carried[up] += rest
                node[USED, up] += node[USED, i]
    for m in range(nodes - 1, -1, -1):
        for lane in range(lanes):
            i, up = m * lanes + lane, nest[PARENT, m] * lanes + lane
            if math.isnan(step[i]):
                step[i] = step[up] if m < nodes - 1 else 0.0
            node[SHIFT, i] += step[i]
    return missed
