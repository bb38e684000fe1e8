"""From curves and their bounds to leaves and jumps."""

import math

from aicmo.core.kernels.bridge import prepare_mixtures
from aicmo.core.kernels.elementary import exp, log
from aicmo.core.kernels.envelope import hill_tangents, log_rise, tangent, tangent_start
from aicmo.core.kernels.families import log_marginal
from aicmo.core.kernels.hill import log_slope_at, share_at
from aicmo.core.kernels.jit import distinct, inner
from aicmo.core.kernels.table import table_pieces
from aicmo.core.kernels.tile import (
    AT,
    CHUNK,
    EXPONENTIAL,
    FALL,
    HALF,
    HIGH,
    HILL,
    LANES,
    LENGTH,
    LEVEL,
    LOGARITHMIC,
    LOW,
    MIXTURE,
    P0,
    P1,
    POWER,
    RISE,
    ROOM,
    ROOT,
    SCALE,
    SHAPE,
    SLOPE,
    SPEND,
    START,
    TABLE,
    TOP,
    VALUE,
    Tile,
    X,
)
from aicmo.core.kernels.types import Floats


@inner
def prepare_tile(tile: Tile) -> None:
    """Prepare every curve of a closed family for its bounds, a chunk at a time."""
    lanes = tile.size[LANES]
    for s in range(tile.segment.shape[0]):
        kind, first, last = tile.segment[s, 0], tile.segment[s, 1] * lanes, tile.segment[s, 2] * lanes
        for e in range(first, last if kind <= POWER else first, CHUNK):
            _prepare_chunk(tile, kind, e, min(CHUNK, last - e))


@inner
def _prepare_chunk(tile: Tile, kind: int, e: int, n: int) -> None:
    """Prepare elements e … e+n of one family: in straight-line loops, the odd ones one by one."""
    if kind == HILL:
        prepare_hills(tile, e, n)
    else:
        prepare_simple(tile, kind, e, n)
    a, s = tile.leaf[SCALE, e : e + n], tile.leaf[SHAPE, e : e + n]
    for i in range(n):
        if a[i] == 0.0 or (kind == POWER and s[i] == 1.0):
            prepare(tile, e + i)


@inner
def narrow(tile: Tile, ready: int) -> None:
    """Cut upper bounds at what the room allows, and prepare anew what this changes.

    A curve of a closed family changes only where its straight piece is cut. Tables and mixtures, which are
    first prepared here unless `ready`, are prepared anew where any of their run is cut.
    """
    lanes, leaf, wide = tile.size[LANES], tile.leaf, tile.run.shape[1]
    room = tile.run[0]
    for i in range(wide):
        room[i] = tile.lane[ROOM, i if lanes > 1 else 0]
    for s in range(tile.segment.shape[0]):
        kind, first, last = tile.segment[s, 0], tile.segment[s, 1] * lanes, tile.segment[s, 2] * lanes
        cut = 0
        for e in range(first, last, wide):
            n = min(wide, last - e)
            if kind <= POWER:
                _keep_pieces_inside(tile, kind, e, n, room)
            low, high, before = leaf[LOW, e : e + n], leaf[HIGH, e : e + n], leaf[ROOT, e : e + n]
            for i in range(n):
                before[i] = high[i]
            for i in range(n):
                high[i] = max(min(high[i], low[i] + room[i]), low[i])
            for i in range(n):
                cut += 1 if high[i] < before[i] else 0
        if kind > POWER and (cut or not ready):
            prepare_pieces(tile, kind, first, last)


@inner
def _keep_pieces_inside(tile: Tile, kind: int, e: int, n: int, room: Floats) -> None:
    """Prepare those of elements e … e+n again whose straight piece reaches beyond the room."""
    low, high, start = tile.leaf[LOW, e : e + n], tile.leaf[HIGH, e : e + n], tile.leaf[START, e : e + n]
    beyond = 0
    for i in range(n):
        beyond += 1 if start[i] > low[i] + room[i] else 0
    if beyond:
        for i in range(n):
            high[i] = low[i] + room[i] if start[i] > low[i] + room[i] else high[i]
        _prepare_chunk(tile, kind, e, n)


@inner
def prepare_pieces(tile: Tile, kind: int, first: int, last: int) -> None:
    """Prepare elements first … last, all tables or all mixtures, for their current bounds."""
    if kind == MIXTURE:
        prepare_mixtures(tile, first, last - first)
    else:
        for e in range(first, last):
            prepare(tile, e)


