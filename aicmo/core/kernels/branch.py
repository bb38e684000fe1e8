"""Branch and bound on campaigns that end inside a straight piece of their envelope.

After Udell and Boyd (2013), Maximizing a Sum of Sigmoids. A relaxed plan is itself a plan: only where a
jump is taken in part does the envelope promise more than the curve. Cutting that campaign's bounds at
its spend makes the envelope exact there; best bound first, until bound and best plan agree. All rows of
a tile take one step of their own search at a time.
"""

from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.certify import jump_gap_of
from aicmo.core.kernels.jit import inner, kernel, part
from aicmo.core.kernels.tile import HIGH, LANES, LOW, LOWER, MU, PARENT, SPEND, UPPER, Tile
from aicmo.core.kernels.types import Bools, Floats, Ints

AGREED = 1e-9
ROUNDING = 1e-13  # of the budget
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
        Best response, largest bound of what was closed, and bound of the node being cut (the gap as it was,
        without search).
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
    for lane in range(lanes):
        cut = _worst_jump(tile, lane) if doubtful[lane] else -1
        book.score[BEST, lane], book.score[CLOSED, lane], book.score[PARENT_BOUND, lane] = (
            found[lane],
            found[lane],
            slack[lane],
        )
        book.turn[SIZE, lane], book.turn[NOW, lane], book.turn[TRIED, lane] = int(cut >= 0), -1, 2
        book.turn[SEARCHING, lane] = int(cut >= 0)
        if cut >= 0:
            _record(tile, book, lane * room, -1, 0, found[lane] + slack[lane], cut, lane)


@kernel
def branch_step(
    tile: Tile, book: Book, budget: Floats, exact: int, found: Floats, slack: Floats, dirty: Bools
) -> int:
    """Take in what was solved last, then give every row that searches on the bounds of its next node.

    Rows still searching.

    `found` and `slack` (L,) are response and gap of the node last solved; `dirty` (C·L) marks curves to
    prepare again.
    """
    lanes, going = tile.size[LANES], 0
    for lane in range(lanes):
        if book.turn[SEARCHING, lane]:
            if book.turn[NOW, lane] >= 0:
                _absorb(tile, book, lane, found[lane], slack[lane])
            book.turn[SEARCHING, lane] = int(_next(tile, book, lane, budget[lane], exact, dirty))
            going += book.turn[SEARCHING, lane]
    return going


@kernel
def branch_end(tile: Tile, book: Book, found: Floats, slack: Floats) -> None:
    """Put every row's best plan back and its proven gap."""
    for i in range(book.plan.size):
        tile.leaf[SPEND, i] = book.plan[i]
    for i in range(book.price.size):
        tile.node[MU, i] = book.price[i]
    for lane in range(found.size):
        best = book.score[BEST, lane]
        searched = book.turn[SIZE, lane] > 0
        slack[lane] = (
            max(book.score[CLOSED, lane] - best, 0.0) + 1e-15 * best
            if searched
            else book.score[PARENT_BOUND, lane]
        )
        found[lane] = best


@inner
def _worst_jump(tile: Tile, lane: int) -> int:
    """Position whose envelope promises most beyond its curve in row `lane`; -1 if none does."""
    worst, most = -1, 0.0
    for j in range(tile.home.size):
        if tile.link[j + 1] > tile.link[j]:
            excess = jump_gap_of(tile, j, lane)
            if excess > most:
                worst, most = j, excess
    return worst


@inner
def _record(tile: Tile, book: Book, n: int, above: int, side: int, bound: float, cut: int, lane: int) -> None:
    book.value[BOUND, n], book.origin[ABOVE, n], book.origin[SIDE, n], book.origin[CUT, n] = (
        bound,
        above,
        side,
        cut,
    )
    book.value[CUT_AT, n] = tile.leaf[SPEND, cut * tile.size[LANES] + lane]


