"""Play what has done best, and now and then anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from aicmo.core.bandits.bandit import E, Rule
from aicmo.core.bandits.evidence import Evidence
from aicmo.core.bandits.index import IndexRule

Floats = NDArray[np.float64]
EXPLORE, WHICH = np.uint64(11), np.uint64(12)


@dataclass(frozen=True)
class Greedy(IndexRule):
    """Play the arm of the highest mean, each arm once first."""

    def index(self, evidence: Evidence, uniforms: Floats) -> Floats:  # noqa: ARG002 - ties alone hang on chance
        """Mean of each arm, infinite without a pull."""
        return evidence.means(without=np.inf)


@dataclass(frozen=True)
class Exploring(Generic[E]):
    """Play any arm in a share of steps, else what a rule says: ε-greedy is `Exploring(Greedy(), ε)`.

    Parameters
    ----------
    rule : Rule
        For the other steps.
    share : float
        ε, in [0, 1].
    """

    rule: Rule[E]
    share: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= 1.0:
            raise ValueError(f"the share of exploring steps lies in [0, 1], got {self.share}")

    def choose(self, evidence: E, uniforms: Floats) -> NDArray[np.int64]:
        """Return the rule's arm or any; the coin is a further draw out of the row's first uniform."""
        from aicmo.core.kernels.stream import further_uniforms  # noqa: PLC0415 - Numba only when a bandit chooses

        first, A = np.ascontiguousarray(uniforms[:, 0]), uniforms.shape[1]
        explores = further_uniforms(first, EXPLORE) < self.share
        anything = (further_uniforms(first, WHICH) * A).astype(np.int64)
        return np.where(explores, anything, self.rule.choose(evidence, uniforms))
