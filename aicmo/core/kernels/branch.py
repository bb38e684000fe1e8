"""Branch and bound on campaigns that end inside a straight piece of their envelope.

After Udell and Boyd (2013), Maximizing a Sum of Sigmoids. A relaxed plan is itself a plan: only where a jump
is taken in part does the envelope promise more than the curve. Cutting that campaign's bounds at its spend
makes the envelope exact there; best bound first, until bound and best plan agree. Every row is searched
alone, in a tile of its own: rows need very different numbers of nodes.
"""

import math
from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.assign import relax
from aicmo.core.kernels.bridge import prepare_mixtures
from aicmo.core.kernels.certify import certify, jump_gap_of
from aicmo.core.kernels.elementary import exp
from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.prepare import prepare
from aicmo.core.kernels.respond import respond
from aicmo.core.kernels.tile import (
    HIGH,
    KNOWN,
    LEAST,
    LOW,
    LOWER,
    MIXTURE,
    MOST,
    MU,
    PARENT,
    SHIFT,
    SPEND,
    TABLE,
    UPPER,
    Tile,
    sum_nodes,
)
from aicmo.core.kernels.types import Floats, Ints

AGREED = 1e-9
ROUNDING = 1e-13  # of the budget
BOUND, CUT_AT, PARENT_BOUND = range(3)
ABOVE, SIDE, CUT = range(3)
SIZE, NOW, TRIED, SEARCHING = range(4)


class Book(NamedTuple):
    """State of a search; a node of it is its cut of the node above it.

    Attributes
    ----------
    value : (3, N)
        Bound of each node while it is open, where it cuts, and its bound once it has been cut.
    origin : (3, N)
        Node above, side of its cut (0 below, 1 above), and the position that this node cuts itself.
    low, high : (C,)
        Bounds before any cut.
    plan, price : (1, C), (3, M)
        Best plan and the rows MU to SHIFT of its nodes.
    turn : (4,)
        Nodes so far, node being cut or -1, its side that was solved last, whether the search goes on.
    """

    value: Floats
    origin: Ints
    low: Floats
    high: Floats
    plan: Floats
    price: Floats
    turn: Ints


@part
def branch(tile: Tile, budget: Floats, exact: int, found: Floats, slack: Floats, room: int) -> None:
    """Search on from the relaxed plan of the only row of a tile, opening at most `room` nodes.

    `found` and `slack` (1,) are response and gap of the relaxed plan, then of the best one. Every node starts
    from the price of the one before; without groups only what a cut moved has to answer to it anew.
    """
    book = Book(
        np.empty((3, room)), np.empty((3, room), dtype=np.int64),
        tile.leaf[LOW].copy(), tile.leaf[HIGH].copy(), tile.leaf[SPEND : SPEND + 1].copy(),
        tile.node[MU : SHIFT + 1].copy(), np.empty(4, dtype=np.int64),
    )  # fmt: skip
    book.turn[SIZE], book.turn[NOW], book.turn[TRIED], book.turn[SEARCHING] = 0, -1, 1, 1
    best, closed, bound, start = found[0], found[0], found[0] + slack[0], np.empty(1)
    while True:
        if not (bound > best * (1.0 + AGREED) and _record(tile, book, bound)):
            closed = max(closed, bound)
        bound = _next(tile, book, best, budget[0], exact)
        if not book.turn[SEARCHING]:
            closed = max(closed, bound)
            break
        start[0] = tile.node[MU, tile.nest.shape[1] - 1]
        tile.lane[KNOWN, 0] = 1.0 if tile.nest.shape[1] == 1 else 0.0
        relax(tile, budget, start, exact)
        certify(tile, budget, exact, found, slack)
        bound = min(found[0] + slack[0], bound)
        if found[0] > best and slack[0] < math.inf:  # within its limits
            best = found[0]
            _copy(tile.leaf[SPEND : SPEND + 1], book.plan)
            _copy(tile.node[MU : SHIFT + 1], book.price)
    _copy(book.plan, tile.leaf[SPEND : SPEND + 1])
    _copy(book.price, tile.node[MU : SHIFT + 1])
    found[0], slack[0] = best, max(closed - best, 0.0) + 1e-15 * best


@inner
def _copy(source: Floats, target: Floats) -> None:
    """Copy rows by a loop; Numba's assignment of slices carries half a library of text for its errors."""
    for row in range(target.shape[0]):
        for i in range(target.shape[1]):
            target[row, i] = source[row, i]


