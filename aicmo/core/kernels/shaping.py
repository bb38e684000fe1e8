"""Compiled shapes of noise: the volume of a tick and the scan of an Ornstein–Uhlenbeck process."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.jit import kernel

SQRT_HALF = math.sqrt(0.5)


@kernel
def clipped_mean(sigma: float, limit: float, tail: float) -> float:
    """Mean of exp(σz − σ²/2), z clipped at ±limit, tail = Φ(−limit); see `shaping.clipped_lognormal_mean`."""
    body = 0.5 * (math.erfc((sigma - limit) * SQRT_HALF) - math.erfc((sigma + limit) * SQRT_HALF))
    lift = math.exp(sigma * limit)
    return body + tail * (lift + 1.0 / lift) * math.exp(-0.5 * sigma * sigma)


@kernel
def fill_volume(
    out: NDArray[np.float64],
    mean: NDArray[np.float64],
    dispersion: NDArray[np.float64],
    z: NDArray[np.float64],
    limit: float,
    tail: float,
) -> None:
    """Write mean · exp(σz − σ²/2) / norm with σ² = log(1 + dispersion/mean), all (n,)."""
    for i in range(out.size):
        ratio = dispersion[i] / mean[i] if mean[i] > 0.0 else math.inf
        if ratio == math.inf:
            out[i] = 0.0
        elif ratio == 0.0:
            out[i] = mean[i]
        else:
            sigma = math.sqrt(math.log1p(ratio))
            clipped = min(max(z[i], -limit), limit)
            out[i] = mean[i] * math.exp(sigma * (clipped - 0.5 * sigma)) / clipped_mean(sigma, limit, tail)


@kernel
def scan_ornstein_uhlenbeck(
    out: NDArray[np.float64], z: NDArray[np.float64], kept: NDArray[np.float64], fresh: NDArray[np.float64]
) -> None:
    """Write out[t] = kept · out[t−1] + fresh · z[t], z (T, n), from the start that out[0] already holds."""
    for t in range(1, z.shape[0]):
        for i in range(z.shape[1]):
            out[t, i] = kept[i] * out[t - 1, i] + fresh[i] * z[t, i]
