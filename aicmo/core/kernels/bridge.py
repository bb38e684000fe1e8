"""The concave envelope of a mixture on [low, high]: mostly the curve itself, else the lines that bridge it.

Most mixtures are proven concave from their two ends, a block at a time; the others are walked through.
"""

import math

import numpy as np

from aicmo.core.kernels.elementary import log
from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.mixture import (
    FIRST,
    FOURTH,
    FROM,
    FROM_RATE,
    LEFT,
    LN_X,
    OPEN,
    RIGHT,
    ROOM,
    SECOND,
    THIRD,
    TO,
    TO_RATE,
    Parts,
    components,
    derivatives,
    root,
    terms,
    value_of,
    within_block,
)
from aicmo.core.kernels.tile import (
    AT,
    BLOCK,
    FALL,
    HIGH,
    LANES,
    LENGTH,
    LOW,
    P0,
    P1,
    RISE,
    SLOPE,
    START,
    TAKEN,
    TOP,
    Tile,
    X,
)
from aicmo.core.kernels.types import Floats
from aicmo.core.kernels.walk import GRID, Grid, any_bent, insert, make_grid, remainder, walk

TOUCHES, ROUNDS, QUICK = 60, 20, 12
SAME = 1e-9
BULGE = 1e-12
NEWTON_CLOSE = 1e-10  # a Newton step of this length leaves nothing that doubles can tell


@part
def prepare_mixtures(tile: Tile, first: int, n: int) -> None:
    """Find the envelopes of elements first … first+n, all mixtures, for their bounds, a block at a time."""
    room, ends, grid = np.empty((ROOM, BLOCK)), np.empty((ROOM, BLOCK)), make_grid()
    e = first
    while e < first + n:
        b, begin, size = within_block(tile, e, first + n - e)
        _prove_block(tile, tile.mixture[b], begin, e, size, room, ends)
        for i in range(size):
            _prepare(tile, e + i, ends[OPEN, i] == 0.0, grid)
        e += size


@inner
def _prove_block(tile: Tile, block: Floats, begin: int, e: int, n: int, room: Floats, ends: Floats) -> None:
    """Prove concavity between the bounds from what both ends say; OPEN of `ends` marks where that fails.

    Leaves ln x, log-marginal and d ln x/d ln f' of both ends in the leaves, to start demand from.
    """
    leaf = tile.leaf
    for i in range(n):
        ends[LN_X, i] = log(leaf[LOW, e + i])
    derivatives(block, begin, n, ends, True)  # noqa: FBT003
    for i in range(n):
        room[LN_X, i] = log(leaf[HIGH, e + i])
    derivatives(block, begin, n, room, True)  # noqa: FBT003
    for i in range(n):
        ends[LEFT, i] = 0.0
    for g in range(block.shape[1]):
        for i in range(n):
            steep = block[1, g, begin + i] if block[2, g, begin + i] > 0.0 else 0.0
            ends[LEFT, i] = max(ends[LEFT, i], steep)
    for i in range(n):
        h = room[LN_X, i] - ends[LN_X, i]
        a, to_a = ends[SECOND, i] - ends[FIRST, i], (ends[THIRD, i] - ends[SECOND, i]) * (h / 3.0)
        b, to_b = room[SECOND, i] - room[FIRST, i], (room[THIRD, i] - room[SECOND, i]) * (h / 3.0)
        rest = remainder(h, ends[FOURTH, i] + room[FOURTH, i], ends[LEFT, i])
        most = max(a, a + to_a, b, b - to_b) + rest
        alive = ends[FIRST, i] > 0.0  # nothing is bought of what brings nothing
        proven = alive and most <= 0.0 and leaf[LOW, e + i] > 0.0
        ends[OPEN, i] = 0.0 if proven else 1.0
    for i in range(n):
        ends[RIGHT, i] = log(ends[FIRST, i]) - ends[LN_X, i]
    for i in range(n):
        room[RIGHT, i] = log(room[FIRST, i]) - room[LN_X, i]
    for i in range(n):
        j = e + i
        leaf[FROM, j], leaf[TOP, j], leaf[FROM_RATE, j] = (
            ends[LN_X, i], ends[RIGHT, i], 1.0 / (ends[SECOND, i] / ends[FIRST, i] - 1.0)
        )  # fmt: skip
        leaf[TO, j], leaf[FALL, j], leaf[TO_RATE, j] = (
            room[LN_X, i], room[RIGHT, i], 1.0 / (room[SECOND, i] / room[FIRST, i] - 1.0)
        )  # fmt: skip


