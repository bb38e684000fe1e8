"""Curves evaluated over arrays: the compiled loops behind `Curves.value` and its relatives."""

import math
from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.envelope import log_rise, tangent
from aicmo.core.kernels.families import inflection, invert, log_marginal, value
from aicmo.core.kernels.jit import inner, kernel, part
from aicmo.core.kernels.mixture import Parts, terms
from aicmo.core.kernels.table import interpolate, table_slope
from aicmo.core.kernels.tile import MIXTURE, POWER, TABLE
from aicmo.core.kernels.types import Floats, Ints


class Parameters(NamedTuple):
    """Curves as kernels take them; see `Problem` for the shapes."""

    kind: Ints
    slot: Ints
    scale: Floats
    half: Floats
    shape: Floats
    mixture: Floats
    knots: Floats


@part
def mixture_at(p: Parameters, r: int, c: int, log_x: float) -> tuple[float, float, float]:
    """Value and log-derivatives of mixture `c` of row `r`."""
    q, d = r if p.mixture.shape[1] > 1 else 0, p.slot[c]
    n = p.mixture.shape[3]
    parts = Parts(
        np.log(p.mixture[0, q, d]), p.mixture[1, q, d], p.mixture[2, q, d], np.empty(n), np.empty(n)
    )
    return terms(parts, log_x)


@part
def value_at(p: Parameters, r: int, c: int, x: float) -> float:
    """Response of curve `c` of row `r` at `x`."""
    if x <= 0.0:
        return 0.0
    if p.kind[c] == MIXTURE:
        return mixture_at(p, r, c, math.log(x))[0]
    if p.kind[c] == TABLE:
        q = r if p.knots.shape[1] > 1 else 0
        return interpolate(p.knots[0, q, p.slot[c]], p.knots[1, q, p.slot[c]], x)
    q = r if p.scale.shape[0] > 1 else 0
    return value(p.kind[c], p.scale[q, c], p.half[q, c], p.shape[q, c], x)


@inner
def _log_marginal_at_nothing(p: Parameters, r: int, c: int) -> float:
    """Logarithm of the marginal return of a mixture at zero spend: only components of s ≤ 1 have any."""
    d, q, slope = p.slot[c], r if p.mixture.shape[1] > 1 else 0, 0.0
    for g in range(p.mixture.shape[3]):
        half, s, scale = p.mixture[0, q, d, g], p.mixture[1, q, d, g], p.mixture[2, q, d, g]
        if scale > 0.0 and s < 1.0:
            return math.inf
        slope += scale / half if s == 1.0 else 0.0
    return math.log(slope) if slope > 0.0 else -math.inf


@part
def log_marginal_of(p: Parameters, r: int, c: int, x: float) -> float:
    """Logarithm of the marginal return of curve `c` of row `r` at `x`; of a table, to the right of `x`."""
    if p.kind[c] == MIXTURE:
        if x == 0.0:
            return _log_marginal_at_nothing(p, r, c)
        log_x = math.log(max(x, 1e-290))
        first = mixture_at(p, r, c, log_x)[1]
        return math.log(first) - log_x if first > 0.0 else -math.inf
    if p.kind[c] == TABLE:
        q = r if p.knots.shape[1] > 1 else 0
        slope = table_slope(p.knots[0, q, p.slot[c]], p.knots[1, q, p.slot[c]], x)
        return math.log(slope) if slope > 0.0 else -math.inf
    q = r if p.scale.shape[0] > 1 else 0
    return log_marginal(p.kind[c], p.scale[q, c], p.half[q, c], p.shape[q, c], x)


@inner
def inverse_at(p: Parameters, r: int, c: int, price: float) -> float:
    """Largest spend at which curve `c` of row `r` still returns `price`; 0 if there is none."""
    if p.kind[c] == TABLE:
        return _inverse_table(p, r, c, price)
    q = r if p.scale.shape[0] > 1 else 0
    k, a, h, s = p.kind[c], p.scale[q, c], p.half[q, c], p.shape[q, c]
    if a == 0.0 or price == math.inf:
        return 0.0
    if price <= 0.0:
        return math.inf
    mu = math.log(price)
    if k == MIXTURE:
        return _inverse_mixture(p, r, c, mu)
    if k == POWER and s == 1.0:
        return math.inf if mu <= math.log(a) else 0.0
    steepest = log_marginal(k, a, h, s, inflection(k, h, s))
    return max(invert(k, a, h, s, mu), 0.0) if mu <= steepest else 0.0


@inner
def _inverse_table(p: Parameters, r: int, c: int, price: float) -> float:
    q = r if p.knots.shape[1] > 1 else 0
    spend, response = p.knots[0, q, p.slot[c]], p.knots[1, q, p.slot[c]]
    if price <= 0.0:
        return math.inf
    for i in range(spend.size - 1, 0, -1):
        if spend[i] > spend[i - 1] and response[i] - response[i - 1] >= price * (spend[i] - spend[i - 1]):
            return float(spend[i])
    return 0.0


@inner
def _inverse_mixture(p: Parameters, r: int, c: int, mu: float) -> float:
    """Walk down in ln x from where every component is saturated until the marginal return is reached.

    Then bisect.
    """
    high = 690.0
    step = 0.05
    low = high
    while low > -690.0 and log_marginal_of(p, r, c, math.exp(low)) < mu:
        high, low = low, low - step if low < 100.0 else low - 10.0
    if low <= -690.0:
        return 0.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        if log_marginal_of(p, r, c, math.exp(middle)) < mu:
            high = middle
        else:
            low = middle
    return math.exp(0.5 * (low + high))


@kernel
def evaluate(p: Parameters, what: int, x: Floats, out: Floats) -> None:
    """Value (0), marginal (1) or inverse marginal (2) at `x` (R, C)."""
    for r in range(x.shape[0]):
        for c in range(x.shape[1]):
            if what == 0:
                out[r, c] = value_at(p, r, c, x[r, c])
            elif what == 1:
                out[r, c] = math.exp(log_marginal_of(p, r, c, x[r, c]))
            else:
                out[r, c] = inverse_at(p, r, c, x[r, c])


@inner
def tangents(p: Parameters, lower: Floats, upper: Floats, point: Floats, slope: Floats) -> None:
    """End of the first straight piece of each envelope of the closed families on [lower, upper] (R.

    C) and its slope.
    """
    for r in range(lower.shape[0]):
        q = r if p.scale.shape[0] > 1 else 0
        for c in range(lower.shape[1]):
            k, a, h, s, low = p.kind[c], p.scale[q, c], p.half[q, c], p.shape[q, c], lower[r, c]
            point[r, c] = upper[r, c] if a == 0.0 else tangent(k, a, h, s, low, upper[r, c])
            slope[r, c] = math.exp(log_rise(k, a, h, s, low, point[r, c]))
