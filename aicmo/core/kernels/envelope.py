"""The concave envelope of one curve on [lower, upper]: one straight piece, then the curve itself.

For an S-shaped curve the piece runs from (lower, f(lower)) to the tangent point, or to `upper` where the
tangent would lie beyond it. Concave curves have an empty piece. From a lower bound of zero the tangent
point of a Hill curve is κ(s−1)^(1/s) (from f(t) = t f'(t)).
"""

import math

from aicmo.core.kernels.elementary import TINY, exp, expm1
from aicmo.core.kernels.families import HILL, POWER, inflection, log_marginal, value
from aicmo.core.kernels.jit import distinct, inner
from aicmo.core.kernels.types import Floats

BISECTIONS = 200
TOUCHED = 1e-7  # in w: Newton leaves the square of its last step, also beyond the end of the bracket


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


@distinct
def hill_tangents(low: Floats, b: Floats, root: Floats, left: Floats, right: Floats, step: Floats) -> None:
    """Tangent points of Hill curves from `low` as w = s·ln(x/κ), for the elements with left < right.

    `low` is w at the lower bounds, `left` and `right` bracket each `root`, the start. Newton on
    f(x) − f(low) − f'(x)(x − low), which rises with x right of the inflection point, within the bracket;
    an element that has come close stands still, so that its bits do not depend on its neighbours.
    """
    n = root.size
    for _ in range(BISECTIONS):
        apart = 0
        for i in range(n):
            apart += 1 if left[i] < right[i] else 0
        if apart == 0:
            break
        for i in range(n):
            step[i] = tangent_step(root[i], low[i], b[i]) if left[i] < right[i] else 0.0
        for i in range(n):
            left[i] = root[i] if step[i] > 0.0 else left[i]
        for i in range(n):
            right[i] = root[i] if step[i] < 0.0 else right[i]
        for i in range(n):
            to = root[i] + step[i]
            outside = left[i] < right[i] and not left[i] - TOUCHED <= to <= right[i] + TOUCHED
            step[i] = 0.5 * (left[i] + right[i]) - root[i] if outside else step[i]
        for i in range(n):
            root[i] += step[i]
        for i in range(n):
            right[i] = left[i] if abs(step[i]) <= TOUCHED else right[i]


@inner
def tangent_start(low: float, bend: float, top: float) -> float:
    """Start of the search: the tangent from nothing for a far lower bound, that of a cubic for a near one.

    All in w: lower bound, inflection point and tangent point from nothing. Four steps are then the most.
    """
    near, far = 0.5 * (bend - low), top - bend
    return bend + near * far / math.sqrt(near * near + far * far)


@inner
def tangent_step(w: float, low: float, b: float) -> float:
    """Newton's step in w for the tangent from `low`; its sign tells on which side of the root w lies.

    With P the logistic of w and e = x_low/x the equation is P − P_low = P(1−P)·s·(1−e), and the derivative
    of its difference is P(1−P)(1−e)(1 − s(1−2P)).
    """
    t, u = exp(-abs(w)), exp(-abs(low))
    share = (1.0 if w > 0.0 else t) / (1.0 + t)
    below = (1.0 if low > 0.0 else u) / (1.0 + u)
    far = -expm1((low - w) * b)
    bend = t / ((1.0 + t) * (1.0 + t))
    miss = (share - below) * b - bend * far
    return -miss / (bend * far * max(b - 1.0 + 2.0 * share, TINY))
