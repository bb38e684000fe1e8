"""Sums of Hill curves Σ_g v_g xˢ/(κˢ+xˢ) of one campaign: value, marginal, demand and concave envelope.

A posterior mean over a grid of shapes is such a sum. All components are evaluated in one vector loop over g
in the variable w = s·(ln x − ln κ); equations are solved in ln x for the logarithm of the marginal return,
which is nearly straight there.
"""

import math
from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.elementary import exp
from aicmo.core.kernels.jit import inner, part, spliced
from aicmo.core.kernels.tile import (
    AT,
    COMPONENTS,
    HIGH,
    LANES,
    LENGTH,
    LOW,
    P0,
    P1,
    RISE,
    SLOPE,
    TAKEN,
    Tile,
    X,
)
from aicmo.core.kernels.types import Floats, Ints

GRID, FEWEST = 64, 16
STEP = 0.1  # of the grid in ln x, or longer where the grid would be too large
TOUCHES = 60
NEWTON_CLOSE = 1e-10  # a Newton step of this length leaves nothing that doubles can tell
STEPS = 100
CLOSE = 1e-13
SAME = 4e-15
LEAST_PIECE = 1e-13  # of its end: a shorter one has no slope that digits can tell


class Parts(NamedTuple):
    """Components of one mixture.

    Attributes
    ----------
    log_half, shape, scale : (G,)
        Log half-saturation, shape and weight · scale.
    share, weight : (G,)
        Room to work in.
    """

    log_half: Floats
    shape: Floats
    scale: Floats
    share: Floats
    weight: Floats


@inner
def terms(parts: Parts, log_x: float) -> tuple[float, float, float]:
    """Value f, x·f' and d(x·f')/d ln x of a mixture at ln x."""
    log_half, shape, scale, share, weight = parts
    n = log_half.size
    for g in range(n):
        w = shape[g] * (log_x - log_half[g])
        t = exp(-abs(w))
        upper = 1.0 / (1.0 + t)
        share[g] = upper if w > 0.0 else t * upper
        weight[g] = scale[g] * shape[g] * t * upper * upper
    f, first, second = 0.0, 0.0, 0.0
    for g in range(n):
        f += scale[g] * share[g]
        first += weight[g]
        second += weight[g] * shape[g] * (1.0 - 2.0 * share[g])
    return f, first, second


