"""Noise shaped into factors and processes of known mean: pure, monotone functions of drawn normals."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

# At |z| ≤ 4 the moment-matched lognormal below still rises with its mean; beyond about 4.1 it does not.
TRUNCATION = 4.0
# σ² = 2 is a mean of 0.16 times the dispersion: nearly all volumes are above.
SERIES_END = 2.0


def truncated_normal(z: Float[np.ndarray, "..."], limit: float = TRUNCATION) -> Float[np.ndarray, "..."]:
    """Clip normals at ±limit; the mean stays 0, the variance falls by 6e-5 at the default.

    Clipped rather than redrawn: a clip is a function of one draw, leaves all others alone, and costs nothing.
    """
    clipped: NDArray[np.float64] = np.clip(z, -limit, limit)
    return clipped


def clipped_lognormal_mean(sigma: ArrayLike, limit: float = TRUNCATION) -> NDArray[np.float64]:
    """Mean of exp(σ z − σ²/2) when z is a standard normal clipped at ±limit.

    Between the limits the density of z times exp(σz − σ²/2) is a normal density about σ; the clipped tails
    of mass Φ(−limit) sit at ±limit:
    E = Φ(L−σ) − Φ(−L−σ) + Φ(−L) · (e^{σL} + e^{−σL}) · e^{−σ²/2}.

    Parameters
    ----------
    sigma : array
        Standard deviation of the logarithm, at least 0.
    limit : float
        L, in standard deviations.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - SciPy takes longer to import than a scenario to validate

    sigma = np.asarray(sigma, dtype=float)
    body = ndtr(limit - sigma) - ndtr(-limit - sigma)
    tails = np.exp(sigma * limit - 0.5 * sigma**2) + np.exp(-sigma * limit - 0.5 * sigma**2)
    mean: NDArray[np.float64] = body + ndtr(-limit) * tails
    return mean


def lognormal_factor(
    z: Float[np.ndarray, "..."], variance: ArrayLike, limit: float = TRUNCATION
) -> Float[np.ndarray, "..."]:
    """Shape normals into positive factors with mean exactly one, rising in z.

    Parameters
    ----------
    z : array
        Standard normals, clipped here at ±limit.
    variance : array, broadcast against z
        Variance σ² of the logarithm, at least 0.
    limit : float
        Where z is clipped, in standard deviations.

    Returns
    -------
    array [1]
        exp(σ z − σ²/2) / `clipped_lognormal_mean`.
    """
    sigma = np.sqrt(np.asarray(variance, dtype=float))
    factor: NDArray[np.float64] = np.exp(sigma * (truncated_normal(z, limit) - 0.5 * sigma))
    return factor / clipped_lognormal_mean(sigma, limit)


def noisy_volume(mean: ArrayLike, dispersion: ArrayLike, z: ArrayLike) -> NDArray[np.float64]:
    """Realised volume about its mean: positive, mean preserved, variance about dispersion · mean.

    mean · `lognormal_factor`(z, log(1 + dispersion/mean)), in one compiled pass. For a given z it rises with
    the mean, so more response can never turn into fewer orders by luck. A mean of 0, or one below 1e-308 of
    the dispersion, gives 0; a dispersion of 0 gives the mean.

    Parameters
    ----------
    mean : array [volume per tick]
        Expected volume, at least 0.
    dispersion : array, broadcast
        Variance over mean, φ ≥ 0; 1 is that of a Poisson count.
    z : array, broadcast
        Standard normals, clipped at ±4.

    Returns
    -------
    array [volume per tick], of the broadcast shape
    """
    from aicmo.core.kernels.shaping import fill_volume  # noqa: PLC0415 - Numba only when a volume is shaped

    arrays = [np.asarray(values, dtype=float) for values in (mean, dispersion, z)]
    shapes = {array.shape for array in arrays}
    out = np.empty(shapes.pop() if len(shapes) == 1 else np.broadcast_shapes(*shapes))
    means, dispersions, draws = (_flat(array, out.shape) for array in arrays)
    tail = 0.5 * math.erfc(TRUNCATION / math.sqrt(2.0))
    fill_volume(out.reshape(-1), means, dispersions, draws, TRUNCATION, tail, _restoring_series(), SERIES_END)
    return out


def _flat(array: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the broadcast array in one piece, without a copy where it is one already."""
    if array.shape != shape:
        array = np.broadcast_to(array, shape)
    return np.ascontiguousarray(array).reshape(-1)


@cache
def _restoring_series() -> NDArray[np.float64]:
    """Return 1 / `clipped_lognormal_mean` as a polynomial in σ² ≤ SERIES_END, the highest power first.

    The mean is even and entire in σ, hence smooth in σ²: degree 10 is exact to rounding (2e-15, tested) and
    spares two error functions an element.
    """
    from numpy.polynomial import Chebyshev, Polynomial  # noqa: PLC0415 - needed once, at the first volume

    fit = Chebyshev.interpolate(lambda v: 1.0 / clipped_lognormal_mean(np.sqrt(v)), 10, [0.0, SERIES_END])
    return np.ascontiguousarray(fit.convert(kind=Polynomial).coef[::-1])


def ornstein_uhlenbeck(
    z: Float[np.ndarray, "T R E"], stationary_sd: ArrayLike, half_life_ticks: ArrayLike
) -> Float[np.ndarray, "T R E"]:
    """Shape normals into a stationary Ornstein–Uhlenbeck process, discretised exactly.

    x₀ = sd · z₀, x_t = ρ x_{t−1} + sd √(1−ρ²) z_t with ρ = 2^(−1/half-life), so each x_t has mean 0 and
    variance sd² and the autocorrelation halves every half-life (Gillespie 1996). A half-life of 0 is white
    noise, an infinite one a constant.

    Parameters
    ----------
    z : (T, R, E)
        Standard normals.
    stationary_sd, half_life_ticks : array, broadcast to (R, E)
        At least 0; half-lives in ticks.

    Returns
    -------
    (T, R, E) [unit of stationary_sd]
    """
    from aicmo.core.kernels.shaping import scan_ornstein_uhlenbeck  # noqa: PLC0415 - Numba only when it runs

    sd = np.broadcast_to(np.asarray(stationary_sd, dtype=float), z.shape[1:])
    with np.errstate(divide="ignore"):
        rate = np.log(2.0) / np.broadcast_to(np.asarray(half_life_ticks, dtype=float), z.shape[1:])
    kept, fresh = np.exp(-rate), sd * np.sqrt(-np.expm1(-2.0 * rate))
    out = np.empty(z.shape)
    out[:1] = sd * z[:1]
    flat = (z.shape[0], sd.size)
    draws = np.ascontiguousarray(z, dtype=float).reshape(flat)
    scan_ornstein_uhlenbeck(out.reshape(flat), draws, kept.reshape(-1), fresh.reshape(-1))
    return out
