"""The closed set of response families: value, log-marginal and its inverse, one campaign at a time.

Every function works on the logarithm of the marginal return, so that prices far below the smallest double
(exponential saturation a thousand half-lives out) are still told apart.
"""

import math

from aicmo.core.kernels.hill import hill_invert, hill_log_marginal, hill_value
from aicmo.core.kernels.jit import inner

HILL, LOGARITHMIC, EXPONENTIAL, POWER = 0, 1, 2, 3


@inner
def value(kind: int, a: float, k: float, s: float, x: float) -> float:
    """Response at spend `x`; exactly 0 at 0."""
    if x <= 0.0 or a == 0.0:
        return 0.0
    if kind == HILL:
        return hill_value(a, k, s, x)
    if kind == LOGARITHMIC:
        return a * math.log1p(x / k)
    if kind == EXPONENTIAL:
        return -a * math.expm1(-x / k)
    return float(a * math.pow(x, s))


@inner
def log_marginal(kind: int, a: float, k: float, s: float, x: float) -> float:
    """Logarithm of the marginal return at spend `x`; may be infinite at 0."""
    if a == 0.0:
        return -math.inf
    if kind == HILL:
        return hill_log_marginal(a, k, s, x)
    if kind == LOGARITHMIC:
        return math.log(a) - math.log(k + x)
    if kind == EXPONENTIAL:
        return math.log(a) - math.log(k) - x / k
    if s == 1.0:
        return math.log(a)
    return math.log(a) + math.log(s) + (s - 1.0) * math.log(x) if x > 0.0 else math.inf


@inner
def invert(kind: int, a: float, k: float, s: float, mu: float) -> float:
    """Spend on the concave branch at which the marginal return is exp(`mu`).

    Negative spends mean below zero.
    """
    if kind == HILL:
        return hill_invert(a, k, s, mu)
    if kind == LOGARITHMIC:
        return math.exp(math.log(a) - mu) - k
    if kind == EXPONENTIAL:
        return k * (math.log(a) - math.log(k) - mu)
    return math.exp((math.log(a) + math.log(s) - mu) / (1.0 - s))


@inner
def log_slope(kind: int, k: float, s: float, x: float) -> float:
    """dx/dμ on the concave branch at spend `x`: how demand answers to the logarithm of the price."""
    if kind == HILL:
        t = math.exp(-abs(s * (math.log(x) - math.log(k))))
        share = 1.0 / (1.0 + t) if x > k else t / (1.0 + t)
        return x / (s - 1.0 - 2.0 * s * share)
    if kind == LOGARITHMIC:
        return -(x + k)
    if kind == EXPONENTIAL:
        return -k
    return x / (s - 1.0)


@inner
def inflection(kind: int, k: float, s: float) -> float:
    """Spend up to which the curve is convex; 0 for concave curves."""
    if kind == HILL and s > 1.0:
        return k * math.exp(math.log((s - 1.0) / (s + 1.0)) / s)
    return 0.0
