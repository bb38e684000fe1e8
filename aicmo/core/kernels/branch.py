"""Branch and bound on campaigns that end inside a straight piece of their envelope (Udell and Boyd 2013, sums of sigmoids).

A relaxed plan is itself a plan: only where a jump is taken in part does the envelope promise more than the curve. Cutting that
campaign's bounds at its spend makes the envelope exact there; best bound first, until bound and best plan agree. All rows of a
tile take one step of their own search at a time.
"""

from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.certify import jump_gap_of
from aicmo.core.kernels.jit import kernel, part
from aicmo.core.kernels.tile import HIGH, LANES, LOW, LOWER, MU, PARENT, SPEND, UPPER, Tile
from aicmo.core.kernels.types import Bools, Floats, Ints

AGREED = 1e-9
BOUND, CUT_AT = range(2)
ABOVE, SIDE, CUT = range(3)
BEST, CLOSED, PARENT_BOUND = range(3)
SIZE, NOW, TRIED, SEARCHING = range(4)


class Book(NamedTuple):
    """State of the searches; a node of a search is its cut of the node above it.

    Attributes
    ----------
    value : (2, L·N)
        Bound of each node, and where it cuts.
    origin : (3, L·N)
        Node above, side of its cut (0 below, 1 above), and the position that this node cuts itself.
    low, high : (C·L)
        Bounds before any cut.
    plan, price : (C·L), (M·L)
        Best plan and its log-prices.
    score : (3, L)
        Best response, largest bound of what was closed, and bound of the node being cut (the gap as it was, without search).
    turn : (4, L)
        Nodes so far, node being cut, sides of it tried, and whether the search goes on.
    """

    value: Floats
    origin: Ints
    low: Floats
    high: Floats
    plan: Floats
    price: Floats
    score: Floats
    turn: Ints


@kernel
def branch_start(tile: Tile, book: Book, found: Floats, slack: Floats, doubtful: Bools) -> None:
    """Open the root of every doubtful row's search with its relaxed plan."""
    lanes = tile.size[LANES]
    room = book.value.shape[1] // lanes
    for i in range(book.low.size):
        book.low[i], book.high[i], book.plan[i] = tile.leaf[LOW, i], tile.leaf[HIGH, i], tile.leaf[SPEND, i]
    for i in range(book.price.size):
        book.price[i] = tile.node[MU, i]
    for l in range(lanes):
        cut = _worst_jump(tile, l) if doubtful[l] else -1
        book.score[BEST, l], book.score[CLOSED, l], book.score[PARENT_BOUND, l] = found[l], found[l], slack[l]
        book.turn[SIZE, l], book.turn[NOW, l], book.turn[TRIED, l] = int(cut >= 0), -1, 2
        book.turn[SEARCHING, l] = int(cut >= 0)
        if cut >= 0:
            _record(tile, book, l * room, -1, 0, found[l] + slack[l], cut, l)


@kernel
def branch_step(
    tile: Tile, book: Book, budget: Floats, exact: int, found: Floats, slack: Floats, dirty: Bools
) -> int:
    """Take in what was solved last, then give every row that searches on the bounds of its next node; rows still searching.

    `found` and `slack` (L,) are response and gap of the node last solved; `dirty` (C·L) marks curves to prepare again.
    """
    lanes, going = tile.size[LANES], 0
    for l in range(lanes):
        if book.turn[SEARCHING, l]:
            if book.turn[NOW, l] >= 0:
                _absorb(tile, book, l, found[l], slack[l])
            book.turn[SEARCHING, l] = int(_next(tile, book, l, budget[l], exact, dirty))
            going += book.turn[SEARCHING, l]
    return going


@kernel
def branch_end(tile: Tile, book: Book, found: Floats, slack: Floats) -> None:
    """Put every row's best plan back and its proven gap."""
    for i in range(book.plan.size):
        tile.leaf[SPEND, i] = book.plan[i]
    for i in range(book.price.size):
        tile.node[MU, i] = book.price[i]
    for l in range(found.size):
        best = book.score[BEST, l]
        searched = book.turn[SIZE, l] > 0
        slack[l] = (
            max(book.score[CLOSED, l] - best, 0.0) + 1e-15 * best if searched else book.score[PARENT_BOUND, l]
        )
        found[l] = best


@part
def _worst_jump(tile: Tile, l: int) -> int:
    """Position whose envelope promises most beyond its curve in row `l`; -1 if none does."""
    worst, most = -1, 0.0
    for j in range(tile.home.size):
        if tile.link[j + 1] > tile.link[j]:
            excess = jump_gap_of(tile, j, l)
            if excess > most:
                worst, most = j, excess
    return worst


