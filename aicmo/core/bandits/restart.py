"""A memory that restarts where a test finds that an arm's rate has changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aicmo.core.bandits.evidence import Evidence

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class RestartEvidence(Evidence):
    """Evidence since the last restart.

    Parameters
    ----------
    marks : (N, A, M)
        Sums of rewards after every `stride` pulls, the instants at which a change is looked for.
    used, stride : (N, A)
        Marks in use, and pulls between them.
    restarts : (N,)
        Restarts so far.
    """

    marks: Floats
    used: Ints
    stride: Ints
    restarts: Ints


@dataclass(frozen=True)
class Restarting:
    """Remember all since the last change that a likelihood ratio test found (Besson & Kaufmann 2019).

    A change is looked for in the pulled arm at each pull, at up to `marks` instants spread evenly over its
    past: when they are used up every second one is dropped, so memory and time are bounded. GLR-klUCB is
    KL-UCB on this memory with some forced exploration, without which an arm that became good goes unnoticed.

    Parameters
    ----------
    risk : float
        δ, probability of a false alarm per arm, in (0, 1).
    whole_row : bool
        Restart all arms of a row, not only the changed one.
    marks : int
        Even.
    """

    risk: float = 0.01
    whole_row: bool = True
    marks: int = 64

    def __post_init__(self) -> None:
        if not 0.0 < self.risk < 1.0 or self.marks < 2 or self.marks % 2:
            raise ValueError(f"risk lies in (0, 1) and marks are even, got {self.risk} and {self.marks}")

    def init(self, rows: int, arms: int) -> RestartEvidence:
        """Return empty evidence."""
        cells = (rows, arms)
        used, stride, restarts = np.zeros(cells, np.int64), np.ones(cells, np.int64), np.zeros(rows, np.int64)
        marks = np.zeros((*cells, self.marks))
        return RestartEvidence(np.zeros(cells), np.zeros(cells), marks, used, stride, restarts)

    def update(self, evidence: RestartEvidence, arms: Ints, rewards: Floats) -> RestartEvidence:
        """Add one pull a row, then test the pulled arm; rewards must lie in [0, 1]."""
        from aicmo.core.kernels.restart import count_and_test  # noqa: PLC0415 - Numba only when a bandit learns

        if rewards.size and not (rewards.min() >= 0.0 and rewards.max() <= 1.0):
            raise ValueError(
                f"the test is for rewards in [0, 1], got {rewards.min()} to {rewards.max()}: rescale them"
            )
        new = _copied(evidence)
        fields = (new.pulls, new.sums, new.marks, new.used, new.stride, new.restarts)
        count_and_test(*fields, arms, rewards, self.risk, self.whole_row)
        return new

    def forget(self, evidence: RestartEvidence, which: NDArray[np.bool_]) -> RestartEvidence:
        """Drop all pulls of some arms."""
        new = _copied(evidence)
        new.pulls[which], new.sums[which], new.used[which], new.stride[which] = 0.0, 0.0, 0, 1
        return new


def _copied(evidence: RestartEvidence) -> RestartEvidence:
    return RestartEvidence(
        evidence.pulls.copy(),
        evidence.sums.copy(),
        evidence.marks.copy(),
        evidence.used.copy(),
        evidence.stride.copy(),
        evidence.restarts.copy(),
    )
