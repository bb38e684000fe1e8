"""Kernels of the posterior over a shape grid: absorb, condition and draw; N = R·C independent rows.

A row has G = I·J shapes. With amplitude A (response at the reference), x_t = m_t·h_g(a_t) and a relative
variance v_t, each shape's model is y_t = A·x_t + √(φ·v_t)·ε. Conjugate update of the normal–inverse-gamma:
Bernardo & Smith, Bayesian Theory (1994), A.1; discounting: West & Harrison, Bayesian Forecasting and Dynamic
Models (1997), 4.3.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import exp, log
from aicmo.core.kernels.jit import inner, kernel, part, spliced
from aicmo.core.kernels.types import Floats

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
    shapes: Floats,
    floor: float,
    relative: float,
    pressure: Floats,
    outcome: Floats,
    multiplier: Floats,
    weight: Floats,
    discount: Floats,
) -> tuple[Floats, Floats]:
    """Discount the sums Σx²/v, Σxy/v (N, G), Σy²/v, Σ1 (N,) and add W observations (W, N).

    One power (a/ref)^−s serves the J half saturations of an exponent of `shapes` (I,). The new sums come as
    (2, N, G) and (2, N), one large block a call: the C library hands back the memory of two neighbours that
    fall free at once, and taking it again costs a page fault for every 4 kB.
    """
    N, G = xx.shape
    W, J = pressure.shape[0], G // shapes.size
    wide, narrow = np.empty((2, N, G)), np.empty((2, N))
    gain, inverse_power = np.empty((W, N)), np.empty((shapes.size, W, N))
    _gains(reference, level, floor, relative, pressure, multiplier, weight, gain)
    _inverse_powers(reference, shapes, pressure, inverse_power)
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
            gain_x, gain_y, gain_yy = gain[w, n] * m * m, gain[w, n] * m * y, gain[w, n] * y * y
            for i in range(shapes.size):
                z = inverse_power[i, w, n]
                for j in range(J):
                    h[i * J + j] = ceiling[i * J + j] / (1.0 + knee[i * J + j] * z)
            # one array a loop: with two the compiler cannot exclude that they overlap
            for g in range(G):
                new_xx[n, g] = d * new_xx[n, g] + gain_x * h[g] * h[g]
            for g in range(G):
                new_xy[n, g] = d * new_xy[n, g] + gain_y * h[g]
            sum_yy = d * sum_yy + gain_yy
            sum_count = d * sum_count + (weight[w, n] if gain[w, n] > 0.0 else 0.0)
        narrow[0, n], narrow[1, n] = sum_yy, sum_count
    return wide, narrow


@inner
def _gains(
    reference: Floats,
    level: Floats,
    floor: float,
    relative: float,
    pressure: Floats,
    multiplier: Floats,
    weight: Floats,
    gain: Floats,
) -> None:
    """Write weight ÷ v of every observation: 0 where nothing was expected, so that nothing is learned."""
    for w in range(gain.shape[0]):
        for n in range(gain.shape[1]):
            share = 1.0 / (1.0 + reference[n] / pressure[w, n])
            mean = multiplier[w, n] * level[n] * (2.0 * share + floor)
            v = mean * (1.0 + relative * mean)
            gain[w, n] = weight[w, n] / (v if mean > 0.0 else math.inf)


@inner
def _inverse_powers(reference: Floats, shapes: Floats, pressure: Floats, power: Floats) -> None:
    """Write (a/ref)^−s (I, W, N); infinite at pressure zero."""
    for w in range(pressure.shape[0]):
        first = power[0, w]
        for n in range(first.size):
            first[n] = log(reference[n] / pressure[w, n])
        for i in range(shapes.size - 1, -1, -1):
            s, to = shapes[i], power[i, w]
            for n in range(first.size):
                z = exp(s * first[n])
                to[n] = z if pressure[w, n] > 0.0 else math.inf


class Rows(NamedTuple):
    """Sums, prior and trust of N rows.

    Attributes
    ----------
    xx, xy : (N, G)
        Discounted sums Σx²/v and Σxy/v.
    yy, seen : (N,)
        Discounted sums Σy²/v and Σ1.
    response, precision, trust : (N,)
        Prior of the amplitude, and the power to which the likelihood is raised.
    log_shape : (G,)
        Log prior of the shapes.
    noise_shape, noise_rate : float
        Inverse-gamma prior of φ.
    """

    xx: Floats
    xy: Floats
    yy: Floats
    seen: Floats
    response: Floats
    precision: Floats
    trust: Floats
    log_shape: Floats
    noise_shape: float
    noise_rate: float


class Given(NamedTuple):
    """What follows by shape, (N, G) each: weight, and the amplitude's mean, precision and noise rate."""

    weight: Floats
    mean: Floats
    total: Floats
    rate: Floats


