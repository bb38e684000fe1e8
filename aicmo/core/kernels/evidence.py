"""What a bandit remembers, moved one step: counts and sums, discounted, windowed, or maturing."""

from __future__ import annotations

import numpy as np

from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.types import Floats, Ints


@kernel
def count(pulls: Floats, sums: Floats, arms: Ints, rewards: Floats, factor: float) -> tuple[Floats, Floats]:
    """Fade pulls and sums (N, A) by `factor` and add one pull a row, into fresh arrays."""
    N, A = pulls.shape
    new_pulls, new_sums = np.empty((N, A)), np.empty((N, A))
    for n in range(N):
        for a in range(A):
            new_pulls[n, a] = factor * pulls[n, a]
            new_sums[n, a] = factor * sums[n, a]
        new_pulls[n, arms[n]] += 1.0
        new_sums[n, arms[n]] += rewards[n]
    return new_pulls, new_sums


@kernel
def recount(arms: Ints, rewards: Floats, A: int) -> tuple[Floats, Floats]:
    """Sum a window of arms and rewards (N, W) anew; arm −1 is an empty place."""
    N, W = arms.shape
    pulls, sums = np.zeros((N, A)), np.zeros((N, A))
    for n in range(N):
        for w in range(W):
            if arms[n, w] >= 0:
                pulls[n, arms[n, w]] += 1.0
                sums[n, arms[n, w]] += rewards[n, w]
    return pulls, sums


@kernel
def mature(tries: Floats, ages: Floats, arms: Ints, ripeness: Floats) -> tuple[Floats, Floats, Floats]:
    """Age recent tries (N, A, L) by a step and add one try a row.

    Returns all tries (N, A), recent tries by age, and the matured tries Σ tries · P(delay ≤ age); `ripeness`
    (L,) holds the delay's distribution function at ages 0 … L − 1, older tries count in full.
    """
    N, A, L = ages.shape
    new_tries, new_ages, matured = tries.copy(), np.empty((N, A, L)), np.empty((N, A))
    for n in range(N):
        new_tries[n, arms[n]] += 1.0
        for a in range(A):
            unripe = 0.0
            for age in range(L - 1, -1, -1):
                new = 1.0 if a == arms[n] else 0.0
                new_ages[n, a, age] = ages[n, a, age - 1] if age > 0 else new
                unripe += new_ages[n, a, age] * (1.0 - ripeness[age])
            matured[n, a] = new_tries[n, a] - unripe
    return new_tries, new_ages, matured
