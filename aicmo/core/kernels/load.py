"""Copy rows into a tile, scaled by exact powers of two so that no bit of a plan depends on the units of.

Money or response.
"""

import math

import numpy as np

from aicmo.core.kernels.arrange import Problem
from aicmo.core.kernels.elementary import bits_of, log
from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.tile import (
    BLOCK,
    COMPONENTS,
    HALF,
    HIGH,
    LANES,
    LOW,
    LOWER,
    MIXTURE,
    POINTS,
    POWER,
    ROOM,
    SCALE,
    SHAPE,
    TABLE,
    UPPER,
    Tile,
)
from aicmo.core.kernels.types import Floats, Ints

LN2 = 0.6931471805599453
MOST = 1000  # beyond it a power of two or its inverse is no double, or has few digits


@inner
def exponent(number: float) -> int:
    """Power of two just above a `number` > 0, which can be undone."""
    return int(min(max((bits_of(number) >> 52) - 1022, -MOST), MOST))


@inner
def worth_exponent(problem: Problem, r: int) -> int:
    """Power of two of the largest response scale of row `r`."""
    q = r if problem.scale.shape[0] > 1 else 0
    most = 0.0
    for c in range(problem.kind.size):
        most = max(most, problem.scale[q, c])
    return exponent(most) if most > 0.0 else 0


@inner
def money_exponent(problem: Problem, r: int) -> int:
    """Mean power of two of the spends at which the curves of row `r` bend.

    It moves with the unit of money, and does not hang on the budget: curves are prepared once for all.
    """
    q, total, count = r if problem.half.shape[0] > 1 else 0, 0, 0
    qm, qk = r if problem.mixture.shape[1] > 1 else 0, r if problem.knots.shape[1] > 1 else 0
    for c in range(problem.kind.size):
        bend = 0.0 if problem.kind[c] == POWER else problem.half[q, c]
        if problem.kind[c] == MIXTURE:
            bend = problem.mixture[0, qm, problem.slot[c], 0]
        elif problem.kind[c] == TABLE:
            bend = problem.knots[0, qk, problem.slot[c], problem.knots.shape[3] - 1]
        total += exponent(bend) if bend > 0.0 else 0
        count += 1 if bend > 0.0 else 0
    return total // count if count else 0


@part
def load_rows(tile: Tile, problem: Problem, first: int) -> tuple[Floats, Floats, Ints]:
    """Load rows from `first` on, the last one repeated in lanes left over; their curves, unless prepared.

    Budgets, first log-prices and units (2, L).
    """
    lanes, ready = tile.size[LANES], problem.units.shape[0]
    budget, start, units = np.empty(lanes), np.empty(lanes), np.empty((2, lanes), dtype=np.int64)
    for lane in range(lanes):
        r = min(first + lane, problem.budget.size - 1)
        money, worth = (
            (problem.units[min(r, ready - 1), 0], problem.units[min(r, ready - 1), 1])
            if ready
            else (money_exponent(problem, r), worth_exponent(problem, r))
        )
        units[0, lane], units[1, lane] = money, worth
        if not ready:
            load(tile, problem, r, lane, money, worth)
        load_limits(tile, problem, r, lane, money)
        budget[lane] = math.ldexp(problem.budget[r], -money)
        guess = problem.price0[r]
        start[lane] = math.log(guess) - (worth - money) * LN2 if 0.0 < guess < math.inf else math.nan
    if ready:
        _load_ready(problem.leaf, tile.leaf, first, lanes)
        _load_ready(problem.jump, tile.jump, first, lanes)
    load_parts(tile, problem, first, units)
    return budget, start, units


@inner
def _load_ready(source: Floats, target: Floats, first: int, lanes: int) -> None:
    """Copy what was prepared for rows from `first` on, or for all rows, side by side."""
    last = source.shape[0] - 1
    for row in range(target.shape[0]):
        for j in range(source.shape[2]):
            for lane in range(lanes):
                target[row, j * lanes + lane] = source[min(first + lane, last), row, j]


