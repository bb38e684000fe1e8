"""A ratio of sums with Fieller's interval, refused where its denominator may be as good as nothing."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from aicmo.core.estimate import Estimate, confidence
from aicmo.core.intervals import NONE, ONE, Floats, mean_interval, sample, standard_error

SMALLEST = 1e-140  # squares of numbers below vanish, and with them their spread


def ratio_interval(
    numerator: ArrayLike,
    denominator: ArrayLike,
    level: float = 0.9,
    *,
    least: float = 0.0,
    name: str = "the denominator",
) -> Estimate:
    """Ratio of the sums of two paired samples, with Fieller's interval (1954).

    The limits are the ratios ρ at which the mean of numerator − ρ · denominator has a t interval that just
    touches 0; they are finite because the denominator's own interval lies above `least` ≥ 0.

    Parameters
    ----------
    numerator, denominator : (R,)
        Of the same replications.
    level : float
        Confidence.
    least : float [unit of the denominator, per replication]
        The ratio is undefined unless the lower limit of the denominator's mean is above this.
    name : str
        What the denominator is, for the reason.

    Raises
    ------
    ValueError
        If the samples differ in length or `least` is negative.
    """
    a, b = sample(numerator), sample(denominator)
    if a.size != b.size:
        raise ValueError(
            f"numerator and denominator are paired by replication, got {a.size} and {b.size} of them"
        )
    if least < 0.0:
        raise ValueError(f"the least denominator must be at least 0, got {least}")
    if a.size == 0:
        return Estimate.undefined(level, NONE)
    below = mean_interval(b, level)
    lowest = below.mean if below.low is None else below.low
    if lowest is None or lowest <= max(least, SMALLEST):
        limit = "its value" if below.low is None else f"lower {level:.0%} limit"
        return Estimate.undefined(
            level, f"{name} may be too small to divide by: {limit} {lowest:.4g}, needed above {least:.4g}"
        )
    ratio = math.fsum(a) / math.fsum(b)
    if a.size == 1:
        return Estimate(ratio, None, None, level, ONE)
    low, high = _fieller(a, b, float(stats.t.ppf(0.5 + 0.5 * confidence(level), a.size - 1)), lowest)
    return Estimate(ratio, min(low, ratio), max(high, ratio), level)


def _fieller(a: Floats, b: Floats, t: float, lowest: float) -> tuple[float, float]:
    """Roots of (ā − ρ b̄)² = t² (v_a − 2ρ v_ab + ρ² v_b), about the estimate for the sake of precision.

    With c = a − ρ̂ b, whose mean is 0, the roots are ρ̂ + δ where (b̄² − t² v_b) δ² + 2 t² v_cb δ − t² v_c = 0.
    The leading term is a product of the denominator's limits, `lowest` = b̄ − t √v_b > 0 and b̄ + t √v_b; b is
    measured in units of `lowest`, so that squares neither overflow nor vanish.
    """
    ratio = math.fsum(a) / math.fsum(b)
    b = b / lowest
    c = a / lowest - ratio * b
    spread, error = t * standard_error(c), t * standard_error(b)
    covariance = t * t * float(np.mean((c - c.mean()) * (b - b.mean()))) / (b.size - 1)
    leading = 1.0 + 2.0 * error
    center = ratio - covariance / leading
    reach = math.hypot(covariance, math.sqrt(leading) * spread) / leading
    return center - reach, center + reach
