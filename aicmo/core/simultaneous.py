"""Intervals of several teams against one baseline that hold together: the max-t bootstrap."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from aicmo.core.estimate import Estimate, confidence
from aicmo.core.intervals import mean_interval

Floats = NDArray[np.float64]
RESAMPLES = 4999
BATCH = 256


def simultaneous_intervals(
    x: Float[np.ndarray, "R M"], level: float = 0.9, *, seed: int = 0, resamples: int = RESAMPLES
) -> list[Estimate]:
    """Intervals of M means that all cover with probability `level` (Romano & Wolf 2005).

    Replications are resampled whole, so that the teams' dependence is kept, and the critical value is the
    `level` quantile of the largest |t| over teams; it stands in for Student's quantile in each interval.

    Parameters
    ----------
    x : (R, M)
        Paired differences, one column a team.
    level : float
        Probability that all intervals cover at once.
    seed : int
        Of the resampling.
    resamples : int
        Number of resamples.
    """
    confidence(level)
    singles = [mean_interval(column, level) for column in x.T]
    varying = np.array([bool(single.half_width) for single in singles])
    if not varying.any():
        return singles
    moving = x[:, varying]
    error = moving.std(axis=0, ddof=1) / np.sqrt(x.shape[0])
    critical = float(np.quantile(_largest_t(moving, seed, resamples), level, method="higher"))
    reach = np.zeros(varying.size)
    reach[varying] = critical * error
    return [_around(single, float(half)) for single, half in zip(singles, reach, strict=True)]


def _around(single: Estimate, reach: float) -> Estimate:
    if single.mean is None or reach == 0.0:
        return single
    if reach == np.inf:
        return Estimate(single.mean, None, None, single.level, "too few replications to resample")
    return Estimate(single.mean, single.mean - reach, single.mean + reach, single.level)


def _largest_t(x: Floats, seed: int, resamples: int) -> Floats:
    """Largest |t| over teams in each resample (B,), each studentised by its own standard error."""
    R = x.shape[0]
    centered = x - x.mean(axis=0)
    rng, largest = np.random.default_rng(seed), np.empty(resamples)
    for start in range(0, resamples, BATCH):
        drawn = centered[rng.integers(R, size=(min(BATCH, resamples - start), R))]
        mean, error = drawn.mean(axis=1), drawn.std(axis=1, ddof=1) / np.sqrt(R)
        # a resample of one replication alone (R small) has no spread: it counts as beyond any limit
        t = np.divide(np.abs(mean), error, out=np.full(mean.shape, np.inf), where=error > 0.0)
        largest[start : start + BATCH] = t.max(axis=1)
    return largest
