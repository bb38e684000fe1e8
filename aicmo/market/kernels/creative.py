"""Variants of all campaigns in one pass: what they do now, and what heads remember of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import exp, log1p
from aicmo.core.kernels.jit import kernel


@kernel
def serve(
    factor: NDArray[np.float64],
    weight: NDArray[np.float64],
    exposure: NDArray[np.float64],
    floor: float,
    exponent: float,
) -> None:
    """Write Σ_v weight · (floor + (1 − floor)(1 + e)^(−exponent)) to factor (N,); the others are (N, V)."""
    for n in range(factor.size):
        total = 0.0
        for v in range(weight.shape[1]):
            left = floor + (1.0 - floor) * exp(-exponent * log1p(exposure[n, v]))
            total += weight[n, v] * left
        factor[n] = total


@kernel
def show(
    after: NDArray[np.float64],
    exposure: NDArray[np.float64],
    traffic: NDArray[np.float64],
    seen: NDArray[np.float64],
    kept: float,
) -> None:
    """Write kept · e + traffic · seen to after (N, V); seen is (N,)."""
    for n in range(seen.size):
        for v in range(traffic.shape[1]):
            after[n, v] = kept * exposure[n, v] + traffic[n, v] * seen[n]
