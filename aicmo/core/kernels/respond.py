"""What the leaves of a run of equal family want at given prices.

One straight-line loop a family, for vector code.

Each loop reads few arrays and writes one, since LLVM gives up on loops whose arrays might overlap in too
many ways.
"""

import math

from aicmo.core.kernels.elementary import exp, fma, log1p_unit
from aicmo.core.kernels.hill import CLOSE, first_guess, hill_root, householder_step
from aicmo.core.kernels.jit import inner
from aicmo.core.kernels.mixture import mixture_demand
from aicmo.core.kernels.tile import (
    EXPONENTIAL,
    FALL,
    HALF,
    HIGH,
    HILL,
    LEVEL,
    LOGARITHMIC,
    MIXTURE,
    P0,
    P1,
    POWER,
    ROOT,
    SLOPE,
    SPEND,
    START,
    TOP,
    VALUE,
    Tile,
    X,
)
from aicmo.core.kernels.types import Floats

STEPS = 4
NEARBY = 0.5  # in ln λ: a root no farther than this is a better start than the closed form
EASY = -2.0 * math.log(2.0)  # y of the root w = 0 for every shape


@inner
def respond(tile: Tile, kind: int, e: int, n: int, mu: Floats, inverse: Floats) -> None:  # noqa: C901, PLR0912  # one case a family, one loop an array: vector code needs it flat
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


@inner
def _respond_hill(tile: Tile, e: int, n: int, mu: Floats, x: Floats, slope: Floats) -> None:  # noqa: C901, PLR0912  # one loop an array: vector code needs it flat
    """Solve θw − 2 softplus(w) = y by fourth-order Householder steps from the last root, if it is near.

    ROOT and LEVEL keep w and y between calls, so that a row whose price stands still keeps its bits. Prices
    beyond the ends of the leaf are replaced by one with the root w = 0, so that every element has a root and
    none can hide that it did not converge; the few that did not go through a guarded scalar search.
    """
    p0, b, w, level = (
        tile.leaf[P0, e : e + n],
        tile.leaf[P1, e : e + n],
        tile.leaf[ROOT, e : e + n],
        tile.leaf[LEVEL, e : e + n],
    )
    top, fall = tile.leaf[TOP, e : e + n], tile.leaf[FALL, e : e + n]
    half, high, start = tile.leaf[HALF, e : e + n], tile.leaf[HIGH, e : e + n], tile.leaf[START, e : e + n]
    for i in range(n):
        slope[i] = mu[i] - p0[i] if fall[i] < mu[i] < top[i] else EASY
    for i in range(n):
        x[i] = 0.0 if slope[i] == level[i] else 1.0
    moved = 0
    for i in range(n):
        moved += 0 if abs(slope[i] - level[i]) < NEARBY else 1
    if moved:
        for i in range(n):
            w[i] = w[i] if abs(slope[i] - level[i]) < NEARBY else first_guess(slope[i], b[i])
    for i in range(n):
        level[i] = slope[i]
    _solve(tile, e, n, x)
    for i in range(n):
        slope[i] = slope_at(w[i], b[i])
    wild = 0
    for i in range(n):  # left of the inflection point g rises: the wrong root
        wild += 0 if x[i] == 0.0 and slope[i] < 0.0 else 1
    if wild:
        for i in range(n):
            if not (x[i] == 0.0 and slope[i] < 0.0):
                w[i] = hill_root(level[i], 1.0 / b[i])
                slope[i] = slope_at(w[i], b[i])
    for i in range(n):
        x[i] = half[i] * exp(w[i] * b[i])
    for i in range(n):
        slope[i] *= x[i]
    for i in range(n):
        x[i] = high[i] if mu[i] <= fall[i] else x[i]
    for i in range(n):
        x[i] = start[i] if mu[i] >= top[i] else x[i]


@inner
def _solve(tile: Tile, e: int, n: int, far: Floats) -> None:
    """Move ROOT of elements e … e+n to the root for LEVEL where `far` is 1, each until it is close.

    SPEND and VALUE, which are filled when all prices are known, are room to work in until then.
    """
    b, w, y = tile.leaf[P1, e : e + n], tile.leaf[ROOT, e : e + n], tile.leaf[LEVEL, e : e + n]
    t, step = tile.leaf[SPEND, e : e + n], tile.leaf[VALUE, e : e + n]
    for _ in range(STEPS):
        left = 0
        for i in range(n):
            left += 1 if far[i] > 0.0 else 0
        if left == 0:
            break
        for i in range(n):
            t[i] = exp(-abs(w[i]))
        for i in range(n):
            step[i] = log1p_unit(t[i])
        for i in range(n):
            step[i] = householder_step(w[i], y[i], b[i], t[i], step[i])
        for i in range(n):
            w[i] = w[i] + step[i] if far[i] > 0.0 else w[i]
        for i in range(n):
            far[i] = 0.0 if abs(step[i]) <= CLOSE else far[i]


@inner
def slope_at(w: float, b: float) -> float:
    """D ln x/dμ = b/g'(w)."""
    t = exp(-abs(w))
    p = 1.0 + t
    return b * p / ((1.0 - b) * p - 2.0 * (1.0 if w > 0.0 else t))
