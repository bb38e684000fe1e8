"""A row of very many campaigns as blocks that are read from end to end.

A tile keeps all that is known of each campaign; with a million of them, moving that costs more than the
arithmetic. Here every family keeps the few numbers that it needs, a block of campaigns at a time, and the
straight piece of an S-curve is part of its leaf: nothing is bought at a log-price above GATE.
"""

import math
from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.arrange import Problem, no_tile
from aicmo.core.kernels.elementary import exp
from aicmo.core.kernels.jit import inner, kernel, part, spliced
from aicmo.core.kernels.load import LN2, money_exponent, worth_exponent
from aicmo.core.kernels.prepare import prepare_hills, prepare_simple
from aicmo.core.kernels.tile import (
    EXPONENTIAL,
    HALF,
    HIGH,
    HILL,
    LOGARITHMIC,
    LOW,
    P0,
    P1,
    POWER,
    SCALE,
    SHAPE,
    START,
    TOP,
    VALUE,
    Tile,
)
from aicmo.core.kernels.types import Floats, Ints

STRAIGHT = 4  # a power of exponent one, or nothing: the only families whose leaf is a point
KINDS = 5
BLOCK = 256
# Rows of a block: bounds, the scale, and what each family answers a price with
LEAST, MOST, WORTH, FIRST, SECOND, THIRD, BEGIN, GATE = range(8)
FROM, COUNT, KIND, AT = range(4)


class Crowd(NamedTuple):
    """One row of campaigns; a block is a run of at most BLOCK of one family and node.

    Attributes
    ----------
    order : (C,)
        Campaign at each position; positions are sorted by node, then family.
    block : (NB, 4)
        First position, number of campaigns, family, and where in `data` its rows begin.
    reach : (M + 1,)
        First block of each node.
    data : (…)
        Rows of every block.
    span : (4, M)
        Of each node's own campaigns: sums of the bounds, NaN where one is no amount; the longest straight
        piece of an S-curve; whether anything is bought by the piece.
    units : (2,)
        Powers of two that money and response are measured in.
    """

    order: Ints
    block: Ints
    reach: Ints
    data: Floats
    span: Floats
    units: Ints


@inner
def rows_of(kind: int) -> int:
    """Count the numbers that a family keeps of a campaign."""
    if kind == HILL:
        return 8
    return 6 if kind == POWER else (5 if kind == EXPONENTIAL else 4)


@inner
def _family(problem: Problem, q: int, c: int) -> int:
    """Family of campaign `c`, with those that are straight told apart."""
    kind = problem.kind[c]
    if problem.scale[q, c] == 0.0 or (kind == POWER and problem.shape[q, c] == 1.0):
        return STRAIGHT
    return int(kind)


@kernel
def lay_out(problem: Problem, r: int) -> tuple[Ints, Ints, Ints]:
    """Order (C,), blocks (NB, 4) and first block of each node (M + 1,) of row `r`."""
    q, campaigns, nodes = r if problem.scale.shape[0] > 1 else 0, problem.kind.size, problem.parent.size
    start = np.zeros(nodes * KINDS + 1, dtype=np.int64)
    for c in range(campaigns):
        start[problem.home[c] * KINDS + _family(problem, q, c) + 1] += 1
    many = 0
    for b in range(nodes * KINDS):
        many += (start[b + 1] + BLOCK - 1) // BLOCK
        start[b + 1] += start[b]
    block, reach = _cut(start, many)
    order = np.empty(campaigns, dtype=np.int64)
    for c in range(campaigns):
        b = problem.home[c] * KINDS + _family(problem, q, c)
        order[start[b]] = c
        start[b] += 1
    return order, block, reach


