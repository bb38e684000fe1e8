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
    LOGARITHMIC,
    MIXTURE,
    P0,
    P1,
    POWER,
    SLOPE,
    SPEND,
    START,
    TOP,
    VALUE,
    Tile,
    X,
)
from aicmo.core.kernels.types import Floats

STEPS = 2  # before the last: with one, a third of all elements would need the scalar search
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
def _respond_hill(tile: Tile, e: int, n: int, mu: Floats, x: Floats, slope: Floats) -> None:  # noqa: C901, PLR0912  # one case a family, one loop an array: vector code needs it flat
    """Solve θw − 2 softplus(w) = y by three fourth-order Householder steps from a closed-form start.

    `x` carries w and `slope` carries y meanwhile. Prices beyond the ends of the leaf are replaced by one
    with the root w = 0, so that every element has a root and none can hide that it did not converge; the
    few that did not go through a guarded scalar search. SPEND and VALUE, which are filled when all prices
    are known, are room to work in until then.
    """
    p0, b = tile.leaf[P0, e : e + n], tile.leaf[P1, e : e + n]
    top, fall = tile.leaf[TOP, e : e + n], tile.leaf[FALL, e : e + n]
    half, high, start = tile.leaf[HALF, e : e + n], tile.leaf[HIGH, e : e + n], tile.leaf[START, e : e + n]
    for i in range(n):
        slope[i] = mu[i] - p0[i] if fall[i] < mu[i] < top[i] else EASY
    for i in range(n):
        x[i] = first_guess(slope[i], b[i])
    t, step = tile.leaf[SPEND, e : e + n], tile.leaf[VALUE, e : e + n]
    for _ in range(STEPS):
        _steps(x, slope, b, t, step)
        for i in range(n):
            x[i] += step[i]
    _steps(x, slope, b, t, step)
    for i in range(n):  # a root left of the inflection point, where θ(1+t) ≥ 2t, is the wrong one
        falls = x[i] > 0.0 or (1.0 - b[i]) * (1.0 + t[i]) < 2.0 * t[i]
        x[i] = x[i] + step[i] if abs(step[i]) <= CLOSE and falls else math.nan
    wild = 0
    for i in range(n):
        wild += 1 if math.isnan(x[i]) else 0
    if wild:
        for i in range(n):
            if math.isnan(x[i]):
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


@inner
def _steps(w: Floats, y: Floats, b: Floats, t: Floats, step: Floats) -> None:
    """Householder steps of all elements; three loops, since LLVM inlines no more than this into one."""
    for i in range(w.size):
        t[i] = exp(-abs(w[i]))
    for i in range(w.size):
        step[i] = log1p_unit(t[i])
    for i in range(w.size):
        step[i] = householder_step(w[i], y[i], b[i], t[i], step[i])


@inner
def slope_at(w: float, b: float) -> float:
    """D ln x/dμ = b/g'(w)."""
    t = exp(-abs(w))
    upper = 1.0 / (1.0 + t)
    return b / ((1.0 - b) - 2.0 * (upper if w > 0.0 else 1.0 - upper))
