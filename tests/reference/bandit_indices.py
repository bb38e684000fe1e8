"""Bandits one row and one arm at a time: the slow meaning of memories and indices."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import rel_entr


def divergence(p: float, q: float) -> float:
    return float(rel_entr(p, q) + rel_entr(1.0 - p, 1.0 - q))


def kl_upper(p: float, level: float) -> float:
    """Solve kl(p, q) = level for 1 − q on a logarithmic scale, where it is well conditioned."""
    if p >= 1.0 or level == 0.0:
        return p

    def excess(log_rest: float) -> float:
        rest = math.exp(log_rest)
        tail = (1.0 - p) * (math.log1p(-p) - log_rest)
        return tail + (p * (math.log(p) - math.log1p(-rest)) if p > 0.0 else 0.0) - level

    return 1.0 - math.exp(brentq(excess, -1e20, math.log1p(-p), xtol=1e-14))


def glr(rewards: list[float]) -> float:
    """Largest log likelihood ratio over every split of a sequence of Bernoulli rewards."""
    n, overall = len(rewards), float(np.mean(rewards))
    splits = [
        s * divergence(float(np.mean(rewards[:s])), overall)
        + (n - s) * divergence(float(np.mean(rewards[s:])), overall)
        for s in range(1, n)
    ]
    return max(splits, default=0.0)
