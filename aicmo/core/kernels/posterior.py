"""Kernels of the posterior over a shape grid: absorb, condition and draw; N = R·C independent rows.

A row has G = I·J shapes. With amplitude A (response at the reference), x_t = m_t·h_g(a_t) and a relative
variance v_t, each shape's model is y_t = A·x_t + √(φ·v_t)·ε. Conjugate update of the normal–inverse-gamma:
Bernardo & Smith, Bayesian Theory (1994), A.1; discounting: West & Harrison, Bayesian Forecasting and Dynamic
Models (1997), 4.3.
"""
# ruff: noqa: PLR0917 - Numba's dispatcher is called by position

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.jit import kernel

Floats = NDArray[np.float64]


@kernel
def absorb(
    xx: Floats,
    xy: Floats,
    yy: Floats,
    count: Floats,
    reference: Floats,
    level: Floats,
    knee: Floats,
    shapes: Floats,
    floor: float,
    relative: float,
    pressure: Floats,
    outcome: Floats,
    multiplier: Floats,
    weight: Floats,
    discount: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Discount the sums Σx²/v, Σxy/v (N, G), Σy²/v, Σ1 (N,) and add W observations (W, N); new arrays."""
    N, G = xx.shape
    W, J = pressure.shape[0], G // shapes.size
    new_xx, new_xy, new_yy, new_count = np.empty((N, G)), np.empty((N, G)), np.empty(N), np.empty(N)
    h, z = np.empty(G), np.empty(G)
    for n in range(N):
        new_xx[n], new_xy[n] = xx[n], xy[n]
        sum_yy, sum_count = yy[n], count[n]
        for w in range(W):
            ratio, d = pressure[w, n] / reference[n], discount[w, n]
            mean = multiplier[w, n] * level[n] * (2.0 / (1.0 + 1.0 / ratio) + floor)
            gain = weight[w, n] / (mean * (1.0 + relative * mean)) if mean > 0.0 else 0.0
            gain_x, gain_y = (
                gain * multiplier[w, n] * multiplier[w, n],
                gain * multiplier[w, n] * outcome[w, n],
            )
            sum_yy = d * sum_yy + gain * outcome[w, n] * outcome[w, n]
            sum_count = d * sum_count + (weight[w, n] if mean > 0.0 else 0.0)
            log_ratio = np.log(ratio)
            for i in range(shapes.size):
                z[i * J : (i + 1) * J] = np.exp(-shapes[i] * log_ratio)
            for g in range(G):
                h[g] = (1.0 + knee[g]) / (1.0 + knee[g] * z[g])
            for g in range(G):
                new_xx[n, g] = d * new_xx[n, g] + gain_x * h[g] * h[g]
            for g in range(G):
                new_xy[n, g] = d * new_xy[n, g] + gain_y * h[g]
        new_yy[n], new_count[n] = sum_yy, sum_count
    return new_xx, new_xy, new_yy, new_count


@kernel
def condition(
    xx: Floats,
    xy: Floats,
    yy: Floats,
    count: Floats,
    response: Floats,
    precision: Floats,
    log_prior: Floats,
    noise_shape: float,
    noise_rate: float,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Weight of every shape, and mean, precision and noise scale E[φ] of its amplitude, each (N, G)."""
    N, G = xx.shape
    weight, mean = np.empty((N, G)), np.empty((N, G))
    total, dispersion = np.empty((N, G)), np.empty((N, G))
    for n in range(N):
        condition_row(
            xx[n], xy[n], yy[n], count[n], response[n], precision[n], log_prior, noise_shape, noise_rate,
            weight[n], mean[n], total[n], dispersion[n],
        )  # fmt: skip
        normalise(weight[n], 1.0)
    return weight, mean, total, dispersion


@kernel
def condition_row(
    xx: Floats,
    xy: Floats,
    yy: float,
    count: float,
    response: float,
    precision: float,
    log_prior: Floats,
    noise_shape: float,
    noise_rate: float,
    log_weight: Floats,
    mean: Floats,
    total: Floats,
    dispersion: Floats,
) -> None:
    """Write the unnormalised log weight, mean, precision and noise scale of a row's G amplitudes."""
    alpha = noise_shape + 0.5 * count
    for g in range(xx.size):
        total[g] = precision + xx[g]
        moment = precision * response + xy[g]
        mean[g] = moment / total[g]
        # rounding alone can take the residual sum of squares below zero
        residual = max(yy + precision * response * response - moment * mean[g], 0.0)
        rate = noise_rate + 0.5 * residual
        dispersion[g] = rate / (alpha - 1.0)
        log_weight[g] = log_prior[g] - 0.5 * np.log(total[g]) - alpha * np.log(rate)


@kernel
def normalise(weight: Floats, temperature: float) -> None:
    """Turn log weights into weights ∝ exp(·/temperature) that sum to one; temperature 0 takes the largest."""
    top = weight[0]
    for g in range(weight.size):
        top = max(top, weight[g])
    total = 0.0
    for g in range(weight.size):
        excess = weight[g] - top
        weight[g] = np.exp(excess / temperature) if temperature > 0.0 else (1.0 if excess == 0.0 else 0.0)
        total += weight[g]
    for g in range(weight.size):
        weight[g] /= total


@kernel
def draw(
    xx: Floats,
    xy: Floats,
    yy: Floats,
    count: Floats,
    response: Floats,
    precision: Floats,
    log_prior: Floats,
    noise_shape: float,
    noise_rate: float,
    normals: Floats,
    uniforms: Floats,
    temperature: float,
) -> tuple[NDArray[np.int64], Floats]:
    """One shape and one amplitude a row, from the posterior at a temperature: p^(1/temperature)."""
    N, G = xx.shape
    choice, amplitude = np.empty(N, np.int64), np.empty(N)
    weight, mean, total, dispersion = np.empty(G), np.empty(G), np.empty(G), np.empty(G)
    for n in range(N):
        condition_row(
            xx[n], xy[n], yy[n], count[n], response[n], precision[n], log_prior, noise_shape, noise_rate,
            weight, mean, total, dispersion,
        )  # fmt: skip
        normalise(weight, temperature)
        g, left = 0, uniforms[n] - weight[0]
        while left >= 0.0 and g < G - 1:
            g += 1
            left -= weight[g]
        alpha = noise_shape + 0.5 * count[n]
        spread = np.sqrt(temperature * dispersion[g] * (alpha - 1.0) / (alpha * total[g]))
        # A draw below zero says: this campaign sells nothing.
        choice[n], amplitude[n] = g, max(mean[g] + spread * student(normals[n], 2.0 * alpha), 0.0)
    return choice, amplitude


@kernel
def student(normal: float, freedom: float) -> float:
    """Student's t at the level of a normal draw, monotone (Wallace 1959, Ann. Math. Stat. 30)."""
    scaled = normal * (8.0 * freedom + 3.0) / (8.0 * freedom + 1.0)
    return float(np.sign(normal) * np.sqrt(freedom * np.expm1(scaled * scaled / freedom)))
