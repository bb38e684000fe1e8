"""What a block of a crowd buys at a price, how that changes with the price, and what it brings."""

import math

from aicmo.core.kernels.crowd import (
    BEGIN,
    COUNT,
    FIRST,
    GATE,
    KIND,
    LEAST,
    MOST,
    SECOND,
    STRAIGHT,
    THIRD,
    WORTH,
    Crowd,
    get,
)
from aicmo.core.kernels.elementary import exp, expm1, fma, log, log1p, log1p_unit
from aicmo.core.kernels.hill import first_guess, hill_root, householder_step
from aicmo.core.kernels.jit import distinct, inner
from aicmo.core.kernels.respond import EASY, slope_at
from aicmo.core.kernels.tile import EXPONENTIAL, HILL, LOGARITHMIC, PARTIAL, POWER
from aicmo.core.kernels.types import Floats

STEPS = 4
X, SLOPE, Y, T, STEP = range(5)
WORK_ROWS = 5
NOTHING = float("nan")


@inner
def answer(
    crowd: Crowd, b: int, n: int, mu: float, room: float, close: float, root: Floats, work: Floats
) -> None:
    """Demand X and SLOPE = dx/dμ of the first n of block `b` at log-price `mu`, none beyond the room.

    `root` keeps their w of Hill curves between calls, NaN where it is not known; a last step of `close` in w
    errs by its fourth power.
    """
    kind, low, most = crowd.block[b, KIND], get(crowd, b, LEAST, n), get(crowd, b, MOST, n)
    p, x, slope = get(crowd, b, FIRST, n), work[X, :n], work[SLOPE, :n]
    if kind == HILL:
        inverse, gate = get(crowd, b, SECOND, n), get(crowd, b, GATE, n)
        hill_roots(mu, close, p, inverse, gate, root, slope, work[Y, :n], work[T, :n], work[STEP, :n])
        half, start = get(crowd, b, THIRD, n), get(crowd, b, BEGIN, n)
        hill_demand(mu, room, inverse, half, low, most, start, gate, root, x, slope)
        return
    if kind == STRAIGHT:
        straight_demand(mu, room, p, low, most, x, slope)
        return
    if kind == LOGARITHMIC:
        logarithmic_demand(exp(-mu), get(crowd, b, WORTH, n), p, x, slope)
    elif kind == EXPONENTIAL:
        exponential_demand(mu, p, get(crowd, b, SECOND, n), x, slope)
    else:
        power_demand(mu, p, get(crowd, b, SECOND, n), x, slope)
    clip(room, low, most, x, slope)


@distinct
def straight_demand(
    mu: float, room: float, rise: Floats, low: Floats, most: Floats, x: Floats, slope: Floats
) -> None:
    """Buy all or nothing."""
    for i in range(rise.size):
        x[i] = min(most[i], low[i] + room) if rise[i] > mu else low[i]
    for i in range(rise.size):
        slope[i] = 0.0


@distinct
def logarithmic_demand(inverse: float, a: Floats, k: Floats, x: Floats, slope: Floats) -> None:
    """Write a/λ − k into X."""
    for i in range(a.size):
        x[i] = fma(a[i], inverse, -k[i])
    for i in range(a.size):
        slope[i] = -(x[i] + k[i])


@distinct
def exponential_demand(mu: float, p: Floats, k: Floats, x: Floats, slope: Floats) -> None:
    """Write k ln(a/k) − k ln λ into X."""
    for i in range(p.size):
        x[i] = fma(-k[i], mu, p[i])
    for i in range(p.size):
        slope[i] = -k[i]


@distinct
def power_demand(mu: float, p: Floats, q: Floats, x: Floats, slope: Floats) -> None:
    """Write (a s/λ)^(1/(1−s)) into X."""
    for i in range(p.size):
        x[i] = exp(fma(-q[i], mu, p[i]))
    for i in range(p.size):
        slope[i] = -q[i] * x[i]


@distinct
def clip(room: float, low: Floats, most: Floats, x: Floats, slope: Floats) -> None:
    """Keep demand within its bounds, where it answers to no price."""
    for i in range(low.size):
        slope[i] = slope[i] if low[i] < x[i] < min(most[i], low[i] + room) else 0.0
    for i in range(low.size):
        x[i] = min(max(x[i], low[i]), most[i], low[i] + room)


@distinct
def hill_roots(
    mu: float, close: float, p: Floats, inverse: Floats, gate: Floats, w: Floats, slope: Floats, y: Floats,
    t: Floats, step: Floats,
) -> None:  # fmt: skip
    """Solve θw − 2 softplus(w) = y as `respond` does, from the last root where there is one.

    SLOPE is d ln x/dμ at the last root but one, which is near enough.
    """
    n, fresh = p.size, 0
    for i in range(n):
        y[i] = mu - p[i] if mu < gate[i] else EASY
    for i in range(n):
        w[i] = w[i] if mu < gate[i] else 0.0
    for i in range(n):
        fresh += 1 if math.isnan(w[i]) else 0
    if fresh:
        for i in range(n):
            w[i] = first_guess(y[i], inverse[i]) if math.isnan(w[i]) else w[i]
    for _ in range(STEPS):
        if hill_step(close, inverse, y, w, slope, t, step) == 0:
            return
    for i in range(n):
        if not (abs(step[i]) <= close and slope[i] < 0.0):
            w[i] = hill_root(y[i], 1.0 / inverse[i])
            slope[i] = slope_at(w[i], inverse[i])