@part
def _record(tile: Tile, book: Book, n: int, above: int, side: int, bound: float, cut: int, l: int) -> None:
    book.value[BOUND, n], book.origin[ABOVE, n], book.origin[SIDE, n], book.origin[CUT, n] = (
        bound,
        above,
        side,
        cut,
    )
    book.value[CUT_AT, n] = tile.leaf[SPEND, cut * tile.size[LANES] + l]


@part
def _absorb(tile: Tile, book: Book, l: int, found: float, slack: float) -> None:
    """Keep a better plan; keep the node open if its bound is still above the best."""
    lanes = tile.size[LANES]
    room = book.value.shape[1] // lanes
    if found > book.score[BEST, l]:
        book.score[BEST, l] = found
        for i in range(l, book.plan.size, lanes):
            book.plan[i] = tile.leaf[SPEND, i]
        for i in range(l, book.price.size, lanes):
            book.price[i] = tile.node[MU, i]
    above = book.turn[NOW, l]
    bound = min(found + slack, book.score[PARENT_BOUND, l])
    cut = _worst_jump(tile, l)
    size = book.turn[SIZE, l]
    if cut < 0 or bound <= book.score[BEST, l] * (1.0 + AGREED) or size >= room:
        book.score[CLOSED, l] = max(book.score[CLOSED, l], bound)
        return
    _record(tile, book, l * room + size, above, book.turn[TRIED, l] - 1, bound, cut, l)
    book.turn[SIZE, l] = size + 1


@part
def _next(tile: Tile, book: Book, l: int, budget: float, exact: int, dirty: Bools) -> bool:
    """Enter the next node of row `l` whose bounds leave a plan; False when the search has ended."""
    room = book.value.shape[1] // tile.size[LANES]
    while True:
        if book.turn[TRIED, l] == 2:
            top = -1
            for n in range(book.turn[SIZE, l]):
                if top < 0 or book.value[BOUND, l * room + n] > book.value[BOUND, l * room + top]:
                    top = n
            bound = book.value[BOUND, l * room + top]
            if bound <= book.score[BEST, l] * (1.0 + AGREED) or book.turn[SIZE, l] + 1 >= room:
                book.score[CLOSED, l] = max(book.score[CLOSED, l], bound)
                return False
            book.turn[NOW, l], book.turn[TRIED, l] = top, 0
            book.value[BOUND, l * room + top], book.score[PARENT_BOUND, l] = -np.inf, bound
        side = book.turn[TRIED, l]
        book.turn[TRIED, l] = side + 1
        _enter(tile, book, l, book.turn[NOW, l], side, dirty)
        if _fits(tile, l, budget, exact):
            return True


@part
def _enter(tile: Tile, book: Book, l: int, node: int, side: int, dirty: Bools) -> None:
    """Give row `l` the bounds of the `side` of a node's cut, marking curves whose bounds change."""
    lanes = tile.size[LANES]
    room = book.value.shape[1] // lanes
    low, high = book.low[l::lanes].copy(), book.high[l::lanes].copy()
    while node >= 0:
        n = l * room + node
        j, at = book.origin[CUT, n], book.value[CUT_AT, n]
        if side == 0:
            high[j] = min(high[j], at)
        else:
            low[j] = max(low[j], at)
        node, side = book.origin[ABOVE, n], book.origin[SIDE, n]
    for j in range(low.size):
        e = j * lanes + l
        if tile.leaf[LOW, e] != low[j] or tile.leaf[HIGH, e] != high[j]:
            tile.leaf[LOW, e], tile.leaf[HIGH, e], dirty[e] = low[j], high[j], True


@part
def _fits(tile: Tile, l: int, budget: float, exact: int) -> bool:
    """Whether the bounds of row `l` leave a plan within the limits of every node and the total."""
    lanes, nodes = tile.size[LANES], tile.nest.shape[1]
    least, most = np.zeros(nodes), np.zeros(nodes)
    for j in range(tile.home.size):
        least[tile.home[j]] += tile.leaf[LOW, j * lanes + l]
        most[tile.home[j]] += tile.leaf[HIGH, j * lanes + l]
    for m in range(nodes):
        i = m * lanes + l
        least[m], most[m] = max(least[m], tile.node[LOWER, i]), min(most[m], tile.node[UPPER, i])
        if least[m] > most[m]:
            return False
        if m < nodes - 1:
            least[tile.nest[PARENT, m]] += least[m]
            most[tile.nest[PARENT, m]] += most[m]
    return least[nodes - 1] <= budget and (not exact or most[nodes - 1] >= budget)