@inner
def prepare_simple(tile: Tile, kind: int, e: int, n: int) -> None:
    """Constants of curves that are concave on all of their range."""
    end, leaf = e + n, tile.leaf
    simple_constants(
        kind, leaf[SCALE, e:end], leaf[HALF, e:end], leaf[SHAPE, e:end], leaf[P0, e:end], leaf[P1, e:end]
    )
    low, start = leaf[LOW, e:end], leaf[START, e:end]
    for i in range(n):
        start[i] = low[i]


@distinct
def simple_constants(kind: int, a: Floats, k: Floats, s: Floats, p0: Floats, p1: Floats) -> None:
    """Write what demand of the simple families is computed from; see `respond`."""
    n = a.size
    for i in range(n):
        p1[i] = 1.0 / (1.0 - s[i]) if kind == POWER else k[i]
    if kind == LOGARITHMIC:
        for i in range(n):
            p0[i] = a[i]
    elif kind == EXPONENTIAL:
        for i in range(n):
            p0[i] = k[i] * (log(a[i]) - log(k[i]))
    else:
        for i in range(n):
            p0[i] = (log(a[i]) + log(s[i])) * p1[i]


@inner
def prepare_hills(tile: Tile, e: int, n: int) -> None:
    """Constants, tangent points and straight pieces of Hill curves, in the variable w = s·ln(x/κ).

    Rows that the solver fills later hold w meanwhile: X at the lower bound, SLOPE at the upper one, SPEND at
    the tangent point.
    """
    end, leaf = e + n, tile.leaf
    a, half, s = leaf[SCALE, e:end], leaf[HALF, e:end], leaf[SHAPE, e:end]
    lower, upper, p0, b = leaf[LOW, e:end], leaf[HIGH, e:end], leaf[P0, e:end], leaf[P1, e:end]
    low, high, at = leaf[X, e:end], leaf[SLOPE, e:end], leaf[SPEND, e:end]
    left, right, rise = leaf[ROOT, e:end], leaf[LEVEL, e:end], leaf[VALUE, e:end]
    hill_constants(a, half, s, p0, b, rise)
    hill_variables(s, lower, upper, rise, low, high)
    tangent_brackets(s, lower, low, left, right, at)
    hill_tangents(low, b, at, left, right, rise)
    hill_starts(half, b, lower, upper, low, high, at, leaf[START, e:end])
    hill_slopes(a, b, p0, lower, upper, low, high, at, leaf[TOP, e:end], leaf[FALL, e:end], rise)
    for i in range(n):
        right[i] = math.nan
    _store_pieces(tile, e, n)


@distinct
def hill_constants(a: Floats, half: Floats, s: Floats, p0: Floats, b: Floats, log_half: Floats) -> None:
    """P0 = ln(v s/κ), P1 = 1/s, and ln κ."""
    n = a.size
    for i in range(n):
        log_half[i] = log(half[i])
    for i in range(n):
        p0[i] = log(a[i]) + log(s[i]) - log_half[i]
    for i in range(n):
        b[i] = 1.0 / s[i]


@distinct
def hill_variables(
    s: Floats, lower: Floats, upper: Floats, log_half: Floats, low: Floats, high: Floats
) -> None:
    """Write w at the bounds."""
    n = s.size
    for i in range(n):
        low[i] = s[i] * (log(lower[i]) - log_half[i])
    for i in range(n):
        high[i] = s[i] * (log(upper[i]) - log_half[i])


@distinct
def tangent_brackets(s: Floats, lower: Floats, low: Floats, left: Floats, right: Floats, at: Floats) -> None:
    """Bracket and start of the search for each tangent point, empty where there is nothing to search.

    A curve that is concave between its bounds has its tangent point at the lower one; from a lower bound of
    zero it is known.
    """
    n = s.size
    for i in range(n):
        right[i] = log(s[i] - 1.0) if s[i] > 1.0 else low[i]
    for i in range(n):
        left[i] = right[i] - log(s[i] + 1.0) if s[i] > 1.0 else low[i]
    for i in range(n):
        at[i] = tangent_start(low[i], left[i], right[i]) if low[i] < left[i] else low[i]
    for i in range(n):
        at[i] = right[i] if low[i] < left[i] and lower[i] == 0.0 else at[i]
    for i in range(n):
        right[i] = right[i] if low[i] < left[i] and lower[i] > 0.0 else left[i]


@distinct
def hill_starts(
    half: Floats,
    b: Floats,
    lower: Floats,
    upper: Floats,
    low: Floats,
    high: Floats,
    at: Floats,
    start: Floats,
) -> None:
    """Start each leaf at its tangent point, or at the bound beyond which that lies."""
    n = half.size
    for i in range(n):
        start[i] = half[i] * exp(at[i] * b[i])
    for i in range(n):
        start[i] = start[i] if at[i] < high[i] else upper[i]
    for i in range(n):
        start[i] = min(max(start[i], lower[i]), upper[i]) if at[i] > low[i] else lower[i]
    for i in range(n):
        at[i] = min(at[i], high[i])


