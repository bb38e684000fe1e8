"""Sums of Hill curves Σ_g v_g xˢ/(κˢ+xˢ) of one campaign: value, marginal, demand and concave envelope.

A posterior mean over a grid of shapes is such a sum. All components are evaluated in one vector loop over g
in the variable w = s·(ln x − ln κ); equations are solved in ln x for the logarithm of the marginal return,
which is nearly straight there.
"""

import math

import numpy as np

from aicmo.core.kernels.elementary import exp
from aicmo.core.kernels.jit import part
from aicmo.core.kernels.tile import AT, COMPONENTS, HIGH, LANES, LENGTH, LOW, P0, P1, RISE, SLOPE, Tile, X
from aicmo.core.kernels.types import Floats

GRID = 64
STEPS = 100
CLOSE = 1e-13


@part
def terms(log_half: Floats, shape: Floats, scale: Floats, log_x: float) -> tuple[float, float, float]:
    """Value f, x·f' and d(x·f')/d ln x of a mixture at ln x."""
    n = log_half.size
    share, both = np.empty(n), np.empty(n)
    for g in range(n):
        w = shape[g] * (log_x - log_half[g])
        t = exp(-abs(w))
        upper = 1.0 / (1.0 + t)
        share[g] = upper if w > 0.0 else t * upper
        both[g] = scale[g] * shape[g] * t * upper * upper
    f, first, second = 0.0, 0.0, 0.0
    for g in range(n):
        f += scale[g] * share[g]
        first += both[g]
        second += both[g] * shape[g] * (1.0 - 2.0 * share[g])
    return f, first, second