@distinct
def hill_step(
    close: float, inverse: Floats, y: Floats, w: Floats, slope: Floats, t: Floats, step: Floats
) -> int:
    """Move every w by one Householder step of order four; how many are not close yet."""
    n, far = w.size, 0
    for i in range(n):
        t[i] = exp(-abs(w[i]))
    for i in range(n):
        step[i] = log1p_unit(t[i])
    for i in range(n):
        step[i] = householder_step(w[i], y[i], inverse[i], t[i], step[i])
    for i in range(n):
        b, p = inverse[i], 1.0 + t[i]
        slope[i] = b * p / ((1.0 - b) * p - 2.0 * (1.0 if w[i] > 0.0 else t[i]))
    for i in range(n):
        w[i] += step[i]
    for i in range(n):
        far += 0 if abs(step[i]) <= close and slope[i] < 0.0 else 1
    return far


@distinct
def hill_demand(
    mu: float, room: float, inverse: Floats, half: Floats, low: Floats, most: Floats, start: Floats,
    gate: Floats, w: Floats, x: Floats, slope: Floats,
) -> None:  # fmt: skip
    """Spends at the roots, kept on their leaves; what is not bought leaves no root behind."""
    n = half.size
    for i in range(n):
        x[i] = half[i] * exp(w[i] * inverse[i])
    for i in range(n):
        high = min(most[i], low[i] + room)
        slope[i] = slope[i] * x[i] if start[i] < x[i] < high and mu < gate[i] else 0.0
    for i in range(n):
        x[i] = min(max(x[i], start[i]), most[i], low[i] + room) if mu < gate[i] else low[i]
    for i in range(n):
        w[i] = w[i] if mu < gate[i] else NOTHING


@inner
def value(crowd: Crowd, b: int, x: Floats, f: Floats) -> None:
    """Response at spends `x` of block `b`, in the arithmetic of `fill_response`."""
    kind, n = crowd.block[b, KIND], crowd.block[b, COUNT]
    a = get(crowd, b, WORTH, n)
    if kind == LOGARITHMIC:
        logarithmic_value(a, get(crowd, b, FIRST, n), x, f)
    elif kind == EXPONENTIAL:
        exponential_value(a, get(crowd, b, SECOND, n), x, f)
    elif kind == HILL:
        hill_value(a, get(crowd, b, THIRD, n), get(crowd, b, SECOND, n), x, f)
    elif kind == POWER:
        power_value(a, get(crowd, b, THIRD, n), x, f)
    else:
        for i in range(n):
            f[i] = a[i] * x[i]


@distinct
def logarithmic_value(a: Floats, k: Floats, x: Floats, f: Floats) -> None:
    """a·ln(1 + x/k)."""
    for i in range(a.size):
        f[i] = a[i] * log1p(x[i] / k[i])


@distinct
def exponential_value(a: Floats, k: Floats, x: Floats, f: Floats) -> None:
    """a·(1 − e^(−x/k))."""
    for i in range(a.size):
        f[i] = -a[i] * expm1(-(x[i] / k[i]))


@distinct
def power_value(a: Floats, s: Floats, x: Floats, f: Floats) -> None:
    """a·xˢ."""
    for i in range(a.size):
        f[i] = s[i] * log(x[i])
    for i in range(a.size):
        f[i] = a[i] * exp(f[i]) if x[i] > 0.0 else 0.0


@distinct
def hill_value(a: Floats, half: Floats, inverse: Floats, x: Floats, f: Floats) -> None:
    """a/(1 + (x/κ)^−s)."""
    for i in range(a.size):
        f[i] = log(x[i] / half[i]) / inverse[i]
    for i in range(a.size):
        f[i] = a[i] / (1.0 + exp(-f[i])) if x[i] > 0.0 else 0.0


@inner
def total(values: Floats, n: int, partial: Floats) -> float:
    """Add n numbers up in eight partial sums, so that vector code can."""
    for i in range(PARTIAL):
        partial[i] = 0.0
    whole = n // PARTIAL * PARTIAL
    for j in range(0, whole, PARTIAL):
        for i in range(PARTIAL):
            partial[i] += values[j + i]
    for j in range(whole, n):
        partial[j - whole] += values[j]
    near, far = (partial[0] + partial[1]) + (partial[2] + partial[3]), partial[4] + partial[5]
    return float(near + (far + (partial[6] + partial[7])))