@distinct
def hill_slopes(
    a: Floats, b: Floats, p0: Floats, lower: Floats, upper: Floats, low: Floats, high: Floats, at: Floats,
    top: Floats, fall: Floats, rise: Floats,
) -> None:  # fmt: skip
    """Log-slopes of each leaf at its start and its end, and of the straight piece before it."""
    n = a.size
    for i in range(n):
        top[i] = log_slope_at(at[i], p0[i], b[i])
    for i in range(n):
        fall[i] = log_slope_at(high[i], p0[i], b[i])
    for i in range(n):
        rise[i] = share_at(at[i]) - share_at(low[i])
    for i in range(n):
        rise[i] = log(a[i] * rise[i]) - log(upper[i] - lower[i])
    for i in range(n):
        rise[i] = rise[i] if at[i] >= high[i] else top[i]
    for i in range(n):
        top[i] = math.inf if lower[i] == 0.0 and b[i] > 1.0 else top[i]


@inner
def _store_pieces(tile: Tile, e: int, n: int) -> None:
    """Write the straight piece of each Hill curve, which VALUE holds the log-slope of, as its jump."""
    lanes, leaf = tile.size[LANES], tile.leaf
    if tile.link[e // lanes] == tile.link[(e + n - 1) // lanes + 1]:
        return
    for i in range(e, e + n):
        j = i // lanes
        if tile.link[j] < tile.link[j + 1]:
            z = tile.link[j] * lanes + i % lanes
            length = leaf[START, i] - leaf[LOW, i]
            tile.jump[AT, z], tile.jump[LENGTH, z] = leaf[LOW, i], length
            tile.jump[RISE, z] = leaf[VALUE, i] if length > 0.0 else -math.inf


@inner
def prepare(tile: Tile, e: int) -> None:
    """Set the constants of element `e`, of any family but mixtures, for its current bounds."""
    kind = tile.kind[e // tile.size[LANES]]
    leaf = tile.leaf
    leaf[X, e], leaf[SLOPE, e], leaf[START, e] = leaf[LOW, e], 0.0, leaf[LOW, e]
    if kind == TABLE:
        table_pieces(tile, e)
    elif leaf[SCALE, e] == 0.0:
        _straighten(tile, e, leaf[HIGH, e], -math.inf)
        leaf[P0, e], leaf[P1, e], leaf[TOP, e], leaf[FALL, e] = 0.0, 1.0, -1.0, -1.0  # any root will do
    else:
        _prepare_family(tile, e, kind)


@inner
def _straighten(tile: Tile, e: int, point: float, rise: float) -> None:
    """Make [low, point] the only jump of element `e` and start its leaf there."""
    lanes = tile.size[LANES]
    q = tile.link[e // lanes]
    low = tile.leaf[LOW, e]
    if q < tile.link[e // lanes + 1]:
        z = q * lanes + e % lanes
        tile.jump[AT, z], tile.jump[LENGTH, z], tile.jump[RISE, z] = low, point - low, rise
    tile.leaf[START, e] = point


@inner
def _prepare_family(tile: Tile, e: int, kind: int) -> None:
    leaf = tile.leaf
    a, k, s, low, high = leaf[SCALE, e], leaf[HALF, e], leaf[SHAPE, e], leaf[LOW, e], leaf[HIGH, e]
    if kind == LOGARITHMIC:
        leaf[P0, e], leaf[P1, e] = a, k
    elif kind == EXPONENTIAL:
        leaf[P0, e], leaf[P1, e] = k * (math.log(a) - math.log(k)), k
    elif kind == HILL:
        point = tangent(kind, a, k, s, low, high)
        _straighten(tile, e, point, log_rise(kind, a, k, s, low, point) if point > low else -math.inf)
        leaf[P0, e], leaf[P1, e] = math.log(a) + math.log(s) - math.log(k), 1.0 / s
        leaf[TOP, e], leaf[FALL, e] = log_marginal(kind, a, k, s, point), log_marginal(kind, a, k, s, high)
    elif s == 1.0:
        _straighten(tile, e, high, math.log(a))
        leaf[P0, e], leaf[P1, e] = 0.0, 1.0  # any demand is clipped to the end of the line
    else:
        leaf[P0, e], leaf[P1, e] = (math.log(a) + math.log(s)) / (1.0 - s), 1.0 / (1.0 - s)


@inner
def slots_of(kind: int, a: float, s: float) -> int:
    """Jumps that a curve of a closed family may need."""
    if a == 0.0:
        return 1
    return int(s > 1.0) if kind == HILL else int(kind not in (LOGARITHMIC, EXPONENTIAL) and s == 1.0)