@kernel
def condition(rows: Rows) -> Given:
    """Weight of every shape, and mean, precision and noise scale E[φ] of its amplitude."""
    N, G = rows.xx.shape
    given = Given(np.empty((N, G)), np.empty((N, G)), np.empty((N, G)), np.empty((N, G)))
    for low in range(0, N, BLOCK):
        high = min(low + BLOCK, N)
        _condition_block(rows, low, high, 1.0, _between(given, low, high))
    for n in range(N):
        given.rate[n] /= rows.noise_shape + 0.5 * rows.trust[n] * rows.seen[n] - 1.0
    return given


@spliced
def _between(given: Given, low: int, high: int) -> Given:
    """Rows low … high."""
    weight, mean, total, rate = given
    return Given(weight[low:high], mean[low:high], total[low:high], rate[low:high])


@part
def _condition_block(rows: Rows, low: int, high: int, temperature: float, given: Given) -> None:
    """Condition rows low … high, with weights at a temperature; `given` has room for just these."""
    xx, xy = rows.xx[low:high], rows.xy[low:high]
    weight, mean, total, rate = given
    for n in range(high - low):
        trust, precision, response = rows.trust[low + n], rows.precision[low + n], rows.response[low + n]
        before, yy = precision * response, trust * rows.yy[low + n]
        for g in range(xx.shape[1]):
            total[n, g] = precision + trust * xx[n, g]
        for g in range(xx.shape[1]):
            mean[n, g] = (before + trust * xy[n, g]) / total[n, g]
        for g in range(xx.shape[1]):
            # rounding alone can take the residual sum of squares below zero
            residual = yy + before * response - (before + trust * xy[n, g]) * mean[n, g]
            rate[n, g] = rows.noise_rate + 0.5 * max(residual, 0.0)
    for n in range(high - low):
        alpha = rows.noise_shape + 0.5 * rows.trust[low + n] * rows.seen[low + n]
        for g in range(xx.shape[1]):
            weight[n, g] = rows.log_shape[g] - 0.5 * log(total[n, g]) - alpha * log(rate[n, g])
        heat(weight[n], temperature)


@part
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
    rows: Rows, normals: Floats, uniforms: Floats, temperature: float
) -> tuple[NDArray[np.int64], Floats]:
    """One shape and one amplitude a row, from the posterior at a temperature: p^(1/temperature)."""
    N, G = rows.xx.shape
    choice, amplitude = np.empty(N, np.int64), np.empty(N)
    room = Given(np.empty((BLOCK, G)), np.empty((BLOCK, G)), np.empty((BLOCK, G)), np.empty((BLOCK, G)))
    for low in range(0, N, BLOCK):
        high = min(low + BLOCK, N)
        _condition_block(rows, low, high, temperature, room)
        for n in range(low, high):
            b = n - low
            g, left = 0, uniforms[n] - room.weight[b, 0]
            while left >= 0.0 and g < G - 1:
                g += 1
                left -= room.weight[b, g]
            alpha = rows.noise_shape + 0.5 * rows.trust[n] * rows.seen[n]
            spread = np.sqrt(temperature * room.rate[b, g] / (alpha * room.total[b, g]))
            # A draw below zero says: this campaign sells nothing.
            t = student(normals[n], 2.0 * alpha)
            choice[n], amplitude[n] = g, max(room.mean[b, g] + spread * t, 0.0)
    return choice, amplitude


@kernel
def student(normal: float, freedom: float) -> float:
    """Student's t at the level of a normal draw, monotone (Wallace 1959, Ann. Math. Stat. 30)."""
    scaled = normal * (8.0 * freedom + 3.0) / (8.0 * freedom + 1.0)
    return float(np.sign(normal) * np.sqrt(freedom * np.expm1(scaled * scaled / freedom)))
