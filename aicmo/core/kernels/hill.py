"""The Hill curve v·xˢ/(κˢ+xˢ) in the variable w = s·ln(x/κ), where nothing overflows.

With θ = 1 − 1/s the marginal return is f'(x) = (v s/κ)·exp(θw)/(1+eʷ)², so a price λ is met where
θw − 2 softplus(w) = ln λ − ln(v s/κ).
"""

import math

from aicmo.core.kernels.jit import part

NEWTON_LIMIT = 200


@part
def softplus(w: float) -> float:
    """ln(1 + eʷ) without overflow."""
    return max(w, 0.0) + math.log1p(math.exp(-abs(w)))


@part
def logistic(w: float) -> float:
    """1/(1 + e⁻ʷ) without overflow."""
    t = math.exp(-abs(w))
    return 1.0 / (1.0 + t) if w > 0.0 else t / (1.0 + t)


@part
def hill_value(a: float, k: float, s: float, x: float) -> float:
    """Response at spend `x` > 0."""
    return a * logistic(s * (math.log(x) - math.log(k)))


@part
def hill_log_marginal(a: float, k: float, s: float, x: float) -> float:
    """Logarithm of the marginal return at spend `x`: ±inf at 0 unless s = 1."""
    top = math.log(a) + math.log(s) - math.log(k)
    if x > 0.0:
        w = s * (math.log(x) - math.log(k))
        return top + (1.0 - 1.0 / s) * w - 2.0 * softplus(w)
    if s == 1.0:
        return top
    return math.inf if s < 1.0 else -math.inf


@part
def hill_root(y: float, s: float) -> float:
    """w on the concave branch with θw − 2 softplus(w) = `y`; the inflection point where `y` is beyond the steepest.

    The left-hand side falls and is concave on that branch and is at most θw − 2 max(w, 0): the root of that bound lies to the
    right, from where Newton descends monotonically.
    """
    if s == 1.0 or y == math.inf:
        return math.log(math.expm1(-0.5 * y)) if y < 0.0 else -math.inf
    theta = 1.0 - 1.0 / s
    w = y / theta if s < 1.0 and y > 0.0 else y / (theta - 2.0)
    floor = -math.inf
    if s > 1.0:
        floor = math.log((s - 1.0) / (s + 1.0))
        w = max(w, floor)
    for _ in range(NEWTON_LIMIT):
        fall = theta - 2.0 * logistic(w)
        if fall >= 0.0:
            break
        before = w
        w = max(w - (theta * w - 2.0 * softplus(w) - y) / fall, floor)
        if w >= before or before - w <= 1e-15 * abs(w):
            break
    return w


@part
def hill_invert(a: float, k: float, s: float, mu: float) -> float:
    """Spend on the concave branch at which ln f' = `mu`; the inflection point where `mu` is beyond the steepest."""
    y = mu - (math.log(a) + math.log(s) - math.log(k))
    if s == 1.0:
        return k * math.expm1(-0.5 * y) if y < 0.0 else 0.0
    return k * math.exp(hill_root(y, s) / s)
