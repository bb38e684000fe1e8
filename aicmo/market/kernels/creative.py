"""Variants of all campaigns in one pass: what they do now, and what heads remember of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import exp, log
from aicmo.core.kernels.jit import kernel


@kernel
def serve(
    factor: NDArray[np.float64],
    traffic: NDArray[np.float64],
    quality: NDArray[np.float64],
    exposure: NDArray[np.float64],
    floor: float,
    exponent: float,
) -> None:
    """Write Σ_v traffic · quality · wear to factor (N,); the others are (N, V).

    wear = floor + (1 − floor)(1 + e)^(−exponent).
    """
    variants = traffic.shape[1]
    flat = exposure.reshape(-1)
    worn = np.empty(flat.size)
    for i in range(flat.size):  # apart from the sum, so that it compiles to vector code
        worn[i] = floor + (1.0 - floor) * exp(-exponent * log(1.0 + flat[i]))
    for n in range(factor.size):
        total = 0.0
        for v in range(variants):
            total += traffic[n, v] * quality[n, v] * worn[n * variants + v]
        factor[n] = total


@kernel
def show(
    after: NDArray[np.float64],
    exposure: NDArray[np.float64],
    traffic: NDArray[np.float64],
    relative: NDArray[np.float64],
    exposures: NDArray[np.float64],
    kept: float,
) -> None:
    """Write kept · e + traffic · exposures · x to after (R, C, V); relative x is (R, C), exposures (R, 1)."""
    for r in range(relative.shape[0]):
        for c in range(relative.shape[1]):
            seen = exposures[r, 0] * relative[r, c]
            for v in range(traffic.shape[2]):
                after[r, c, v] = kept * exposure[r, c, v] + traffic[r, c, v] * seen


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
        worn[i] = floor + (1.0 - floor) * exp(-exponent * log(1.0 + flat[i]))
    for n in range(shares.shape[0]):
        total = 0.0
        for v in range(shares.shape[1]):
            shares[n, v] *= weight[n, v]
            total += shares[n, v]
        if total > 0.0:
            for v in range(shares.shape[1]):
                shares[n, v] /= total
