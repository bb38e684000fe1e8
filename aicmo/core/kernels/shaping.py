"""Compiled shapes of noise: the volume of a tick and the scan of an Ornstein–Uhlenbeck process."""

from __future__ import annotations

import math

from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.types import Floats

SQRT_HALF = math.sqrt(0.5)


@kernel
def clipped_mean(sigma: float, limit: float, tail: float) -> float:
    """Mean of exp(σz − σ²/2), z clipped at ±limit, tail = Φ(−limit); see `shaping.clipped_lognormal_mean`."""
    body = 0.5 * (math.erfc((sigma - limit) * SQRT_HALF) - math.erfc((sigma + limit) * SQRT_HALF))
    lift = math.exp(sigma * limit)
    return body + tail * (lift + 1.0 / lift) * math.exp(-0.5 * sigma * sigma)


@kernel
def horner(series: Floats, x: float) -> float:
    """Value at `x` of the polynomial with coefficients `series`, the highest power first."""
    total = 0.0
    for coefficient in series:
        total = total * x + coefficient
    return total


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
    for i in range(out.size):
        ratio = dispersion[i] / mean[i] if mean[i] > 0.0 else math.inf
        if ratio == math.inf:
            out[i] = 0.0
        elif ratio == 0.0:
            out[i] = mean[i]
        else:
            variance = math.log1p(ratio)
            sigma = math.sqrt(variance)
            clipped = min(max(z[i], -limit), limit)
            volume = mean[i] * math.exp(sigma * clipped - 0.5 * variance)
            if variance <= series_end:
                out[i] = volume * horner(series, variance)
            else:
                out[i] = volume / clipped_mean(sigma, limit, tail)


@kernel
def scan_ornstein_uhlenbeck(out: Floats, z: Floats, kept: Floats, fresh: Floats) -> None:
    """Write out[t] = kept · out[t−1] + fresh · z[t], z (T, n), from the start that out[0] already holds."""
    for t in range(1, z.shape[0]):
        for i in range(z.shape[1]):
            out[t, i] = kept[i] * out[t - 1, i] + fresh[i] * z[t, i]
