"""The Hill curve v·xˢ/(κˢ+xˢ) in the variable w = s·ln(x/κ), where nothing overflows.

With θ = 1 − 1/s the marginal return is f'(x) = (v s/κ)·exp(θw)/(1+eʷ)², so a price λ is met where
θw − 2 softplus(w) = ln λ − ln(v s/κ).
"""

import math

from aicmo.core.kernels.elementary import exp, fma, log1p_unit
from aicmo.core.kernels.jit import inner

NEWTON_LIMIT = 200
QUICK = 12
CLOSE = 1e-4  # a fourth-order step of this length leaves an error of 1e-16
SOFTPLUS_WIDTH = 1.2399453  # 2 ln 2 · √0.8: softplus(w) ≈ (w + √(w² + d²))/2 then errs by at most 0.06


@inner
def softplus(w: float) -> float:
    """ln(1 + eʷ) without overflow."""
    return max(w, 0.0) + math.log1p(math.exp(-abs(w)))


@inner
def logistic(w: float) -> float:
    """1/(1 + e⁻ʷ) without overflow."""
    t = math.exp(-abs(w))
    return 1.0 / (1.0 + t) if w > 0.0 else t / (1.0 + t)


@inner
def hill_value(a: float, k: float, s: float, x: float) -> float:
    """Response at spend `x` > 0."""
    return a * logistic(s * (math.log(x) - math.log(k)))


@inner
def hill_log_marginal(a: float, k: float, s: float, x: float) -> float:
    """Logarithm of the marginal return at spend `x`: ±inf at 0 unless s = 1."""
    top = math.log(a) + math.log(s) - math.log(k)
    if x > 0.0:
        w = s * (math.log(x) - math.log(k))
        return top + (1.0 - 1.0 / s) * w - 2.0 * softplus(w)
    if s == 1.0:
        return top
    return math.inf if s < 1.0 else -math.inf


@inner
def log_slope_at(w: float, top: float, b: float) -> float:
    """Ln f' at w for b = 1/s and `top` = ln(v s/κ), in vector code."""
    return top + (1.0 - b) * w - 2.0 * (max(w, 0.0) + log1p_unit(exp(-abs(w))))


@inner
def share_at(w: float) -> float:
    """1/(1 + e⁻ʷ) in vector code."""
    t = exp(-abs(w))
    return (1.0 if w > 0.0 else t) / (1.0 + t)


@inner
def hill_root(y: float, s: float) -> float:
    """W on the concave branch with g(w) = θw − 2 softplus(w) = `y`.

    The inflection point where `y` is beyond the steepest.

    Fourth-order steps of at most 3, then Newton from the right: g falls and is concave on that branch and
    lies below θw − 2 max(w, 0), from whose root Newton descends monotonically.
    """
    theta = 1.0 - 1.0 / s
    if theta == 0.0 or y == math.inf:
        return math.log(math.expm1(-0.5 * y)) if y < 0.0 else -math.inf
    right = y / theta if s < 1.0 and y > 0.0 else y / (theta - 2.0)
    floor = math.log((s - 1.0) / (s + 1.0)) if s > 1.0 else -math.inf
    w = max(min(hill_start(y, theta), right), floor)
    for _ in range(QUICK):
        step = householder(w, y, 1.0 - theta)
        if abs(step) <= CLOSE and w > floor:
            return w + step
        w = min(max(w + min(max(step, -3.0), 3.0), floor), right) if not math.isnan(step) else right
    w = max(right, floor)
    for _ in range(NEWTON_LIMIT):
        fall = theta - 2.0 * logistic(w)
        if fall >= 0.0:
            break
        before = w
        w = max(w - (theta * w - 2.0 * softplus(w) - y) / fall, floor)
        if w >= before or before - w <= 1e-15 * abs(w):
            break
    return w


@inner
def hill_start(y: float, theta: float) -> float:
    """Find a start for any shape: near s = 1 the root at s = 1, kept on its side of the root at y = 0.

    −W(2/|θ|).
    """
    if abs(theta) > 0.25:
        return first_guess(y, 1.0 - theta)
    scale = math.log(2.0 / abs(theta))
    middle = math.log(scale) - scale
    if y >= 0.0:
        return min(y / theta, middle)
    straight = math.log(math.expm1(-0.5 * y)) if y > -1400.0 else -0.5 * y
    return max(straight, middle) if theta < 0.0 else max(straight, math.log(theta / (2.0 - theta)) + 0.05)


@inner
def first_guess(y: float, b: float) -> float:
    """Root of the equation with softplus replaced by (w + √(w² + d²))/2.

    As a quotient that stays finite at s = 1 (b = 1/s).
    """
    root = math.sqrt(max(fma(y, y, (b * b - 1.0) * (SOFTPLUS_WIDTH * SOFTPLUS_WIDTH)), 0.0))
    below = (y * y - SOFTPLUS_WIDTH * SOFTPLUS_WIDTH) / (root - b * y)
    above = -(b * y + root) / (b * b - 1.0)
    return above if y > 0.0 else below


@inner
def householder(w: float, y: float, b: float) -> float:
    """One Householder step of order four on g(w) = (1−b)w − 2 softplus(w) − y."""
    t = exp(-abs(w))
    return householder_step(w, y, b, t, log1p_unit(t))


@inner
def householder_step(w: float, y: float, b: float, t: float, soft: float) -> float:
    """Do the same, given t = e^−|w| and `soft` = ln(1+t).

    With p = 1+t and q = 1 or t, g' = F/p for F = (1−b)p − 2q, and all derivatives over one denominator leave
    a single division.
    """
    p, right = 1.0 + t, w > 0.0
    fall = (1.0 - b) * p - 2.0 * (1.0 if right else t)
    miss = (1.0 - b) * w - 2.0 * (max(w, 0.0) + soft) - y
    square, tm = fall * fall, t * miss
    skew = tm * miss * (t - 1.0 if right else 1.0 - t)
    return -miss * p * (square + tm) / (fall * (square + 2.0 * tm) - skew * (1.0 / 3.0))


@inner
def hill_invert(a: float, k: float, s: float, mu: float) -> float:
    """Spend on the concave branch at which ln f' = `mu`.

    The inflection point where `mu` is beyond the steepest.
    """
    y = mu - (math.log(a) + math.log(s) - math.log(k))
    if s == 1.0:
        return k * math.expm1(-0.5 * y) if y < 0.0 else 0.0
    return k * math.exp(hill_root(y, s) / s)
