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
    variants = weight.shape[1]
    flat = exposure.reshape(-1)
    worn = np.empty(flat.size)
    for i in range(flat.size):  # apart from the sum, so that it compiles to vector code
        worn[i] = floor + (1.0 - floor) * exp(-exponent * log1p(flat[i]))
    for n in range(factor.size):
        total = 0.0
        for v in range(variants):
            total += weight[n, v] * worn[n * variants + v]
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


@kernel
def weigh(
    shares: NDArray[np.float64],
    weight: NDArray[np.float64],
    exposure: NDArray[np.float64],
    floor: float,
    exponent: float,
) -> None:
    """Write weight · wear over its sum by row to shares (N, V), zero where a row has none."""
    flat, worn = exposure.reshape(-1), shares.reshape(-1)
    for i in range(flat.size):
        worn[i] = floor + (1.0 - floor) * exp(-exponent * log1p(flat[i]))
    for n in range(shares.shape[0]):
        total = 0.0
        for v in range(shares.shape[1]):
            shares[n, v] *= weight[n, v]
            total += shares[n, v]
        if total > 0.0:
            for v in range(shares.shape[1]):
                shares[n, v] /= total
