"""Piecewise-linear response through given points: value, and the concave hull as a row of jumps."""

import math

import numpy as np

from aicmo.core.kernels.jit import inner, part, spliced
from aicmo.core.kernels.tile import AT, HIGH, JUMP_ROWS, LANES, LENGTH, LOW, POINTS, RISE, Tile
from aicmo.core.kernels.types import Floats


@spliced
def points(tile: Tile, e: int) -> tuple[Floats, Floats]:
    """Spends and responses (P,) of element `e`; repeated last points are padding."""
    lanes, n = tile.size[LANES], tile.size[POINTS]
    at = (tile.slot[e // lanes] * lanes + e % lanes) * n
    return tile.knots[0, at : at + n], tile.knots[1, at : at + n]


@inner
def interpolate(spend: Floats, response: Floats, x: float) -> float:
    """Response at `x`; flat beyond the last point."""
    n = spend.size
    if x >= spend[n - 1]:
        return float(response[n - 1])
    low, high = 0, n - 1
    while high - low > 1:
        middle = (low + high) // 2
        if spend[middle] <= x:
            low = middle
        else:
            high = middle
    width = spend[high] - spend[low]
    share = (x - spend[low]) / width if width > 0.0 else 0.0
    return float(response[low] + share * (response[high] - response[low]))


@inner
def table_slope(spend: Floats, response: Floats, x: float) -> float:
    """Slope to the right of `x`; 0 beyond the last point."""
    for i in range(spend.size - 1):
        if spend[i] <= x < spend[i + 1]:
            return float((response[i + 1] - response[i]) / (spend[i + 1] - spend[i]))
    return 0.0


@part
def table_pieces(tile: Tile, e: int) -> None:
    """Store the edges of the upper hull of element `e` on [low, high] as its jumps."""
    lanes = tile.size[LANES]
    first, last = tile.link[e // lanes], tile.link[e // lanes + 1]
    for q in range(first, last):
        for row in range(JUMP_ROWS):
            tile.jump[row, q * lanes + e % lanes] = 0.0
        tile.jump[RISE, q * lanes + e % lanes] = -math.inf
    low, high = tile.leaf[LOW, e], tile.leaf[HIGH, e]
    if high <= low:
        return
    spend, response = points(tile, e)
    x, f = clip_points(spend, response, low, high)
    hull = upper_hull(x, f)
    for q in range(hull.size - 1):
        a, b = hull[q], hull[q + 1]
        z = (first + q) * lanes + e % lanes
        rise = (f[b] - f[a]) / (x[b] - x[a])
        tile.jump[AT, z], tile.jump[LENGTH, z] = x[a], x[b] - x[a]
        tile.jump[RISE, z] = math.log(rise) if rise > 0.0 else -math.inf


@part
def clip_points(spend: Floats, response: Floats, low: float, high: float) -> tuple[Floats, Floats]:
    """Take the points inside (low, high) with the ends of the interval added."""
    x, f, n = np.empty(spend.size + 2), np.empty(spend.size + 2), 1
    x[0], f[0] = low, interpolate(spend, response, low)
    for i in range(spend.size):
        if x[n - 1] < spend[i] < high:
            x[n], f[n] = spend[i], response[i]
            n += 1
    x[n], f[n] = high, interpolate(spend, response, high)
    return x[: n + 1], f[: n + 1]


@part
def upper_hull(x: Floats, f: Floats) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Find the points on the least concave function above all points."""
    hull, size = np.empty(x.size, dtype=np.int64), 0
    for i in range(x.size):
        while size >= 2:
            a, b = hull[size - 2], hull[size - 1]
            if (f[b] - f[a]) * (x[i] - x[b]) > (f[i] - f[b]) * (x[b] - x[a]):
                break
            size -= 1
        hull[size] = i
        size += 1
    return hull[:size]
