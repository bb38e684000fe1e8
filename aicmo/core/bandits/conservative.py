"""Explore only what the default has earned: never far below it, at any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from aicmo.core.bandits.bandit import E, Rule

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Conservative(Generic[E]):
    """Play what a rule says only if cumulative reward surely stays within a share of the default's.

    Wu, Shariff, Lattimore & Szepesvári 2016, with an unknown default: rewards in [0, 1], Hoeffding bounds
    that hold for all arms and times at once with probability 1 − risk. Then at every t the expected reward so
    far is at least (1 − loss) · t · (mean of the default).

    Parameters
    ----------
    rule : Rule
        What to play where there is room.
    loss : float
        Share of the default's reward that may be lost, in (0, 1).
    default : int
        Arm.
    risk : float
        δ, in (0, 1).
    """

    rule: Rule[E]
    loss: float = 0.1
    default: int = 0
    risk: float = 0.05

    def __post_init__(self) -> None:
        if not (0.0 < self.loss < 1.0 and 0.0 < self.risk < 1.0):
            raise ValueError(f"loss and risk lie in (0, 1), got {self.loss} and {self.risk}")

    def choose(self, evidence: E, uniforms: Floats) -> NDArray[np.int64]:
        """Return the rule's arm where the budget surely allows it, else the default."""
        wish = self.rule.choose(evidence, uniforms)
        pulls = evidence.pulls.copy()
        pulls[np.arange(len(wish)), wish] += 1.0
        low, high = self._bounds(evidence)
        others = np.delete(pulls * low, self.default, axis=1).sum(axis=1)
        # what the default's own plays leave to be covered, at the worst mean that its interval allows
        surplus = pulls[:, self.default] - (1.0 - self.loss) * pulls.sum(axis=1)
        covered = surplus * np.where(surplus >= 0.0, low[:, self.default], high[:, self.default])
        return np.where(others + covered >= 0.0, wish, self.default)

    def _bounds(self, evidence: E) -> tuple[Floats, Floats]:
        """Limits of the means (N, A): Σ over n of 2 exp(−2 n radius²) is risk/A, so all hold at once."""
        n = np.maximum(evidence.pulls, 1.0)
        radius = np.sqrt(np.log(np.pi**2 * n**2 * n.shape[1] / (3.0 * self.risk)) / (2.0 * n))
        mean, none = evidence.means(without=0.5), evidence.pulls <= 0.0
        low = np.where(none, 0.0, np.maximum(mean - radius, 0.0))
        return low, np.where(none, 1.0, np.minimum(mean + radius, 1.0))
