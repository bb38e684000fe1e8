"""Kernels of the posterior over a shape grid: absorb, condition and draw; N = R·C independent rows.

A row has G = I·J shapes. With amplitude A (response at the reference), x_t = m_t·h_g(a_t) and a relative
variance v_t, each shape's model is y_t = A·x_t + √(φ·v_t)·ε. Conjugate update of the normal–inverse-gamma:
Bernardo & Smith, Bayesian Theory (1994), A.1; discounting: West & Harrison, Bayesian Forecasting and Dynamic
Models (1997), 4.3.
"""

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import exp, log
from aicmo.core.kernels.jit import kernel

Floats = NDArray[np.float64]

BLOCK = 32  # rows conditioned together: long enough to vectorise, short enough for the first cache


@kernel
def absorb(
    xx: Floats,
    xy: Floats,
    yy: Floats,
    count: Floats,
    reference: Floats,
    level: Floats,
    knee: Floats,
    inverse_power: Floats,
    floor: float,
    relative: float,
    pressure: Floats,
    outcome: Floats,
    multiplier: Floats,
    weight: Floats,
    discount: Floats,
) -> tuple[Floats, Floats]:
    """Discount the sums Σx²/v, Σxy/v (N, G), Σy²/v, Σ1 (N,) and add W observations (W, N).

    `inverse_power` (I, W, N) holds (a/ref)^−s: one power serves the J half saturations of an exponent.
    The new sums come as (2, N, G) and (2, N), one large block a call: the C library hands back the memory of
    two neighbours that fall free at once, and taking it again costs a page fault for every 4 kB.
    """
    N, G = xx.shape
    W, J = pressure.shape[0], G // inverse_power.shape[0]
    wide, narrow = np.empty((2, N, G)), np.empty((2, N))
    new_xx, new_xy = wide[0], wide[1]
    h, ceiling = np.empty(G), 1.0 + knee
    for n in range(N):
        sum_yy, sum_count = yy[n], count[n]
        for g in range(G):
            new_xx[n, g] = xx[n, g]
        for g in range(G):
            new_xy[n, g] = xy[n, g]
        for w in range(W):
            m, y, d = multiplier[w, n], outcome[w, n], discount[w, n]
            mean = m * level[n] * (2.0 / (1.0 + reference[n] / pressure[w, n]) + floor)
            gain = weight[w, n] / (mean * (1.0 + relative * mean)) if mean > 0.0 else 0.0
            gain_x, gain_y = gain * m * m, gain * m * y
            for i in range(inverse_power.shape[0]):
                z = inverse_power[i, w, n]
                for j in range(J):
                    h[i * J + j] = ceiling[i * J + j] / (1.0 + knee[i * J + j] * z)
            # one array a loop: with two the compiler cannot exclude that they overlap
            for g in range(G):
                new_xx[n, g] = d * new_xx[n, g] + gain_x * h[g] * h[g]
            for g in range(G):
                new_xy[n, g] = d * new_xy[n, g] + gain_y * h[g]
            sum_yy, sum_count = (
                d * sum_yy + gain * y * y,
                d * sum_count + (weight[w, n] if mean > 0.0 else 0.0),
            )
        narrow[0, n], narrow[1, n] = sum_yy, sum_count
    return wide, narrow


@kernel
def condition(
    xx: Floats,
    xy: Floats,
    yy: Floats,
    count: Floats,
    response: Floats,
    precision: Floats,
    trust: Floats,
    log_prior: Floats,
    noise_shape: float,
    noise_rate: float,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Weight of every shape, and mean, precision and noise scale E[φ] of its amplitude, each (N, G)."""
    N, G = xx.shape
    weight, mean, total, rate = np.empty((N, G)), np.empty((N, G)), np.empty((N, G)), np.empty((N, G))
    for low in range(0, N, BLOCK):
        block = slice(low, min(low + BLOCK, N))
        condition_block(
            xx[block], xy[block], yy[block], count[block], response[block], precision[block], trust[block],
            log_prior, noise_shape, noise_rate, 1.0, weight[block], mean[block], total[block], rate[block],
        )  # fmt: skip
    for n in range(N):
        rate[n] /= noise_shape + 0.5 * trust[n] * count[n] - 1.0
    return weight, mean, total, rate


@kernel
def condition_block(
    xx: Floats,
    xy: Floats,
    yy: Floats,
    count: Floats,
    response: Floats,
    precision: Floats,
    trust: Floats,
    log_prior: Floats,
    noise_shape: float,
    noise_rate: float,
    temperature: float,
    weight: Floats,
    mean: Floats,
    total: Floats,
    rate: Floats,
) -> None:
    """Write every shape's weight at a temperature and its amplitude's mean, precision and noise rate."""
    N, G = xx.shape
    for n in range(N):
        before = precision[n] * response[n]
        for g in range(G):
            total[n, g] = precision[n] + trust[n] * xx[n, g]
        for g in range(G):
            mean[n, g] = (before + trust[n] * xy[n, g]) / total[n, g]
        for g in range(G):
            # rounding alone can take the residual sum of squares below zero
            moment = before + trust[n] * xy[n, g]
            residual = trust[n] * yy[n] + before * response[n] - moment * mean[n, g]
            rate[n, g] = noise_rate + 0.5 * max(residual, 0.0)
    for n in range(N):
        alpha = noise_shape + 0.5 * trust[n] * count[n]
        for g in range(G):
            weight[n, g] = log_prior[g] - 0.5 * log(total[n, g]) - alpha * log(rate[n, g])
        heat(weight[n], temperature)


@kernel
def heat(weight: Floats, temperature: float) -> None:
    """Turn log weights into weights ∝ exp(·/temperature) that sum to one; temperature 0 keeps the largest."""
    top, total = weight[0], 0.0
    for g in range(weight.size):
        top = max(top, weight[g])
    for g in range(weight.size):
        excess = weight[g] - top
        weight[g] = exp(excess / temperature) if excess < 0.0 else 1.0
    for g in range(weight.size):
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
    trust: Floats,
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
    weight, mean, total, rate = (
        np.empty((BLOCK, G)), np.empty((BLOCK, G)), np.empty((BLOCK, G)), np.empty((BLOCK, G)),
    )  # fmt: skip
    for low in range(0, N, BLOCK):
        size = min(BLOCK, N - low)
        block = slice(low, low + size)
        condition_block(
            xx[block], xy[block], yy[block], count[block], response[block], precision[block], trust[block],
            log_prior, noise_shape, noise_rate, temperature,
            weight[:size], mean[:size], total[:size], rate[:size],
        )  # fmt: skip
        for b in range(size):
            n = low + b
            g, left = 0, uniforms[n] - weight[b, 0]
            while left >= 0.0 and g < G - 1:
                g += 1
                left -= weight[b, g]
            alpha = noise_shape + 0.5 * trust[n] * count[n]
            spread = np.sqrt(temperature * rate[b, g] / (alpha * total[b, g]))
            # A draw below zero says: this campaign sells nothing.
            choice[n], amplitude[n] = g, max(mean[b, g] + spread * student(normals[n], 2.0 * alpha), 0.0)
    return choice, amplitude


@kernel
def student(normal: float, freedom: float) -> float:
    """Student's t at the level of a normal draw, monotone (Wallace 1959, Ann. Math. Stat. 30)."""
    scaled = normal * (8.0 * freedom + 3.0) / (8.0 * freedom + 1.0)
    return float(np.sign(normal) * np.sqrt(freedom * np.expm1(scaled * scaled / freedom)))
