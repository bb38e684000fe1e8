"""Intervals over replications: Student's t for a mean, BCa bootstrap for the rest, Wilson for a share.

The unit is a replication (world); everything here takes one number a replication, `x : (R,)`, paired across
teams by the caller, since teams meet the same worlds: the interval of a difference is that of `x − y`.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from aicmo.core.estimate import Estimate, Share, confidence

Floats = NDArray[np.float64]
NONE = "there is no replication"
ONE = "one replication has no interval"
RESAMPLES = 4999


def sample(x: ArrayLike) -> Floats:
    """Return one finite number a replication as (R,).

    Raises
    ------
    ValueError
        If `x` has other axes, or holds NaN or infinities: a metric that is undefined in a world must say so
        before it is averaged.
    """
    values = np.asarray(x, dtype=float)
    if values.ndim != 1:
        raise ValueError(f"expected one number a replication, shape (R,), got {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError(
            f"{np.count_nonzero(~np.isfinite(values))} of {values.size} replications are not finite"
        )
    return values


def mean_interval(x: ArrayLike, level: float = 0.9) -> Estimate:
    """Student's t interval of a mean; of paired differences, when given those.

    Parameters
    ----------
    x : (R,)
        One number a replication.
    level : float
        Confidence.

    Returns
    -------
    Estimate
        Undefined without replications; a mean alone with one; of length 0 where all are equal.
    """
    values = sample(x)
    if values.size < 2:
        return _too_few(values, level)
    center = _center(values)
    reach = float(stats.t.ppf(0.5 + 0.5 * confidence(level), values.size - 1)) * standard_error(values)
    return Estimate(center, center - reach, center + reach, level)


def standard_error(x: Floats) -> float:
    """Return the standard error of a mean, exactly 0 where all of `x` (R ≥ 2,) are equal."""
    return 0.0 if np.ptp(x) == 0.0 else float(np.std(x, ddof=1)) / math.sqrt(x.size)


def bootstrap_interval(
    statistic: Callable[..., Any],
    *samples: ArrayLike,
    level: float = 0.9,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Bias-corrected and accelerated bootstrap interval (Efron 1987) of a function of paired samples.

    Parameters
    ----------
    statistic : callable
        statistic(x, y, …, axis) reduces arrays along `axis`, as np.mean does.
    *samples : (R,)
        Samples of the same replications, resampled together.
    level : float
        Confidence.
    seed : int
        Of the resampling, so that a table is the same when printed again.
    resamples : int
        Number of resamples.
    """
    columns = tuple(sample(x) for x in samples)
    if columns[0].size == 0:
        return Estimate.undefined(level, NONE)
    point = float(statistic(*columns, axis=-1))
    if not math.isfinite(point):
        return Estimate.undefined(level, "the statistic is not finite on these replications")
    if columns[0].size == 1:
        return Estimate(point, None, None, level, ONE)
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        # SciPy warns where resamples do not vary, and answers NaN; `_ends` says what that means
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        result = stats.bootstrap(
            columns,
            statistic,
            paired=True,
            vectorized=True,
            n_resamples=resamples,
            batch=max(1, 2_000_000 // columns[0].size),
            confidence_level=confidence(level),
            method="BCa",
            rng=np.random.default_rng(seed),
        )
    return _ends(point, result, level)


def _ends(point: float, result: Any, level: float) -> Estimate:
    """Read SciPy's result: resamples that do not vary give length 0, those that are undefined a reason."""
    low, high = (float(end) for end in result.confidence_interval)
    drawn = result.bootstrap_distribution
    if not np.isfinite(drawn).all():
        return Estimate.undefined(level, "the statistic is not finite on some resamples of the replications")
    if np.ptp(drawn) <= 1e-12 * abs(point):
        return Estimate(point, point, point, level)
    if not (math.isfinite(low) and math.isfinite(high)):
        return Estimate(point, None, None, level, "too few different resamples for a BCa interval")
    return Estimate(point, low, high, level)


def disagreement(t: Estimate, bca: Estimate, tolerance: float = 0.25) -> str | None:
    """Say how the t and the BCa interval of one mean disagree, or None where they tell the same.

    They disagree when only one of them excludes zero, or an end differs by more than `tolerance` half-widths:
    then the mean hangs on few replications and more of them are needed.
    """
    if t.low is None or t.high is None or bca.low is None or bca.high is None:
        return None
    if (t.low > 0.0 or t.high < 0.0) != (bca.low > 0.0 or bca.high < 0.0):
        return "only one of the t and BCa intervals excludes 0"
    apart = max(abs(t.low - bca.low), abs(t.high - bca.high))
    if apart > tolerance * 0.5 * (t.high - t.low) and apart > 1e-12 * abs(t.high):
        return f"the ends of the t and BCa intervals differ by up to {apart:.3g}"
    return None


def share_better(x: ArrayLike, level: float = 0.9) -> Share:
    """Share of replications whose paired difference is positive, with Wilson's interval (1927).

    Ties count half. The interval is the root of |p̂ − p| = z √(p(1−p)/n), as SciPy's binomtest has it, which
    takes whole counts only, while half a tie is none.

    Parameters
    ----------
    x : (R,)
        Paired differences.
    level : float
        Confidence.
    """
    values = sample(x)
    n = values.size
    if n == 0:
        return Share(None, None, None, 0, NONE)
    share = float(np.count_nonzero(values > 0.0) + 0.5 * np.count_nonzero(values == 0.0)) / n
    z2 = float(stats.norm.ppf(0.5 + 0.5 * confidence(level))) ** 2
    center = (share + 0.5 * z2 / n) / (1.0 + z2 / n)
    reach = math.sqrt(z2 * (share * (1.0 - share) / n + 0.25 * z2 / n**2)) / (1.0 + z2 / n)
    return Share(share, min(max(0.0, center - reach), share), max(min(1.0, center + reach), share), n)


def lower_tail(x: ArrayLike, share: float = 0.1, level: float = 0.9, seed: int = 0) -> Estimate:
    """Mean of the worst `share` of replications (CVaR10 at 0.1), with a BCa interval.

    Parameters
    ----------
    x : (R,)
        One number a replication, more is better.
    share : float
        In (0, 1]; below 1/R it is the worst replication.
    """
    if not 0.0 < share <= 1.0:
        raise ValueError(f"the tail is a share of replications in (0, 1], as 0.1 for CVaR10; got {share}")
    return bootstrap_interval(
        lambda values, axis=-1: tail_mean(values, share, axis), x, level=level, seed=seed, resamples=1999
    )


def tail_mean(x: Float[np.ndarray, "..."], share: float, axis: int = -1) -> Any:
    """Average the lowest `share` along `axis`, the last of them in part (Rockafellar & Uryasev 2002)."""
    ordered = np.sort(np.moveaxis(x, axis, -1), axis=-1)
    count = share * ordered.shape[-1]
    weights = np.clip(count - np.arange(ordered.shape[-1]), 0.0, 1.0)
    return (ordered * (weights / weights.sum())).sum(axis=-1)


def _center(values: Floats) -> float:
    """Mean by exact summation, so that equal numbers have their own value as the mean."""
    return math.fsum(values) / values.size if np.ptp(values) else float(values[0])


def _too_few(values: Floats, level: float) -> Estimate:
    if values.size == 0:
        return Estimate.undefined(level, NONE)
    return Estimate(float(values[0]), None, None, level, ONE)