@part
def components(tile: Tile, e: int) -> tuple[Floats, Floats, Floats]:
    """Log half-saturations, shapes and scales (G,) of element `e`."""
    lanes, n = tile.size[LANES], tile.size[COMPONENTS]
    at = (tile.slot[e // lanes] * lanes + e % lanes) * n
    return tile.mixture[0, at : at + n], tile.mixture[1, at : at + n], tile.mixture[2, at : at + n]


@part
def mixture_value(tile: Tile, e: int, x: float) -> float:
    """Response of element `e` at spend `x`."""
    log_half, shape, scale = components(tile, e)
    return terms(log_half, shape, scale, math.log(x))[0] if x > 0.0 else 0.0


@part
def mixture_log_marginal(tile: Tile, e: int, x: float) -> float:
    """Logarithm of the marginal return of element `e` at spend `x`."""
    log_half, shape, scale = components(tile, e)
    log_x = math.log(max(x, 1e-290))
    first = terms(log_half, shape, scale, log_x)[1]
    return math.log(first) - log_x if first > 0.0 else -math.inf


@part
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
        log_half, shape, scale = components(tile, i)
        x, slope = _root(log_half, shape, scale, left, right, price, tile.leaf[P0, i])
        tile.leaf[P0, i], tile.leaf[P1, i] = math.log(x) if x > 0.0 else tile.leaf[P0, i], price
        tile.leaf[X, i], tile.leaf[SLOPE, i] = x - taken, slope


@part
def _root(
    log_half: Floats, shape: Floats, scale: Floats, left: float, right: float, mu: float, guess: float
) -> tuple[float, float]:
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
        _, first, second = terms(log_half, shape, scale, at)
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
    return x, (x / fall if left < x < right and fall < 0.0 else 0.0)


@part
def mixture_pieces(tile: Tile, e: int) -> None:
    """Find the straight pieces of the envelope of element `e` on [low, high] and store them as its jumps.

    A grid in ln x brackets every stretch where the marginal return rises; the ends of each piece are then
    refined to a common tangent.
    """
    lanes = tile.size[LANES]
    first, last = tile.link[e // lanes], tile.link[e // lanes + 1]
    for q in range(first, last):
        tile.jump[:, q * lanes + e % lanes] = 0.0
        tile.jump[RISE, q * lanes + e % lanes] = -math.inf
    low, high = tile.leaf[LOW, e], tile.leaf[HIGH, e]
    if first == last or high <= low:
        return
    log_half, shape, scale = components(tile, e)
    if not np.any(scale > 0.0):
        tile.jump[LENGTH, first * lanes + e % lanes], tile.jump[AT, first * lanes + e % lanes] = (
            high - low,
            low,
        )
        return
    x, _, hull = _hull(log_half, shape, scale, low, high)
    q, i = first, 0
    while i < hull.size - 1:
        if not _bridges(log_half, shape, scale, x, hull[i], hull[i + 1]):
            i += 1
            continue
        j = i + 1
        while j < hull.size - 1 and _bridges(log_half, shape, scale, x, hull[j], hull[j + 1]):
            j += 1
        a, b = _common_tangent(log_half, shape, scale, x, hull[i], hull[j])
        rise = (_f(log_half, shape, scale, b) - _f(log_half, shape, scale, a)) / (b - a)
        z = min(q, last - 1) * lanes + e % lanes
        tile.jump[AT, z], tile.jump[LENGTH, z], tile.jump[RISE, z] = a, b - a, math.log(max(rise, 1e-300))
        q += 1
        i = j


@part
def _f(log_half: Floats, shape: Floats, scale: Floats, x: float) -> float:
    return terms(log_half, shape, scale, math.log(x))[0] if x > 0.0 else 0.0


@part
def _slope(log_half: Floats, shape: Floats, scale: Floats, x: float) -> float:
    x = max(x, 1e-290)
    return terms(log_half, shape, scale, math.log(x))[1] / x


@part
def _hull(
    log_half: Floats, shape: Floats, scale: Floats, low: float, high: float
) -> tuple[Floats, Floats, "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
    """Grid points on [low, high], their values, and which of them span the upper hull."""
    start = max(low, min(math.exp(np.min(log_half)) * 1e-4, 1e-4 * high))
    x, f = np.empty(GRID), np.empty(GRID)
    for i in range(GRID):
        x[i] = start * math.exp(math.log(high / start) * (i - 1) / (GRID - 2))
    x[0], x[GRID - 1] = low, high
    hull, size = np.empty(GRID, dtype=np.int64), 0
    for i in range(GRID):
        f[i] = _f(log_half, shape, scale, x[i])
        if i and x[i] <= x[i - 1]:
            continue
        while size >= 2:
            a, b = hull[size - 2], hull[size - 1]
            if (f[b] - f[a]) * (x[i] - x[b]) > (f[i] - f[b]) * (x[b] - x[a]):
                break
            size -= 1
        hull[size] = i
        size += 1
    return x, f, hull[:size]


@part
def _bridges(log_half: Floats, shape: Floats, scale: Floats, x: Floats, i: int, j: int) -> bool:
    """Whether the hull's edge passes over points of the grid.

    Or its curve bends upwards between two neighbours.
    """
    return j > i + 1 or _slope(log_half, shape, scale, x[j]) > _slope(log_half, shape, scale, x[i]) * (
        1.0 + 1e-12
    )


@part
def _common_tangent(
    log_half: Floats, shape: Floats, scale: Floats, x: Floats, i: int, j: int
) -> tuple[float, float]:
    """Find the ends of the straight piece near [x_i, x_j], by turns the steepest line from each."""
    a, b = x[i], x[j]
    for _ in range(8):
        before_a, before_b = a, b
        b = _touch(log_half, shape, scale, a, x[j - 1], x[min(j + 1, x.size - 1)])
        a = _touch(log_half, shape, scale, b, x[i + 1], x[max(i - 1, 0)])
        if abs(a - before_a) <= 1e-12 * a and abs(b - before_b) <= 1e-12 * b:
            break
    return a, b


@part
def _touch(log_half: Floats, shape: Floats, scale: Floats, anchor: float, near: float, far: float) -> float:
    """Point between `near` and `far` whose tangent passes through the anchor.

    `far` if the tangent point lies beyond.
    """
    base = _f(log_half, shape, scale, anchor)
    if near == far or _above(log_half, shape, scale, anchor, base, far):
        return far
    for _ in range(60):
        middle = 0.5 * (near + far)
        if middle in (near, far):
            break
        if _above(log_half, shape, scale, anchor, base, middle):
            near = middle
        else:
            far = middle
    return far


@part
def _above(log_half: Floats, shape: Floats, scale: Floats, anchor: float, base: float, x: float) -> bool:
    """Whether the line from the anchor can still be tilted further out than `x`."""
    f, first, _ = terms(log_half, shape, scale, math.log(max(x, 1e-290)))
    gain = f - base - first / max(x, 1e-290) * (x - anchor)
    return gain < 0.0
