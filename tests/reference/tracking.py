"""Tracking of drifting curves, slowly: one campaign, one hypothesis after the other, plain loops."""

import numpy as np
from numpy.typing import NDArray

from aicmo.core.tracking import Dynamics

Floats = NDArray[np.float64]


def track(
    reference: float,
    level: float,
    cv: float,
    shapes: list[tuple[float, float]],
    told: Dynamics,
    data: list[tuple[float, float, float]],
) -> tuple[Floats, Floats, Floats]:
    """Return amplitude, precision and score (M, G) after observations (pressure, outcome, multiplier)."""
    size = (len(told.memories), len(shapes))
    least = 1.0 / (cv * level) ** 2
    amplitude, precision, score = np.full(size, level), np.full(size, least), np.zeros(size)
    squares = ones = 0.0
    for a, y, m in data:
        mean = m * level * (2.0 * a / (a + reference) + 0.01)
        dispersion = (told.strength * told.dispersion + squares) / (told.strength + ones)
        v = dispersion * mean + (told.relative * mean) ** 2
        weight = np.exp(score - score.max())
        errors = np.empty(size)
        for k, memory in enumerate(told.memories):
            for g, (multiple, s) in enumerate(shapes):
                half = (multiple * reference) ** s
                x = m * a**s / (half + a**s) * (half + reference**s) / reference**s
                keep = 0.5 ** (1.0 / memory)
                p = keep * precision[k, g] + (1.0 - keep) * least
                q, e = v + x * x / p, y - x * amplitude[k, g]
                errors[k, g] = e * e / q
                density = np.log(q) + (told.freedom + 1.0) * np.log1p(e * e / q / told.freedom)
                score[k, g] -= 0.5 * told.caution * density
                trust = min((told.freedom + 1.0) / (told.freedom + e * e / q), 1.0)
                precision[k, g] = p + trust * x * x / v
                amplitude[k, g] += trust * x * e / v / precision[k, g]
        score = np.maximum(score, score.max(axis=0) - told.reserve)
        kept = 0.5 ** (1.0 / told.patience)
        squares = kept * squares + dispersion * min(float((weight * errors).sum() / weight.sum()), 9.0)
        ones = kept * ones + 1.0
    return amplitude, precision, score