@inner
def load(tile: Tile, problem: Problem, r: int, lane: int, money: int, worth: int) -> None:
    """Load parameters and bounds of row `r`, but for components and points."""
    lanes, leaf = tile.size[LANES], tile.leaf
    q = r if problem.scale.shape[0] > 1 else 0
    ql, qu = r if problem.lower.shape[0] > 1 else 0, r if problem.upper.shape[0] > 1 else 0
    to_money, to_worth = math.ldexp(1.0, -money), math.ldexp(1.0, -worth)
    for j in range(tile.kind.size):
        e, c = j * lanes + lane, tile.order[j]
        leaf[SCALE, e], leaf[SHAPE, e] = problem.scale[q, c] * to_worth, problem.shape[q, c]
        if tile.kind[j] == POWER:
            leaf[HALF, e] = 1.0
            leaf[SCALE, e] *= math.pow(2.0, money * leaf[SHAPE, e])
        else:
            leaf[HALF, e] = problem.half[q, c] * to_money
        leaf[LOW, e], leaf[HIGH, e] = problem.lower[ql, c] * to_money, problem.upper[qu, c] * to_money


@inner
def load_limits(tile: Tile, problem: Problem, r: int, lane: int, money: int) -> None:
    """Load the limits of all nodes for row `r`, and the room, all the money above lower bounds."""
    lanes, to_money = tile.size[LANES], math.ldexp(1.0, -money)
    ql, qn = r if problem.lower.shape[0] > 1 else 0, r if problem.node_lower.shape[0] > 1 else 0
    room = problem.budget[r]
    for c in range(problem.kind.size):
        room -= problem.lower[ql, c]
    tile.lane[ROOM, lane] = max(room, 0.0) * to_money
    for m in range(tile.nest.shape[1]):
        tile.node[LOWER, m * lanes + lane] = problem.node_lower[qn, m] * to_money
        tile.node[UPPER, m * lanes + lane] = problem.node_upper[qn, m] * to_money


@part
def load_parts(tile: Tile, problem: Problem, first: int, units: Ints) -> None:
    """Load components of mixtures, in the order of positions, and points of tables, in that of the problem.

    Row `first` + lane goes to each lane, in its units (2, L) as `load_rows` returns them.
    """
    lanes, last = tile.size[LANES], problem.budget.size - 1
    to_money, to_worth = np.empty(lanes), np.empty(lanes)
    for lane in range(lanes):
        to_money[lane], to_worth[lane] = math.ldexp(1.0, -units[0, lane]), math.ldexp(1.0, -units[1, lane])
    for j in range(tile.kind.size):
        if tile.kind[j] == MIXTURE:
            _load_mixtures(tile, problem, first, j, to_money, to_worth)
    for lane in range(lanes):
        _load_tables(tile, problem, min(first + lane, last), lane, units)


@inner
def _load_mixtures(
    tile: Tile, problem: Problem, first: int, j: int, to_money: Floats, to_worth: Floats
) -> None:
    """Load the components of position `j` of all lanes, which lie in one block."""
    lanes, d = tile.size[LANES], problem.slot[tile.order[j]]
    last = min(problem.budget.size, problem.mixture.shape[1]) - 1
    at = tile.slot[j] * lanes
    block, begin = tile.mixture[at // BLOCK], at % BLOCK
    for g in range(tile.size[COMPONENTS]):
        for lane in range(lanes):
            q, i = min(first + lane, last), begin + lane
            block[0, g, i] = problem.mixture[0, q, d, g]
            block[1, g, i] = problem.mixture[1, q, d, g]
            block[2, g, i] = problem.mixture[2, q, d, g]
        for lane in range(lanes):
            block[0, g, begin + lane] *= to_money[lane]
        for lane in range(lanes):
            block[2, g, begin + lane] *= to_worth[lane]
        for lane in range(lanes):
            block[0, g, begin + lane] = log(block[0, g, begin + lane])


@inner
def _load_tables(tile: Tile, problem: Problem, r: int, lane: int, units: Ints) -> None:
    lanes, p, q = tile.size[LANES], tile.size[POINTS], r if problem.knots.shape[1] > 1 else 0
    to_money, to_worth = math.ldexp(1.0, -units[0, lane]), math.ldexp(1.0, -units[1, lane])
    for d in range(problem.knots.shape[2]):
        for i in range(p):
            tile.knots[0, (d * lanes + lane) * p + i] = problem.knots[0, q, d, i] * to_money
            tile.knots[1, (d * lanes + lane) * p + i] = problem.knots[1, q, d, i] * to_worth