@inner
def _absorb(tile: Tile, book: Book, lane: int, found: float, slack: float) -> None:
    """Keep a better plan within its limits; keep the node open if its bound is still above the best."""
    lanes = tile.size[LANES]
    room = book.value.shape[1] // lanes
    if found > book.score[BEST, lane] and slack < np.inf:
        book.score[BEST, lane] = found
        for i in range(lane, book.plan.size, lanes):
            book.plan[i] = tile.leaf[SPEND, i]
        for i in range(lane, book.price.size, lanes):
            book.price[i] = tile.node[MU, i]
    above = book.turn[NOW, lane]
    bound = min(found + slack, book.score[PARENT_BOUND, lane])
    cut = _worst_jump(tile, lane)
    size = book.turn[SIZE, lane]
    if cut < 0 or bound <= book.score[BEST, lane] * (1.0 + AGREED) or size >= room:
        book.score[CLOSED, lane] = max(book.score[CLOSED, lane], bound)
        return
    _record(tile, book, lane * room + size, above, book.turn[TRIED, lane] - 1, bound, cut, lane)
    book.turn[SIZE, lane] = size + 1


@inner
def _next(tile: Tile, book: Book, lane: int, budget: float, exact: int, dirty: Bools) -> bool:
    """Enter the next node of row `lane` whose bounds leave a plan; False when the search has ended."""
    room = book.value.shape[1] // tile.size[LANES]
    while True:
        if book.turn[TRIED, lane] == 2:
            top = -1
            for n in range(book.turn[SIZE, lane]):
                if top < 0 or book.value[BOUND, lane * room + n] > book.value[BOUND, lane * room + top]:
                    top = n
            bound = book.value[BOUND, lane * room + top]
            if bound <= book.score[BEST, lane] * (1.0 + AGREED) or book.turn[SIZE, lane] + 1 >= room:
                book.score[CLOSED, lane] = max(book.score[CLOSED, lane], bound)
                return False
            book.turn[NOW, lane], book.turn[TRIED, lane] = top, 0
            book.value[BOUND, lane * room + top], book.score[PARENT_BOUND, lane] = -np.inf, bound
        side = book.turn[TRIED, lane]
        book.turn[TRIED, lane] = side + 1
        _enter(tile, book, lane, book.turn[NOW, lane], side, dirty)
        if _fits(tile, lane, budget, exact):
            return True


@part
def _enter(tile: Tile, book: Book, lane: int, node: int, side: int, dirty: Bools) -> None:
    """Give row `lane` the bounds of the `side` of a node's cut, marking curves whose bounds change."""
    lanes = tile.size[LANES]
    room = book.value.shape[1] // lanes
    low, high = book.low[lane::lanes].copy(), book.high[lane::lanes].copy()
    while node >= 0:
        n = lane * room + node
        j, at = book.origin[CUT, n], book.value[CUT_AT, n]
        if side == 0:
            high[j] = min(high[j], at)
        else:
            low[j] = max(low[j], at)
        node, side = book.origin[ABOVE, n], book.origin[SIDE, n]
    for j in range(low.size):
        e = j * lanes + lane
        if tile.leaf[LOW, e] != low[j] or tile.leaf[HIGH, e] != high[j]:
            tile.leaf[LOW, e], tile.leaf[HIGH, e], dirty[e] = low[j], high[j], True


@part
def _fits(tile: Tile, lane: int, budget: float, exact: int) -> bool:
    """Whether the bounds of row `lane` leave a plan within the limits of every node and the total.

    A cut may leave a single plan, the best one: the rounding of its sums must not make it look like none.
    """
    lanes, nodes = tile.size[LANES], tile.nest.shape[1]
    least, most, rounding = np.zeros(nodes), np.zeros(nodes), ROUNDING * budget
    for j in range(tile.home.size):
        least[tile.home[j]] += tile.leaf[LOW, j * lanes + lane]
        most[tile.home[j]] += tile.leaf[HIGH, j * lanes + lane]
    for m in range(nodes):
        i = m * lanes + lane
        least[m], most[m] = max(least[m], tile.node[LOWER, i]), min(most[m], tile.node[UPPER, i])
        if least[m] > most[m] + rounding:
            return False
        if m < nodes - 1:
            least[tile.nest[PARENT, m]] += least[m]
            most[tile.nest[PARENT, m]] += most[m]
    return least[nodes - 1] <= budget + rounding and (not exact or most[nodes - 1] >= budget - rounding)
