"""Rules that play the arm of the largest index."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from aicmo.core.bandits.evidence import Evidence

Floats = NDArray[np.float64]


class IndexRule(ABC):
    """Give each arm an index and play the largest; among equals the larger uniform decides."""

    @abstractmethod
    def index(self, evidence: Evidence, uniforms: Floats) -> Floats:
        """Return the index of each arm, (N, A); infinite to insist on an arm."""

    def choose(self, evidence: Evidence, uniforms: Floats) -> NDArray[np.int64]:
        """Return the arm of the largest index, (N,)."""
        from aicmo.core.kernels.indices import best_arms  # noqa: PLC0415 - Numba only when a bandit chooses

        return best_arms(self.index(evidence, uniforms), np.ascontiguousarray(uniforms))
