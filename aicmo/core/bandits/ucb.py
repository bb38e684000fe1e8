"""Optimism: play the arm with the highest upper confidence bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aicmo.core.bandits.evidence import Evidence
from aicmo.core.bandits.index import IndexRule

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class UCB1(IndexRule):
    """Mean + scale · √(width · log t / pulls), bounded rewards (Auer, Cesa-Bianchi & Fischer 2002).

    With a discount, t and pulls are the discounted ones (Garivier & Moulines 2011, D-UCB); in a window t is
    at most its width (SW-UCB).

    Parameters
    ----------
    width : float
        2 in UCB1.
    scale : float [reward]
        Length of the interval of rewards.
    """

    width: float = 2.0
    scale: float = 1.0

    def index(self, evidence: Evidence, uniforms: Floats) -> Floats:  # noqa: ARG002 - nothing is left to chance
        """Upper bound of each arm, infinite for arms without a pull."""
        level = self.width * np.log(np.maximum(evidence.time, 1.0))[:, None]
        spread = np.full(evidence.pulls.shape, np.inf)
        np.divide(level, evidence.pulls, out=spread, where=evidence.pulls > 0.0)
        bound: Floats = evidence.means(without=0.0) + self.scale * np.sqrt(spread)
        return bound


@dataclass(frozen=True)
class KLUCB(IndexRule):
    """Largest q with pulls · kl(mean, q) ≤ log t + c log log t, rewards in [0, 1] (Garivier & Cappé 2011).

    Parameters
    ----------
    c : float
        3 in their theorem, 0 in their recommendation for practice.
    """

    c: float = 0.0

    def index(self, evidence: Evidence, uniforms: Floats) -> Floats:  # noqa: ARG002 - nothing is left to chance
        """Upper bound of each arm, infinite for arms without a pull."""
        from aicmo.core.kernels.indices import kl_index  # noqa: PLC0415 - Numba only when a bandit chooses

        log_time = np.log(np.maximum(evidence.time, 1.0))
        level = log_time + self.c * np.log(np.maximum(log_time, 1.0))
        return kl_index(evidence.pulls, evidence.sums, level)
