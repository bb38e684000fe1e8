"""What the leaves of a run of equal family want at given prices: one straight-line loop a family, for vector code.

Each loop reads few arrays and writes one, since LLVM gives up on loops whose arrays might overlap in too many ways.
"""

import math

from aicmo.core.kernels.elementary import exp, fma, log1p_unit
from aicmo.core.kernels.hill import hill_root
from aicmo.core.kernels.jit import part
from aicmo.core.kernels.mixture import mixture_demand
from aicmo.core.kernels.tile import (
    EXPONENTIAL,
    FALL,
    HALF,
    HIGH,
    HILL,
    LOGARITHMIC,
    MIXTURE,
    P0,
    P1,
    POWER,
    SHAPE,
    SLOPE,
    START,
    TOP,
    X,
    Tile,
)
from aicmo.core.kernels.types import Floats

SOFTPLUS_WIDTH = 1.2399453  # 2 ln 2 · √0.8: softplus(w) ≈ (w + √(w² + d²))/2 then errs by at most 0.06
CLOSE = 1e-4  # a fourth-order step of this length leaves an error of 1e-16


@part
def respond(tile: Tile, kind: int, e: int, n: int, mu: Floats, inverse: Floats) -> None:
    """Demand X and SLOPE = dx/dμ of elements e … e+n at log-prices `mu`, with `inverse` = exp(−mu)."""
    x, slope, start, high = (
        tile.leaf[X, e : e + n],
        tile.leaf[SLOPE, e : e + n],
        tile.leaf[START, e : e + n],
        tile.leaf[HIGH, e : e + n],
    )
    p0, p1 = tile.leaf[P0, e : e + n], tile.leaf[P1, e : e + n]
    if kind == LOGARITHMIC:
        for i in range(n):
            x[i] = fma(p0[i], inverse[i], -p1[i])
        for i in range(n):
            slope[i] = -(x[i] + p1[i])
    elif kind == EXPONENTIAL:
        for i in range(n):
            x[i] = fma(-p1[i], mu[i], p0[i])
        for i in range(n):
            slope[i] = -p1[i]
    elif kind == POWER:
        for i in range(n):
            x[i] = exp(fma(-p1[i], mu[i], p0[i]))
        for i in range(n):
            slope[i] = -p1[i] * x[i]
    elif kind == HILL:
        _respond_hill(tile, e, n, mu, x, slope)
    elif kind == MIXTURE:
        mixture_demand(tile, e, n, mu)
        return
    for i in range(n):
        slope[i] = slope[i] if start[i] < x[i] < high[i] else 0.0
    for i in range(n):
        x[i] = min(max(x[i], start[i]), high[i])


@part
def _respond_hill(tile: Tile, e: int, n: int, mu: Floats, x: Floats, slope: Floats) -> None:
    """Solve θw − 2 softplus(w) = y by two fourth-order Householder steps from a closed-form start.

    `x` carries w and `slope` carries y meanwhile. Prices beyond the ends of the leaf are moved to the ends, so that every element has
    a root and none can hide that it did not converge; the few that did not go through a guarded scalar Newton.
    """
    p0, b = tile.leaf[P0, e : e + n], tile.leaf[P1, e : e + n]
    top, fall = tile.leaf[TOP, e : e + n], tile.leaf[FALL, e : e + n]
    half, high, start = tile.leaf[HALF, e : e + n], tile.leaf[HIGH, e : e + n], tile.leaf[START, e : e + n]
    for i in range(n):
        slope[i] = min(max(mu[i], fall[i]), top[i]) - p0[i]
    for i in range(n):
        x[i] = first_guess(slope[i], b[i])
    for i in range(n):
        x[i] += householder(x[i], slope[i], b[i])
    wild = 0
    for i in range(n):
        step = householder(x[i], slope[i], b[i])
        x[i] = x[i] + step if abs(step) <= CLOSE else math.nan
        wild += 0 if abs(step) <= CLOSE else 1
    if wild:
        for i in range(n):
            if not x[i] == x[i]:
                x[i] = hill_root(slope[i], 1.0 / b[i])
    for i in range(n):
        slope[i] = slope_at(x[i], b[i])
    for i in range(n):
        x[i] = half[i] * exp(x[i] * b[i])
    for i in range(n):
        slope[i] *= x[i]
    for i in range(n):
        x[i] = high[i] if mu[i] <= fall[i] else x[i]
    for i in range(n):
        x[i] = start[i] if mu[i] >= top[i] else x[i]


@part
def first_guess(y: float, b: float) -> float:
    """Root of the equation with softplus replaced by a hyperbola, as a quotient that stays finite at s = 1 (b = 1/s)."""
    root = math.sqrt(max(fma(y, y, (b * b - 1.0) * (SOFTPLUS_WIDTH * SOFTPLUS_WIDTH)), 0.0))
    below = (y * y - SOFTPLUS_WIDTH * SOFTPLUS_WIDTH) / (root - b * y)
    above = -(b * y + root) / (b * b - 1.0)
    return above if y > 0.0 else below


@part
def householder(w: float, y: float, b: float) -> float:
    """One Householder step of order four on g(w) = (1−b)w − 2 softplus(w) − y."""
    t = exp(-abs(w))
    upper = 1.0 / (1.0 + t)
    share = upper if w > 0.0 else 1.0 - upper
    fall = (1.0 - b) - 2.0 * share
    bend = -2.0 * share * (1.0 - share)
    miss = (1.0 - b) * w - 2.0 * (max(w, 0.0) + log1p_unit(t)) - y
    inverse = 1.0 / fall
    h, c2, c3 = miss * inverse, bend * inverse, bend * (1.0 - 2.0 * share) * inverse
    return -h * (1.0 - 0.5 * h * c2) / (1.0 - h * c2 + h * h * c3 * (1.0 / 6.0))


@part
def slope_at(w: float, b: float) -> float:
    """d ln x/dμ = b/g'(w)."""
    t = exp(-abs(w))
    upper = 1.0 / (1.0 + t)
    return b / ((1.0 - b) - 2.0 * (upper if w > 0.0 else 1.0 - upper))