@inner
def _prepare(tile: Tile, e: int, concave: bool, grid: Grid) -> None:  # noqa: FBT001  # numba has no keyword-only arguments
    """Reset element `e` and, unless it is known to be concave, find its jumps."""
    lanes, leaf = tile.size[LANES], tile.leaf
    leaf[X, e], leaf[SLOPE, e], leaf[START, e] = leaf[LOW, e], 0.0, leaf[LOW, e]
    leaf[P0, e], leaf[P1, e] = leaf[TO, e], math.nan
    first, last = tile.link[e // lanes], tile.link[e // lanes + 1]
    for q in range(first, last):
        z = q * lanes + e % lanes
        tile.jump[AT, z], tile.jump[LENGTH, z], tile.jump[TAKEN, z] = 0.0, 0.0, 0.0
        tile.jump[RISE, z] = -math.inf
    if not concave and first < last and leaf[LOW, e] < leaf[HIGH, e]:
        leaf[TOP, e] = leaf[FALL, e]  # no cubic across jumps
        _find_pieces(tile, e, grid)


@inner
def _find_pieces(tile: Tile, e: int, grid: Grid) -> None:
    """Find the straight pieces of the envelope of element `e` on [low, high] and store them as its jumps.

    A walk along ln x tells where the curve is concave for certain. Edges of the upper hull of its points that
    pass over anything else are refined to common tangents, and those that overlap joined into one.
    """
    lanes, leaf = tile.size[LANES], tile.leaf
    first, last = tile.link[e // lanes], tile.link[e // lanes + 1]
    low, high = leaf[LOW, e], leaf[HIGH, e]
    parts = components(tile, e)
    if not _any_positive(parts.scale):
        z = first * lanes + e % lanes
        tile.jump[LENGTH, z], tile.jump[AT, z] = high - low, low
        return
    points = walk(parts, grid, low, high)
    found = _settled_pieces(parts, grid, points, last - first) if any_bent(grid, points) else 0
    for k in range(found):
        z = (first + k) * lanes + e % lanes
        tile.jump[AT, z], tile.jump[LENGTH, z] = grid.begin[k], grid.end[k] - grid.begin[k]
        tile.jump[RISE, z] = math.log(max(grid.rise[k], 1e-300))
        leaf[P0, e] = math.log(grid.end[k])


@inner
def _settled_pieces(parts: Parts, grid: Grid, points: int, slots: int) -> int:
    """Straight pieces that nothing between two points of the walk stands out of."""
    found = _pieces(parts, grid, points, slots)
    while points < GRID and _show_bulge(parts, grid, points, found):
        points += 1
        found = _pieces(parts, grid, points, slots)
    return found


@inner
def _show_bulge(parts: Parts, grid: Grid, points: int, found: int) -> bool:
    """Add the first point at which a concave step stands out of a piece that passes over it, if one does."""
    for k in range(found):
        for i in range(points - 1):
            rise, inside = grid.rise[k], grid.begin[k] < grid.x[i] and grid.x[i + 1] < grid.end[k]
            if grid.bent[i] or not inside or not grid.slope[i] > rise > grid.slope[i + 1]:
                continue
            x, _ = root(parts, grid.x[i], grid.x[i + 1], math.log(rise), 0.5 * log(grid.x[i] * grid.x[i + 1]))
            f, first, _ = terms(parts, log(x))
            line = value_of(parts, grid.begin[k]) + rise * (x - grid.begin[k])
            if f > line * (1.0 + BULGE) and grid.x[i] < x < grid.x[i + 1]:
                insert(grid, i + 1, points, x, f, first / x)
                return True
    return False


@inner
def _pieces(parts: Parts, grid: Grid, points: int, slots: int) -> int:
    """Write the straight pieces, as many as there are slots, into begin, end and rise of the grid."""
    size = _hull(grid, points)
    found = 0
    for edge in range(size - 1):
        i, j = grid.hull[edge], grid.hull[edge + 1]
        if j == i + 1 and not grid.bent[i]:
            continue
        grid.left[found], grid.right[found] = i, j
        _tangent(parts, grid, points, found)
        if not grid.begin[found] < grid.end[found] * (1.0 - SAME):
            continue
        while found > 0 and (found == slots or _collide(grid, found)):
            found -= 1
            begin, end = grid.begin[found], max(grid.end[found], grid.end[found + 1])
            grid.right[found] = j
            _tangent(parts, grid, points, found)
            if not grid.begin[found] < grid.end[found] * (1.0 - SAME):
                _settle_piece(grid, found, begin, value_of(parts, begin), end, value_of(parts, end))
        found += 1
    return found


@inner
def _collide(grid: Grid, k: int) -> bool:
    """Whether piece k overlaps the one before it or is no flatter, by more than the last digits.

    By those it is moved, lest supply count money twice.
    """
    if grid.end[k - 1] > grid.begin[k] * (1.0 + SAME) or grid.rise[k - 1] <= grid.rise[k]:
        return True
    grid.begin[k] = max(grid.begin[k], grid.end[k - 1])
    return False


@inner
def _any_positive(scale: Floats) -> bool:
    positive = False
    for g in range(scale.size):
        positive = positive or scale[g] > 0.0
    return positive


@inner
def _hull(grid: Grid, points: int) -> int:
    """Count the points that span the upper hull, after writing down which they are."""
    x, f, hull, size = grid.x, grid.f, grid.hull, 0
    for i in range(points):
        if i and x[i] <= x[i - 1]:
            continue
        while size >= 2:
            a, b = hull[size - 2], hull[size - 1]
            if (f[b] - f[a]) * (x[i] - x[b]) > (f[i] - f[b]) * (x[b] - x[a]):
                break
            size -= 1
        hull[size] = i
        size += 1
    return size


@inner
def _tangent(parts: Parts, grid: Grid, points: int, k: int) -> None:
    """Find the ends of piece k, outside of all that is bent: by Newton on both at once, or by turns.

    By turns, the right end is where the line from the left one is the steepest, and the left end where that
    to the right one is the flattest; first the one that cannot be a corner.
    """
    left, right = grid.left[k] + 1, grid.right[k] - 1
    while left < grid.right[k] and not grid.bent[left - 1]:
        left += 1
    while right > grid.left[k] and not grid.bent[right]:
        right -= 1
    if _meet_both(parts, grid, points, k, grid.x[left], grid.x[right]):
        return
    a, b = grid.x[grid.left[k]], grid.x[grid.right[k]]
    at_a, at_b = grid.f[grid.left[k]], grid.f[grid.right[k]]
    for turn in range(ROUNDS):
        before_a, before_b = a, b
        if turn or grid.right[k] < points - 1:
            b, at_b = _touch(parts, grid, a, at_a, grid.right[k], points - 1, right)
        a, at_a = _touch(parts, grid, b, at_b, grid.left[k], 0, left)
        if turn and abs(a - before_a) <= 1e-12 * a and abs(b - before_b) <= 1e-12 * b:
            break
    _settle_piece(grid, k, a, at_a, b, at_b)


@inner
def _settle_piece(grid: Grid, k: int, a: float, at_a: float, b: float, at_b: float) -> None:
    grid.begin[k], grid.end[k] = a, b
    grid.rise[k] = (at_b - at_a) / (b - a) if b > a else 0.0


@inner
def _meet_both(parts: Parts, grid: Grid, points: int, k: int, left: float, right: float) -> bool:
    """Newton on f'(a) = m = f'(b), m the slope of the line between, for low ≤ a ≤ left and right ≤ b ≤ high.

    Where both hold, the derivatives of m vanish: two steps side by side converge as one for both would. A
    curve that is infinitely steep at nothing has no piece that begins there.
    """
    low, high, steep = grid.x[0], grid.x[points - 1], grid.slope[0] == math.inf
    a, b = grid.x[max(grid.left[k], 1) if steep else grid.left[k]], grid.x[grid.right[k]]
    for _ in range(QUICK):
        at_a, first_a, second_a = terms(parts, log(a)) if a > 0.0 else (0.0, 0.0, 0.0)
        at_b, first_b, second_b = terms(parts, log(b))
        rise = (at_b - at_a) / (b - a)
        next_a = max(_newton_end(a, rise, first_a, second_a), low)
        next_b = min(_newton_end(b, rise, first_b, second_b), high)
        if not (next_a <= left and next_b >= right and next_a < next_b * (1.0 - SAME)):
            return False
        if steep and next_a == 0.0:
            return False
        if abs(next_a - a) <= NEWTON_CLOSE * a and abs(next_b - b) <= NEWTON_CLOSE * b:
            _settle_piece(grid, k, a, at_a, b, at_b)
            return True
        a, b = next_a, next_b
    return False


@inner
def _newton_end(x: float, rise: float, first: float, second: float) -> float:
    """Where Newton goes from x for f' = `rise`, in logarithms where that is far down; stays at spend zero.

    NaN where the curve is not concave.
    """
    if x == 0.0 or not second < first:
        return x if x == 0.0 else math.nan
    share = (first - rise * x) / (first - second)
    if share < -0.5:
        share = math.expm1(math.log(first / (rise * x)) * first / (first - second))
    return x + x * share


@inner
def _shortfall(grid: Grid, i: int, anchor: float, base: float) -> float:
    """f(x) − f(anchor) − f'(x)(x − anchor) at point i: negative while the line can be tilted further out."""
    return float(grid.f[i] - base - grid.slope[i] * (grid.x[i] - anchor))


@inner
def _touch(
    parts: Parts, grid: Grid, anchor: float, base: float, i: int, last: int, inmost: int
) -> tuple[float, float]:
    """Point whose tangent passes through (anchor, base), and the value there, looking from point i outwards.

    The `last` point if even its tangent passes below, and never within the point `inmost`, which lies at the
    far side of all that is bent. Points of the grid bracket it;
    then Newton on the shortfall, whose slope is −f''(x)(x − anchor).
    """
    out = 1 if last > 0 else -1
    while i != last and _shortfall(grid, i, anchor, base) < 0.0:
        i += out
    if i == last and not _shortfall(grid, i, anchor, base) >= 0.0:
        return grid.x[i], grid.f[i]
    while i != inmost and _shortfall(grid, i - out, anchor, base) >= 0.0:
        i -= out
    if i == inmost:
        return grid.x[i], grid.f[i]
    near, far = grid.x[i - out], grid.x[i]
    near = near if (near - anchor) * out > 0.0 else anchor
    x, f = (far, grid.f[i]) if far > 0.0 else (near, grid.f[i - out])
    for _ in range(TOUCHES):
        f, first, second = terms(parts, log(x))
        miss = f - base - first / x * (x - anchor)
        if miss < 0.0:
            near = x
        else:
            far = x
        bend = (second - first) / (x * x) * (x - anchor)
        to = x + miss / bend if bend != 0.0 else math.nan
        if abs(to - x) <= NEWTON_CLOSE * x:
            break
        if not min(near, far) < to < max(near, far):
            to = 0.5 * (near + far)
            if to in (near, far):
                break
        x = to
    return x, f
