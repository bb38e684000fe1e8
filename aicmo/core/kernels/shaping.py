"""Compiled shapes of noise: the volume of a tick and the scan of an Ornstein–Uhlenbeck process."""

from __future__ import annotations

import math

import numpy as np

from aicmo.core.kernels.elementary import exp, log1p
from aicmo.core.kernels.jit import kernel, part
from aicmo.core.kernels.types import Floats

SQRT_HALF = math.sqrt(0.5)
TILE = 256  # elements at once: scratch stays in the nearest cache


@part
def clipped_mean(sigma: float, limit: float, tail: float) -> float:
    """Mean of exp(σz − σ²/2), z clipped at ±limit, tail = Φ(−limit); see `shaping.clipped_lognormal_mean`."""
    body = 0.5 * (math.erfc((sigma - limit) * SQRT_HALF) - math.erfc((sigma + limit) * SQRT_HALF))
    lift = math.exp(sigma * limit)
    return body + tail * (lift + 1.0 / lift) * math.exp(-0.5 * sigma * sigma)


@part
def _rare_volume(mean: float, dispersion: float, z: float, limit: float, tail: float) -> float:
    """Volume where the series for its mean does not reach: hardly any, or without dispersion."""
    ratio = dispersion / mean if mean > 0.0 else math.inf
    if ratio == math.inf:
        return 0.0
    if ratio == 0.0:
        return mean
    variance = math.log1p(ratio)
    sigma = math.sqrt(variance)
    volume = mean * math.exp(sigma * min(max(z, -limit), limit) - 0.5 * variance)
    return volume / clipped_mean(sigma, limit, tail)


@kernel
def fill_volume(
    out: Floats,
    mean: Floats,
    dispersion: Floats,
    z: Floats,
    limit: float,
    tail: float,
    series: Floats,
    series_end: float,
) -> None:
    """Write mean · exp(σz − σ²/2) / norm with σ² = log(1 + dispersion/mean), all (n,).

    `series` are the coefficients of 1/norm in σ², the highest power first, for σ² ≤ `series_end`.
    """
    variance, restored = np.empty(TILE), np.empty(TILE)
    for first in range(0, out.size, TILE):
        size = min(TILE, out.size - first)
        for i in range(size):  # straight-line passes over a tile, so that they compile to vector code
            variance[i] = log1p(dispersion[first + i] / mean[first + i])
            restored[i] = series[0]
        for coefficient in series[1:]:
            for i in range(size):
                restored[i] = restored[i] * variance[i] + coefficient
        for i in range(size):
            clipped = min(max(z[first + i], -limit), limit)
            lucky = exp(math.sqrt(variance[i]) * clipped - 0.5 * variance[i])
            out[first + i] = mean[first + i] * lucky * restored[i]
        for i in range(first, first + size):
            if not 0.0 < variance[i - first] <= series_end:
                out[i] = _rare_volume(mean[i], dispersion[i], z[i], limit, tail)


@kernel
def scan_ornstein_uhlenbeck(out: Floats, z: Floats, kept: Floats, fresh: Floats) -> None:
    """Write out[t] = kept · out[t−1] + fresh · z[t], z (T, n), from the start that out[0] already holds."""
    for t in range(1, z.shape[0]):
        for i in range(z.shape[1]):
            out[t, i] = kept[i] * out[t - 1, i] + fresh[i] * z[t, i]
