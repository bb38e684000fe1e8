"""Copy rows into a tile, scaled by exact powers of two so that no bit of a plan depends on the units of.

Money or response.
"""

import math

import numpy as np

from aicmo.core.kernels.arrange import Problem
from aicmo.core.kernels.elementary import log
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
    SCALE,
    SHAPE,
    UPPER,
    Tile,
)
from aicmo.core.kernels.types import Floats, Ints

LN2 = 0.6931471805599453
MOST = 1000  # beyond it a power of two or its inverse is no double, or has few digits


@inner
def exponent(number: float) -> int:
    """Power of two just above `number`, which can be undone; 0 for what is not positive and finite."""
    return min(max(math.frexp(number)[1], -MOST), MOST) if 0.0 < number < math.inf else 0


@inner
def worth_exponent(problem: Problem, r: int) -> int:
    """Power of two of the largest response scale of row `r`."""
    q = r if problem.scale.shape[0] > 1 else 0
    most = 0.0
    for c in range(problem.kind.size):
        most = max(most, problem.scale[q, c])
    return exponent(most)


@part
def load_rows(tile: Tile, problem: Problem, first: int) -> tuple[Floats, Floats, Ints]:
    """Load rows from `first` on, the last one repeated in lanes left over.

    Budgets, first log-prices and units (2, L).
    """
    lanes = tile.size[LANES]
    budget, start, units = np.empty(lanes), np.empty(lanes), np.empty((2, lanes), dtype=np.int64)
    for lane in range(lanes):
        r = min(first + lane, problem.budget.size - 1)
        money, worth = exponent(problem.budget[r]), worth_exponent(problem, r)
        units[0, lane], units[1, lane] = money, worth
        load(tile, problem, r, lane, money, worth)
        budget[lane] = math.ldexp(problem.budget[r], -money)
        guess = problem.price0[r]
        start[lane] = math.log(guess) - (worth - money) * LN2 if 0.0 < guess < math.inf else math.nan
    load_parts(tile, problem, first, units)
    return budget, start, units


@inner
def load(tile: Tile, problem: Problem, r: int, lane: int, money: int, worth: int) -> None:
    """Load all but components and points of row `r`; no campaign can spend more than the room allows."""
    lanes, leaf = tile.size[LANES], tile.leaf
    q = r if problem.scale.shape[0] > 1 else 0
    ql, qu = r if problem.lower.shape[0] > 1 else 0, r if problem.upper.shape[0] > 1 else 0
    to_money, to_worth = math.ldexp(1.0, -money), math.ldexp(1.0, -worth)
    room = problem.budget[r]
    for c in range(problem.kind.size):
        room -= problem.lower[ql, c]
    room = max(room, 0.0) * to_money
    for j in range(tile.kind.size):
        e, c = j * lanes + lane, tile.order[j]
        leaf[SCALE, e], leaf[SHAPE, e] = problem.scale[q, c] * to_worth, problem.shape[q, c]
        if tile.kind[j] == POWER:
            leaf[HALF, e] = 1.0
            leaf[SCALE, e] *= math.pow(2.0, money * leaf[SHAPE, e])
        else:
            leaf[HALF, e] = problem.half[q, c] * to_money
        leaf[LOW, e] = problem.lower[ql, c] * to_money
        leaf[HIGH, e] = max(min(problem.upper[qu, c] * to_money, leaf[LOW, e] + room), leaf[LOW, e])
    qn = r if problem.node_lower.shape[0] > 1 else 0
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
