"""Indices of arms, element by element, and the choice of the best arm of each row."""

from __future__ import annotations

import math

import numpy as np

from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.normal import inverse_normal_in_place
from aicmo.core.kernels.types import Floats, Ints

NEWTON_STEPS = 50


@kernel
def best_arms(index: Floats, uniforms: Floats) -> Ints:
    """Arm of the largest index in each row of (N, A); the larger uniform decides between equals."""
    N, A = index.shape
    arms = np.zeros(N, np.int64)
    for n in range(N):
        best = 0
        for a in range(1, A):
            tie = index[n, a] == index[n, best] and uniforms[n, a] > uniforms[n, best]
            if index[n, a] > index[n, best] or tie:
                best = a
        arms[n] = best
    return arms


@kernel
def gaussian_index(
    pulls: Floats, sums: Floats, uniforms: Floats, prior_mean: float, prior_pulls: float, sd: float
) -> Floats:
    """Posterior draws (N, A) of means under a normal prior worth `prior_pulls` pulls and a known `sd`."""
    index = uniforms.copy()
    flat, counts, totals = index.reshape(-1), pulls.reshape(-1), sums.reshape(-1)
    inverse_normal_in_place(flat)
    for i in range(flat.size):
        share = 1.0 / (prior_pulls + counts[i])
        flat[i] = (prior_pulls * prior_mean + totals[i]) * share + flat[i] * (sd * math.sqrt(share))
    return index


@kernel
def divergence(p: float, q: float) -> float:
    """Kullback–Leibler divergence of Bernoulli(p) from Bernoulli(q), with 0 · log 0 = 0."""
    total = 0.0
    if p > 0.0:
        total += p * math.log(p / q)
    if p < 1.0:
        total += (1.0 - p) * math.log((1.0 - p) / (1.0 - q))
    return total


@kernel
def kl_upper(p: float, level: float) -> float:
    """Largest q with kl(p, q) ≤ level, by Newton from above, where convexity makes every step safe.

    Two bounds start it: Pinsker's q ≤ p + √(level/2), and kl(p, q) ≥ −(1−p) log(1−q) − entropy(p).
    """
    if p >= 1.0:
        return 1.0
    entropy = -(1.0 - p) * math.log(1.0 - p) - (p * math.log(p) if p > 0.0 else 0.0)
    rest = math.exp(-(level + entropy) / (1.0 - p))
    q = min(p + math.sqrt(0.5 * level), 1.0 - rest)
    for _ in range(NEWTON_STEPS):
        if not p < q < 1.0:
            break
        step = (divergence(p, q) - level) * q * (1.0 - q) / (q - p)
        q = max(q - step, p)
        if step <= 1e-13 * q:
            break
    return q


@kernel
def kl_index(pulls: Floats, sums: Floats, level: Floats) -> Floats:
    """Upper confidence bounds (N, A) by divergence: level (N,) per pull; infinite where there is no pull."""
    N, A = pulls.shape
    index = np.full((N, A), math.inf)
    for n in range(N):
        for a in range(A):
            if pulls[n, a] > 0.0:
                mean = min(max(sums[n, a] / pulls[n, a], 0.0), 1.0)
                index[n, a] = kl_upper(mean, level[n] / pulls[n, a])
    return index
