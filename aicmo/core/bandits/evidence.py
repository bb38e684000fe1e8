"""Memories that count: everything, with a discount, or within a sliding window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Evidence:
    """What every rule reads.

    Parameters
    ----------
    pulls, sums : (N, A)
        Weight of the pulls that are remembered, and the sum of their rewards.
    """

    pulls: Floats
    sums: Floats

    @property
    def time(self) -> Floats:
        """Weight of all pulls of a row, (N,): the steps so far, the discounted steps, or min(t, window)."""
        total: Floats = self.pulls.sum(axis=1)
        return total

    def means(self, without: float) -> Floats:
        """Mean reward (N, A), and `without` where there is no pull."""
        means = np.full(self.pulls.shape, without)
        np.divide(self.sums, self.pulls, out=means, where=self.pulls > 0.0)
        return means


@dataclass(frozen=True)
class Counting:
    """Remember every pull, each step fading the past by `discount` (Garivier & Moulines 2011).

    All arms fade, pulled or not: if only the pulled arm fades, a neglected one keeps its old evidence.

    Parameters
    ----------
    discount : float
        In (0, 1]; 1 forgets nothing. The memory is about 1/(1 − discount) steps long.
    """

    discount: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.discount <= 1.0:
            raise ValueError(f"a discount lies in (0, 1], 1 forgets nothing; got {self.discount}")

    def init(self, rows: int, arms: int) -> Evidence:
        """Return empty evidence."""
        return Evidence(np.zeros((rows, arms)), np.zeros((rows, arms)))

    def update(self, evidence: Evidence, arms: Ints, rewards: Floats) -> Evidence:
        """Fade, then add one pull a row."""
        from aicmo.core.kernels.evidence import count  # noqa: PLC0415 - Numba only when a bandit learns

        return Evidence(*count(evidence.pulls, evidence.sums, arms, rewards, self.discount))

    def forget(self, evidence: Evidence, which: NDArray[np.bool_]) -> Evidence:
        """Drop all pulls of some arms."""
        return Evidence(np.where(which, 0.0, evidence.pulls), np.where(which, 0.0, evidence.sums))


@dataclass(frozen=True)
class WindowEvidence(Evidence):
    """Evidence of the last W steps.

    Parameters
    ----------
    arms, rewards : (N, W)
        The window as a ring; arm −1 is an empty place.
    step : int
        Steps so far.
    """

    arms: Ints
    rewards: Floats
    step: int


@dataclass(frozen=True)
class SlidingWindow:
    """Remember the last `width` steps of a row, whatever their arms (Garivier & Moulines 2011)."""

    width: int

    def __post_init__(self) -> None:
        if self.width < 1:
            raise ValueError(f"a window holds at least one step, got {self.width}")

    def init(self, rows: int, arms: int) -> WindowEvidence:
        """Return empty evidence."""
        ring = (rows, self.width)
        empty = np.full(ring, -1, dtype=np.int64)
        return WindowEvidence(np.zeros((rows, arms)), np.zeros((rows, arms)), empty, np.zeros(ring), 0)

    def update(self, evidence: WindowEvidence, arms: Ints, rewards: Floats) -> WindowEvidence:
        """Put the step in the place of the oldest, and sum the window anew, so that no rounding piles up."""
        place = evidence.step % self.width
        ring, earned = evidence.arms.copy(), evidence.rewards.copy()
        ring[:, place], earned[:, place] = arms, rewards
        return self._summed(ring, earned, evidence.step + 1, evidence.pulls.shape[1])

    def forget(self, evidence: WindowEvidence, which: NDArray[np.bool_]) -> WindowEvidence:
        """Empty the places of some arms."""
        rows = np.arange(len(which))[:, None]
        ring = np.where(which[rows, evidence.arms] & (evidence.arms >= 0), -1, evidence.arms)
        return self._summed(ring, evidence.rewards.copy(), evidence.step, which.shape[1])

    def _summed(self, ring: Ints, earned: Floats, step: int, arms: int) -> WindowEvidence:
        from aicmo.core.kernels.evidence import recount  # noqa: PLC0415 - Numba only when a bandit learns

        return WindowEvidence(*recount(ring, earned, arms), ring, earned, step)