@spliced
def components(tile: Tile, e: int) -> Parts:
    """Components of element `e`."""
    lanes, n = tile.size[LANES], tile.size[COMPONENTS]
    at = (tile.slot[e // lanes] * lanes + e % lanes) * n
    return Parts(
        tile.mixture[0, at : at + n],
        tile.mixture[1, at : at + n],
        tile.mixture[2, at : at + n],
        tile.mixture[3, at : at + n],
        tile.mixture[4, at : at + n],
    )


@inner
def mixture_value(tile: Tile, e: int, x: float) -> float:
    """Response of element `e` at spend `x`."""
    parts = components(tile, e)
    return _f(parts, x)


@inner
def mixture_log_marginal(tile: Tile, e: int, x: float) -> float:
    """Logarithm of the marginal return of element `e` at spend `x`."""
    parts = components(tile, e)
    log_x = math.log(max(x, 1e-290))
    first = terms(parts, log_x)[1]
    return math.log(first) - log_x if first > 0.0 else -math.inf


@inner
def mixture_demand(tile: Tile, e: int, n: int, mu: Floats) -> None:
    """Smooth part of the demand of elements e … e+n.

    The envelope's spend less the jumps that are taken at this price.

    P0 keeps ln x and P1 the log-price of the last call: the next search starts there, and the same price
    gives the same bits.
    """
    lanes = tile.size[LANES]
    for i in range(e, e + n):
        price = mu[i - e]
        if price == tile.leaf[P1, i]:
            continue
        left, right, taken = tile.leaf[LOW, i], tile.leaf[HIGH, i], 0.0
        for q in range(tile.link[i // lanes], tile.link[i // lanes + 1]):
            z = q * lanes + i % lanes
            if tile.jump[LENGTH, z] > 0.0:
                if tile.jump[RISE, z] >= price:
                    left = tile.jump[AT, z] + tile.jump[LENGTH, z]
                    taken += tile.jump[LENGTH, z]
                else:
                    right = tile.jump[AT, z]
                    break
        parts = components(tile, i)
        x, slope = _root(parts, left, right, price, tile.leaf[P0, i])
        tile.leaf[P0, i], tile.leaf[P1, i] = math.log(x) if x > 0.0 else tile.leaf[P0, i], price
        tile.leaf[X, i], tile.leaf[SLOPE, i] = x - taken, slope


@inner
def _root(parts: Parts, left: float, right: float, mu: float, guess: float) -> tuple[float, float]:
    """Spend in [left, right] at which the marginal return is exp(mu), clipped.

    And dx/dμ (0 where clipped).
    """
    if right <= left or mu == math.inf:
        return left, 0.0
    if mu == -math.inf:
        return right, 0.0
    low = math.log(left) if left > 0.0 else -math.inf
    high = math.log(right)
    at = min(max(guess, low), high)
    for _ in range(STEPS):
        _, first, second = terms(parts, at)
        miss = (math.log(first) if first > 0.0 else -math.inf) - at - mu
        if miss > 0.0:
            low = at
        else:
            high = at
        fall = second / first - 1.0 if first > 0.0 else 0.0
        step = -miss / fall if fall < 0.0 else math.nan
        if abs(step) <= CLOSE:
            break
        to = at + step
        if not low < to < high:
            to = 0.5 * (low + high) if low > -math.inf else high - max(2.0 * (high - at), 8.0)
            if to < -690.0:
                return left, 0.0
            if not low < to < high:
                break
        at = to
    x = min(max(math.exp(at), left), right)
    inside = left * (1.0 + SAME) < x < right * (1.0 - SAME)  # rounding must not look like room to move
    return x, (x / fall if inside and fall < 0.0 else 0.0)


@inner
def _f(parts: Parts, x: float) -> float:
    return terms(parts, math.log(x))[0] if x > 0.0 else 0.0


@part
def mixture_pieces(tile: Tile, e: int) -> None:
    """Find the straight pieces of the envelope of element `e` on [low, high] and store them as its jumps.

    A grid in ln x brackets every stretch where the marginal return rises; the ends of each piece are then
    refined to a common tangent.
    """
    lanes = tile.size[LANES]
    first, last = tile.link[e // lanes], tile.link[e // lanes + 1]
    for q in range(first, last):
        z = q * lanes + e % lanes
        tile.jump[AT, z], tile.jump[LENGTH, z], tile.jump[TAKEN, z] = 0.0, 0.0, 0.0
        tile.jump[RISE, z] = -math.inf
    low, high = tile.leaf[LOW, e], tile.leaf[HIGH, e]
    if first == last or high <= low:
        return
    parts = components(tile, e)
    if not _any_positive(parts.scale):
        z = first * lanes + e % lanes
        tile.jump[LENGTH, z], tile.jump[AT, z] = high - low, low
        return
    if low >= _last_inflection(parts):
        return
    grid = Grid(np.empty(GRID), np.empty(GRID), np.empty(GRID), np.empty(GRID, dtype=np.int64))
    size = _hull(parts, grid, low, high)
    q, i = first, 0
    while i < size - 1:
        if not _bridges(grid, i):
            i += 1
            continue
        j = i + 1
        while j < size - 1 and _bridges(grid, j):
            j += 1
        a, b = _common_tangent(parts, grid.x, grid.hull[i], grid.hull[j])
        q = _store(tile, parts, a, b, q, e)
        i = j


@part
def _store(tile: Tile, parts: Parts, a: float, b: float, q: int, e: int) -> int:
    """Write the piece [a, b] into slot `q` of element `e`; returns the next free slot.

    Tangent points found to the last digits only must not make pieces overlap, nor rise from one to the next:
    supply would then count money twice.
    """
    lanes, jump = tile.size[LANES], tile.jump
    first, last = tile.link[e // lanes], tile.link[e // lanes + 1]
    if b - a <= LEAST_PIECE * b:
        return q
    while q > first:
        z = (q - 1) * lanes + e % lanes
        a = max(a, jump[AT, z] + jump[LENGTH, z])
        if q < last and b > a and _log_rise(parts, a, b) < jump[RISE, z]:
            break
        a, b, q = jump[AT, z], max(a, b), q - 1
    z = q * lanes + e % lanes
    jump[AT, z], jump[LENGTH, z], jump[RISE, z] = a, b - a, _log_rise(parts, a, b)
    return q + 1


@inner
def _log_rise(parts: Parts, a: float, b: float) -> float:
    """Logarithm of the slope of the line from `a` to `b`."""
    return math.log(max((_f(parts, b) - _f(parts, a)) / (b - a), 1e-300))


@inner
def _any_positive(scale: Floats) -> bool:
    positive = False
    for g in range(scale.size):
        positive = positive or scale[g] > 0.0
    return positive


@inner
def _last_inflection(parts: Parts) -> float:
    """Spend beyond which every component is concave, and so their sum."""
    last = -math.inf
    for g in range(parts.shape.size):
        s = parts.shape[g]
        if s > 1.0 and parts.scale[g] > 0.0:
            last = max(last, parts.log_half[g] + math.log((s - 1.0) / (s + 1.0)) / s)
    return math.exp(last)


class Grid(NamedTuple):
    """Points of a curve.

    Attributes
    ----------
    x, f, slope : (N,)
        Spends, values and marginal returns.
    hull : (N,)
        Which of them span the upper hull.
    """

    x: Floats
    f: Floats
    slope: Floats
    hull: Ints


@inner
def _hull(parts: Parts, grid: Grid, low: float, high: float) -> int:
    """Fill the grid on [low, high] and return how many of its points span the upper hull."""
    x, f, slope, hull = grid
    nearest = parts.log_half[0]
    for g in range(parts.log_half.size):
        nearest = min(nearest, parts.log_half[g])
    start = max(low, min(math.exp(nearest) * 1e-4, 1e-4 * high))
    width, size = math.log(high / start), 0
    points = min(max(int(width / STEP) + 3, FEWEST), x.size)
    for i in range(points):
        x[i] = start * math.exp(width * (i - 1) / (points - 2))
    x[0], x[points - 1 :] = low, high
    for i in range(points):
        here = max(x[i], 1e-290)
        f[i], slope[i], _ = terms(parts, math.log(here))
        f[i], slope[i] = f[i] if x[i] > 0.0 else 0.0, slope[i] / here
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
def _bridges(grid: Grid, edge: int) -> bool:
    """Whether an edge of the hull passes over points of the grid.

    Or its curve bends upwards between two neighbours.
    """
    i, j = grid.hull[edge], grid.hull[edge + 1]
    return bool(j > i + 1 or grid.slope[j] > grid.slope[i] * (1.0 + 1e-12))


@inner
def _common_tangent(parts: Parts, x: Floats, i: int, j: int) -> tuple[float, float]:
    """Find the ends of the straight piece near [x_i, x_j], by turns the steepest line from each."""
    a, b = x[i], x[j]
    for _ in range(8):
        before_a, before_b = a, b
        b = _touch(parts, a, x[j - 1], x[min(j + 1, x.size - 1)])
        a = _touch(parts, b, x[i + 1], x[max(i - 1, 0)])
        if a == before_a or (abs(a - before_a) <= 1e-12 * a and abs(b - before_b) <= 1e-12 * b):
            break
    return a, b


@inner
def _touch(parts: Parts, anchor: float, near: float, far: float) -> float:
    """Point between `near` and `far` whose tangent passes through the anchor.

    `far` if the tangent point lies beyond. Newton on f(x) − f(anchor) − f'(x)(x − anchor), which is negative
    while the line can be tilted further out and whose slope is −f''(x)(x − anchor), within the bracket.
    """
    if near == far:
        return far
    base, x = _f(parts, anchor), far
    for _ in range(TOUCHES):
        here = max(x, 1e-290)
        f, first, second = terms(parts, math.log(here))
        miss = f - base - first / here * (x - anchor)
        if miss < 0.0:
            if x == far:
                return far
            near = x
        else:
            far = x
        bend = (second - first) / (here * here) * (x - anchor)
        to = x + miss / bend if bend != 0.0 else math.nan
        if abs(to - x) <= NEWTON_CLOSE * here:
            return min(max(to, min(near, far)), max(near, far))
        if not min(near, far) < to < max(near, far):
            to = 0.5 * (near + far)
            if to in (near, far):
                break
        x = to
    return far
