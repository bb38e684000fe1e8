"""The concave envelope of one curve on [lower, upper]: one straight piece, then the curve itself.

For an S-shaped curve the piece runs from (lower, f(lower)) to the tangent point, or to `upper` where the
tangent would lie beyond it. Concave curves have an empty piece. From a lower bound of zero the tangent
point of a Hill curve is κ(s−1)^(1/s) (from f(t) = t f'(t)).
"""

import math

from aicmo.core.kernels.families import HILL, POWER, inflection, log_marginal, value
from aicmo.core.kernels.jit import inner

BISECTIONS = 200


@inner
def _shortfall(kind: int, a: float, k: float, s: float, low: float, x: float) -> float:
    """f(x) − f(low) − f'(x)(x − low): negative while the tangent point lies beyond `x`."""
    rise = value(kind, a, k, s, x) - value(kind, a, k, s, low)
    return rise - math.exp(log_marginal(kind, a, k, s, x)) * (x - low)


@inner
def tangent(kind: int, a: float, k: float, s: float, low: float, high: float) -> float:
    """Where the straight piece of the envelope that starts at `low` ends.

    `low` itself where the curve is concave.
    """
    if kind == POWER and s == 1.0:
        return high
    bend = inflection(kind, k, s)
    if low >= bend or low >= high:
        return low
    if high <= bend:
        return high
    top = k * math.exp(math.log(s - 1.0) / s) if kind == HILL else high
    top = max(top, bend)
    if low == 0.0:
        return min(top, high)
    if high <= top:
        if _shortfall(kind, a, k, s, low, high) <= 0.0:
            return high
        top = high
    return _bisect(kind, a, k, s, low, bend, top)


@inner
def _bisect(kind: int, a: float, k: float, s: float, low: float, left: float, right: float) -> float:
    for _ in range(BISECTIONS):
        middle = 0.5 * (left + right)
        if middle <= left or middle >= right:
            break
        if _shortfall(kind, a, k, s, low, middle) < 0.0:
            left = middle
        else:
            right = middle
    return right


@inner
def log_rise(kind: int, a: float, k: float, s: float, low: float, tangent_point: float) -> float:
    """Logarithm of the first slope of the envelope: of the straight piece, or of the curve at `low`."""
    if tangent_point > low:
        rise = value(kind, a, k, s, tangent_point) - value(kind, a, k, s, low)
        return math.log(rise) - math.log(tangent_point - low) if rise > 0.0 else -math.inf
    return log_marginal(kind, a, k, s, low)
