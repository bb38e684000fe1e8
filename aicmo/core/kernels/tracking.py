"""Kernel of tracked curves: N = R·C independent rows, each with H = M·G hypotheses of memory × shape.

Under a hypothesis, y_t = A_t · x_t + √v_t · ε with x_t = m_t·h_g(a_t) and an amplitude that wanders: before
each observation its precision decays towards the prior's (discount of West & Harrison 1997, Bayesian
Forecasting and Dynamic Models, 6.3). Hypotheses are scored by the density of what they predicted one step
ahead (their class I multi-process, 12.2), with Student tails.
"""

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import exp, log
from aicmo.core.kernels.jit import inner, kernel

Floats = NDArray[np.float64]

MOST_SURPRISE = 9.0  # squared standardised errors beyond three standard deviations say jump, not noise


@kernel
def track(
    amplitude: Floats,
    precision: Floats,
    score: Floats,
    surprise: Floats,
    level: Floats,
    least: Floats,
    reference: Floats,
    knee: Floats,
    inverse_power: Floats,
    keep: Floats,
    noise: tuple[float, float, float, float, float, float],
    pressure: Floats,
    outcome: Floats,
    multiplier: Floats,
    caution: float,
) -> None:
    """Move amplitude, precision and score (N, H) and surprise (N, 2) through W observations (W, N), in place.

    `least` (N,) is the prior's precision, `keep` (M,) the share of evidence each memory keeps a step,
    `inverse_power` (I, W, N) holds (a/ref)^−s; `noise` is dispersion φ₀, observations it is worth, relative
    noise ρ, degrees of freedom ν, the share of surprise kept a step, and the log odds at which a memory is
    kept in reserve. `caution` multiplies log scores.
    """
    N, H = amplitude.shape
    G = knee.size
    prior, strength, relative, freedom, kept, reserve = noise
    h, error, spread, weight = np.empty(H), np.empty(H), np.empty(H), np.empty(H)
    for n in range(N):
        for w in range(pressure.shape[0]):
            m = multiplier[w, n]
            if m <= 0.0:
                continue
            respond(h, knee, inverse_power[:, w, n], m)
            mean = m * level[n] * (2.0 / (1.0 + reference[n] / pressure[w, n]) + 0.01)
            dispersion = (strength * prior + surprise[n, 0]) / (strength + surprise[n, 1])
            v = dispersion * mean + relative * relative * mean * mean
            forget(precision[n], keep, least[n], G)
            predict(error, spread, h, amplitude[n], precision[n], outcome[w, n], v)
            squared = misfit(weight, score[n], error, spread)
            judge(score[n], error, spread, freedom, 0.5 * caution)
            hold_ready(score[n], keep.size, G, reserve)
            learn(amplitude[n], precision[n], h, error, spread, freedom, v)
            surprise[n, 0] = kept * surprise[n, 0] + dispersion * min(squared, MOST_SURPRISE)
            surprise[n, 1] = kept * surprise[n, 1] + 1.0


@inner
def respond(h: Floats, knee: Floats, inverse_power: Floats, m: float) -> None:
    """Write m times every shape's response relative to the reference, (1 + k) / (1 + k·(a/ref)^−s)."""
    J = knee.shape[1]
    for i in range(knee.shape[0]):
        for j in range(J):
            h[i * J + j] = m * (1.0 + knee[i, j]) / (1.0 + knee[i, j] * inverse_power[i])
    for g in range(knee.size, h.size):
        h[g] = h[g - knee.size]


@inner
def forget(precision: Floats, keep: Floats, least: float, G: int) -> None:
    """Let the precision of each memory's G hypotheses decay towards the prior's."""
    for k in range(keep.size):
        for g in range(k * G, (k + 1) * G):
            precision[g] = keep[k] * precision[g] + (1.0 - keep[k]) * least


@inner
def predict(
    error: Floats, spread: Floats, h: Floats, amplitude: Floats, precision: Floats, outcome: float, v: float
) -> None:
    """Write each hypothesis's error one step ahead, and the variance that it expected of it."""
    for i in range(h.size):
        error[i] = outcome - h[i] * amplitude[i]
    for i in range(h.size):
        spread[i] = v + h[i] * h[i] / precision[i]


@inner
def misfit(weight: Floats, score: Floats, error: Floats, spread: Floats) -> float:
    """Return the mean squared error in units of its expected size; weight is room to work in."""
    top, total, squared = score[0], 0.0, 0.0
    for i in range(score.size):
        top = max(top, score[i])
    for i in range(score.size):
        weight[i] = exp(score[i] - top)
    for i in range(score.size):
        total += weight[i]
    for i in range(score.size):
        squared += weight[i] * error[i] * error[i] / spread[i]
    return squared / total


@inner
def judge(score: Floats, error: Floats, spread: Floats, freedom: float, power: float) -> None:
    """Add the log density of a Student distribution, up to a constant, times `power` · 2."""
    for i in range(score.size):
        tail = 1.0 + error[i] * error[i] / (freedom * spread[i])
        score[i] -= power * (log(spread[i]) + (freedom + 1.0) * log(tail))


@inner
def hold_ready(score: Floats, M: int, G: int, reserve: float) -> None:
    """Let no memory of a shape fall so far behind that a jump would come too late to bring it back.

    A floor under its odds, as in tracking the best expert (Herbster & Warmuth 1998, Machine Learning 32).
    """
    for g in range(G):
        top = score[g]
        for k in range(1, M):
            top = max(top, score[k * G + g])
        for k in range(M):
            score[k * G + g] = max(score[k * G + g], top - reserve)


@inner
def learn(
    amplitude: Floats, precision: Floats, h: Floats, error: Floats, spread: Floats, freedom: float, v: float
) -> None:
    """Update amplitudes; an outlier counts as of larger variance (Student as mixture of normals)."""
    for i in range(h.size):
        trust = min((freedom + 1.0) / (freedom + error[i] * error[i] / spread[i]), 1.0)
        error[i] *= trust
        spread[i] = trust
    for i in range(h.size):
        precision[i] += h[i] * h[i] * spread[i] / v
    for i in range(h.size):
        amplitude[i] += h[i] * error[i] / (v * precision[i])
