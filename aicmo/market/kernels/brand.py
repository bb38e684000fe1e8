"""Brands of all segments in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.jit import kernel


@kernel
def build(
    after: NDArray[np.float64],
    index: NDArray[np.float64],
    attention: NDArray[np.float64],
    strength: NDArray[np.float64],
    kept: float,
) -> None:
    """Write ρ B + (1 − ρ)(1 + Σ η h) to after (R, S); attention is (R, S · K), strength (R, K)."""
    channels = strength.shape[1]
    for r in range(index.shape[0]):
        for s in range(index.shape[1]):
            goal = 0.0
            for k in range(channels):
                goal += strength[r, k] * attention[r, s * channels + k]
            after[r, s] = kept * index[r, s] + (1.0 - kept) * (1.0 + goal)
