"""EXP3: exponential weights against rewards that somebody may choose to fool us."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aicmo.core.bandits.evidence import Evidence

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Exp3:
    """Rule and memory in one (Auer, Cesa-Bianchi, Freund & Schapire 2002): `Bandit(exp3, exp3)`.

    Rewards lie in [0, 1]. `sums` are estimated gains, reward over probability of the pull, so the estimate of
    every arm is without bias although only one is seen.

    Parameters
    ----------
    gamma : float
        Share of uniform exploration, and the learning rate times A, in (0, 1].
    """

    gamma: float

    def __post_init__(self) -> None:
        if not 0.0 < self.gamma <= 1.0:
            raise ValueError(f"gamma lies in (0, 1], got {self.gamma}")

    @classmethod
    def for_horizon(cls, arms: int, steps: int) -> Exp3:
        """γ of their corollary 3.2: regret is at most 2.63 √(T A log A) whatever the rewards."""
        return cls(min(1.0, math.sqrt(arms * math.log(arms) / ((math.e - 1.0) * steps))) if arms > 1 else 1.0)

    def probabilities(self, evidence: Evidence) -> Floats:
        """Probability of each arm, (N, A)."""
        A = evidence.sums.shape[1]
        weights = np.exp(self.gamma / A * (evidence.sums - evidence.sums.max(axis=1, keepdims=True)))
        share: Floats = (1.0 - self.gamma) * weights / weights.sum(axis=1, keepdims=True) + self.gamma / A
        return share

    def choose(self, evidence: Evidence, uniforms: Floats) -> Ints:
        """Draw an arm a row out of the row's first uniform."""
        passed = np.cumsum(self.probabilities(evidence), axis=1)[:, :-1] <= uniforms[:, :1]
        arms: Ints = np.count_nonzero(passed, axis=1).astype(np.int64)
        return arms

    def init(self, rows: int, arms: int) -> Evidence:
        """Return empty evidence."""
        return Evidence(np.zeros((rows, arms)), np.zeros((rows, arms)))

    def update(self, evidence: Evidence, arms: Ints, rewards: Floats) -> Evidence:
        """Add reward over probability to the gain of the pulled arm."""
        rows = np.arange(arms.size)
        pulls, gains = evidence.pulls.copy(), evidence.sums.copy()
        pulls[rows, arms] += 1.0
        gains[rows, arms] += rewards / self.probabilities(evidence)[rows, arms]
        return Evidence(pulls, gains)

    def forget(self, evidence: Evidence, which: NDArray[np.bool_]) -> Evidence:
        """Give replaced arms the mean gain of the others, as good a start as any."""
        known = ~which
        others = (
            np.sum(evidence.sums * known, axis=1, keepdims=True) / np.maximum(known.sum(axis=1), 1)[:, None]
        )
        return Evidence(np.where(which, 0.0, evidence.pulls), np.where(which, others, evidence.sums))