@part
def _cut(start: Ints, many: int) -> tuple[Ints, Ints]:
    """Cut runs of equal node and family, which begin at `start`, into `many` blocks."""
    nodes = (start.size - 1) // KINDS
    block, reach, n, at = np.empty((many, 4), dtype=np.int64), np.empty(nodes + 1, dtype=np.int64), 0, 0
    for b in range(nodes * KINDS):
        if b % KINDS == 0:
            reach[b // KINDS] = n
        for first in range(start[b], start[b + 1], BLOCK):
            count = min(BLOCK, start[b + 1] - first)
            block[n, FROM], block[n, COUNT], block[n, KIND], block[n, AT] = first, count, b % KINDS, at
            at += rows_of(b % KINDS) * count
            n += 1
    reach[nodes] = n
    return block, reach


@kernel
def muster(problem: Problem, r: int, crowd: Crowd) -> None:
    """Prepare every campaign of row `r` for its bounds."""
    tile = no_tile(BLOCK)
    money, worth = money_exponent(problem, r), worth_exponent(problem, r)
    crowd.units[0], crowd.units[1] = money, worth
    for m in range(crowd.reach.size - 1):
        crowd.span[0, m] = crowd.span[1, m] = crowd.span[2, m] = crowd.span[3, m] = 0.0
        for b in range(crowd.reach[m], crowd.reach[m + 1]):
            n, kind = crowd.block[b, COUNT], crowd.block[b, KIND]
            _gather(problem, r, crowd, b, tile.leaf)
            low, high = tile.leaf[LOW], tile.leaf[HIGH]
            sound = True
            for i in range(n):
                sound = sound and 0.0 <= low[i] <= high[i] and low[i] < math.inf
            for i in range(n):
                crowd.span[0, m] += low[i] if sound else math.nan
            for i in range(n):
                crowd.span[1, m] += high[i]
            if kind == HILL:
                prepare_hills(tile, 0, n)
                start = tile.leaf[START]
                for i in range(n):
                    crowd.span[2, m] = max(crowd.span[2, m], start[i] - low[i])
            elif kind < STRAIGHT:
                prepare_simple(tile, kind, 0, n)
            if kind == STRAIGHT or crowd.span[2, m] > 0.0:
                crowd.span[3, m] = 1.0
            _store(crowd, b, tile)


@inner
def _gather(problem: Problem, r: int, crowd: Crowd, b: int, leaf: Floats) -> None:
    """Collect parameters and bounds of a block, in units."""
    q = r if problem.scale.shape[0] > 1 else 0
    ql, qu = r if problem.lower.shape[0] > 1 else 0, r if problem.upper.shape[0] > 1 else 0
    to_money, to_worth = math.ldexp(1.0, -crowd.units[0]), math.ldexp(1.0, -crowd.units[1])
    first, n, kind = crowd.block[b, FROM], crowd.block[b, COUNT], crowd.block[b, KIND]
    a, k, s, low, high = leaf[SCALE], leaf[HALF], leaf[SHAPE], leaf[LOW], leaf[HIGH]
    for i in range(n):
        c = crowd.order[first + i]
        a[i], s[i] = problem.scale[q, c] * to_worth, problem.shape[q, c]
        k[i], low[i], high[i] = problem.half[q, c] * to_money, problem.lower[ql, c], problem.upper[qu, c]
    for i in range(n):
        low[i], high[i] = low[i] * to_money, high[i] * to_money
    if kind in (POWER, STRAIGHT):  # a·xˢ in units of money; nothing stays nothing
        for i in range(n):
            k[i], a[i] = 1.0, a[i] * exp(crowd.units[0] * LN2 * s[i])


@inner
def _store(crowd: Crowd, b: int, tile: Tile) -> None:
    """Write the rows of a block."""
    n, kind, leaf = crowd.block[b, COUNT], crowd.block[b, KIND], tile.leaf
    _put(crowd, b, LEAST, leaf[LOW])
    _put(crowd, b, MOST, leaf[HIGH])
    _put(crowd, b, WORTH, leaf[SCALE])
    if kind == STRAIGHT:
        for i in range(n):
            leaf[P0, i] = math.log(leaf[SCALE, i]) if leaf[SCALE, i] > 0.0 else -math.inf
    _put(crowd, b, FIRST, leaf[HALF] if kind == LOGARITHMIC else leaf[P0])
    if kind in (HILL, EXPONENTIAL, POWER):
        _put(crowd, b, SECOND, leaf[P1])
    if kind in (HILL, POWER):
        _put(crowd, b, THIRD, leaf[HALF] if kind == HILL else leaf[SHAPE])
    if kind == HILL:
        start, top, low, rise = leaf[START], leaf[TOP], leaf[LOW], leaf[VALUE]
        for i in range(n):
            top[i] = rise[i] if start[i] > low[i] else top[i]
        _put(crowd, b, BEGIN, start)
        _put(crowd, b, GATE, top)


@inner
def _put(crowd: Crowd, b: int, row: int, values: Floats) -> None:
    n = crowd.block[b, COUNT]
    at = crowd.block[b, AT] + row * n
    target = crowd.data[at : at + n]
    for i in range(n):
        target[i] = values[i]


@spliced
def get(crowd: Crowd, b: int, row: int, n: int) -> Floats:
    """Take the first n numbers of one row of a block."""
    at = crowd.block[b, AT] + row * crowd.block[b, COUNT]
    return crowd.data[at : at + n]