@inner
def _worst_jump(tile: Tile) -> int:
    """Position whose envelope promises most beyond its curve; -1 if none does."""
    worst, most = -1, 0.0
    for j in range(tile.home.size):
        if tile.link[j + 1] > tile.link[j]:
            excess = jump_gap_of(tile, j)
            if excess > most:
                worst, most = j, excess
    return worst


@inner
def _record(tile: Tile, book: Book, bound: float) -> bool:
    """Open a node that cuts the plan just solved at its worst jump, if it has any and there is room."""
    cut, n = _worst_jump(tile), book.turn[SIZE]
    if cut < 0 or n >= book.value.shape[1]:
        return False
    book.value[BOUND, n], book.value[CUT_AT, n] = bound, tile.leaf[SPEND, cut]
    book.origin[ABOVE, n], book.origin[SIDE, n], book.origin[CUT, n] = book.turn[NOW], book.turn[TRIED], cut
    book.turn[SIZE] += 1
    return True


@inner
def _next(tile: Tile, book: Book, best: float, budget: float, exact: int) -> float:
    """Enter the next side of a cut that leaves a plan, best bound first; that bound.

    Ends the search where no bound is above the best plan, or no room is left for more.
    """
    while True:
        last, side = book.turn[NOW], 1 - book.turn[TRIED]
        node, bound = last, book.value[PARENT_BOUND, max(last, 0)]
        if book.turn[TRIED] == 1:
            node = _most_promising(book)
            bound = book.value[BOUND, node] if node >= 0 else best
            if bound <= best * (1.0 + AGREED) or book.turn[SIZE] + 1 >= book.value.shape[1]:
                book.turn[SEARCHING] = 0
                return float(bound)
            book.value[BOUND, node], book.value[PARENT_BOUND, node] = -math.inf, bound
        book.turn[NOW], book.turn[TRIED] = node, side
        _enter(tile, book, last, node, side)
        if _fits(tile, budget, exact):
            return float(bound)


@inner
def _most_promising(book: Book) -> int:
    """Node with the largest bound; -1 if there are none."""
    top = book.turn[SIZE] - 1
    for n in range(book.turn[SIZE]):
        if book.value[BOUND, n] > book.value[BOUND, top]:
            top = n
    return int(top)


@inner
def _enter(tile: Tile, book: Book, last: int, node: int, side: int) -> None:
    """Undo the cuts of node `last` and make those of `node`, and prepare what they touch."""
    n = last
    while n >= 0:
        j = book.origin[CUT, n]
        tile.leaf[LOW, j], tile.leaf[HIGH, j] = book.low[j], book.high[j]
        n = book.origin[ABOVE, n]
    n, under = node, side
    while n >= 0:
        j, at = book.origin[CUT, n], book.value[CUT_AT, n]
        if under == 0:
            tile.leaf[HIGH, j] = min(tile.leaf[HIGH, j], at)
        else:
            tile.leaf[LOW, j] = max(tile.leaf[LOW, j], at)
        n, under = book.origin[ABOVE, n], book.origin[SIDE, n]
    _answer(tile, book, last)
    _answer(tile, book, node)


@inner
def _answer(tile: Tile, book: Book, node: int) -> None:
    """Prepare the curves that the cuts down to `node` touch, and let them answer to the total's price."""
    mu, inverse = tile.run[0, :1], tile.run[1, :1]
    mu[0] = tile.node[MU, tile.nest.shape[1] - 1]
    inverse[0] = exp(-mu[0])
    while node >= 0:
        j = book.origin[CUT, node]
        if tile.kind[j] == MIXTURE:
            prepare_mixtures(tile, j, mu.size)
        else:
            prepare(tile, j)
        if tile.kind[j] != TABLE:
            respond(tile, tile.kind[j], j, mu.size, mu, inverse)
        node = book.origin[ABOVE, node]


@inner
def _fits(tile: Tile, budget: float, exact: int) -> bool:
    """Whether the bounds leave a plan within the limits of every node and the total.

    A cut may leave a single plan, the best one: the rounding of its sums must not make it look like none.
    """
    nodes, rounding = tile.nest.shape[1], ROUNDING * budget
    least, most = tile.node[LEAST], tile.node[MOST]
    sum_nodes(tile, tile.leaf[LOW], least)
    sum_nodes(tile, tile.leaf[HIGH], most)
    for m in range(nodes):
        least[m], most[m] = max(least[m], tile.node[LOWER, m]), min(most[m], tile.node[UPPER, m])
        if least[m] > most[m] + rounding:
            return False
        if m < nodes - 1:
            least[tile.nest[PARENT, m]] += least[m]
            most[tile.nest[PARENT, m]] += most[m]
    return least[nodes - 1] <= budget + rounding and (not exact or most[nodes - 1] >= budget - rounding)
