"""When to stop adding replications: looks stated in advance, intervals that cover wherever one stops."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.optimize import brentq

from aicmo.core.estimate import Estimate, confidence
from aicmo.core.intervals import mean_interval, sample

# Simpson nodes: at least 2 · LEAST_PAIRS + 1, and PER_STEP pairs per standard deviation of the shortest step
LEAST_PAIRS = 128
PER_STEP = 6.0


@dataclass(frozen=True)
class Look:
    """What a look says: the interval so far, and whether to stop there."""

    estimate: Estimate
    done: bool


@dataclass(frozen=True)
class StoppingRule:
    """Stop at the first look whose half-width is small enough, or at the last.

    Looking at intervals until one pleases covers less often than promised. Here all looks use one inflated
    critical value c, with P(|Z_k| ≤ c at every look) = level (Pocock 1977), so the interval covers wherever
    the rule stops. Student's quantile of the same tail stands in for c (Jennison & Turnbull 2000, 4.4).

    Parameters
    ----------
    half_width : float [unit of the numbers]
        Wished, > 0.
    looks : tuple of int
        Numbers of replications at which to look, rising, at least 2.
    level : float
        Confidence.

    Examples
    --------
    >>> rule = StoppingRule.doubling(half_width=0.25, first=64, cap=1000)
    >>> rule.looks
    (64, 128, 256, 512, 1000)
    >>> round(rule.critical, 2)
    2.2
    """

    half_width: float
    looks: tuple[int, ...]
    level: float = 0.9

    def __post_init__(self) -> None:
        confidence(self.level)
        if not self.half_width > 0.0:
            raise ValueError(f"the wished half-width must be above 0, got {self.half_width}")
        if not self.looks or self.looks[0] < 2 or any(np.diff(self.looks) <= 0):
            raise ValueError(f"looks must be rising numbers of replications from 2, got {self.looks}")

    @classmethod
    def doubling(
        cls, half_width: float, first: int = 64, cap: int = 4096, level: float = 0.9
    ) -> StoppingRule:
        """Look at `first` replications, twice as many, … and at `cap`."""
        looks = [first]
        while looks[-1] < cap:
            looks.append(min(2 * looks[-1], cap))
        return cls(half_width, tuple(looks), level)

    @property
    def critical(self) -> float:
        """The inflated critical value of a normal, the same at each look."""
        return pocock(self.looks, self.level)

    def look(self, x: ArrayLike) -> Look:
        """Judge the first replications of a run.

        Parameters
        ----------
        x : (R,)
            R must be one of `looks`.
        """
        values = sample(x)
        if values.size not in self.looks:
            raise ValueError(f"looks were stated at {self.looks} replications, got {values.size}")
        inflated = mean_interval(values, 1.0 - 2.0 * float(stats.norm.sf(self.critical)))
        wide = inflated.half_width
        reached = wide is not None and wide <= self.half_width
        capped = not reached and values.size == self.looks[-1]
        reason = (
            f"stopped at the cap of {values.size} replications: "
            f"half-width {wide:.4g}, wished {self.half_width:.4g}"
            if capped
            else None
        )
        estimate = Estimate(inflated.mean, inflated.low, inflated.high, self.level, reason)
        return Look(estimate, reached or capped)


def replications_needed(standard_deviation: float, half_width: float, level: float = 0.9) -> int:
    """Replications for a wished half-width, ⌈(z s/h)²⌉, at least 2; from a pilot's standard deviation."""
    z = float(stats.norm.ppf(0.5 + 0.5 * confidence(level)))
    return max(2, math.ceil((z * standard_deviation / half_width) ** 2))


@lru_cache(maxsize=64)
def pocock(looks: tuple[int, ...], level: float) -> float:
    """Critical value c with P(|S_k| ≤ c √n_k at every look k) = level for a Gaussian random walk S."""
    single = float(stats.norm.ppf(0.5 + 0.5 * level))
    bonferroni = float(stats.norm.ppf(1.0 - 0.5 * (1.0 - level) / len(looks)))
    if len(looks) == 1:
        return single
    return float(brentq(lambda c: _stays_inside(c, looks) - level, single, bonferroni, xtol=1e-8))


def _stays_inside(c: float, looks: tuple[int, ...]) -> float:
    """P(|S_k| ≤ c √n_k at every look), carrying the density from look to look (Armitage et al. 1969)."""
    shortest = math.sqrt(min(looks[0], *np.diff(looks)))
    nodes, weights = _simpson(c * math.sqrt(looks[0]), shortest)
    density = stats.norm.pdf(nodes, scale=math.sqrt(looks[0]))
    for before, now in pairwise(looks):
        reach = c * math.sqrt(now)
        step = math.sqrt(now - before)
        if now == looks[-1]:
            within = stats.norm.cdf((reach - nodes) / step) - stats.norm.cdf((-reach - nodes) / step)
            return float((weights * density * within).sum())
        onward, next_weights = _simpson(reach, shortest)
        density = (stats.norm.pdf(onward[:, None], nodes, step) * (weights * density)).sum(axis=1)
        nodes, weights = onward, next_weights
    return float((weights * density).sum())


def _simpson(reach: float, step: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    count = 2 * max(LEAST_PAIRS, math.ceil(PER_STEP * reach / step)) + 1
    nodes = np.linspace(-reach, reach, count)
    weights = np.full(count, 2.0 / 3.0)
    weights[1::2] = 4.0 / 3.0
    weights[[0, -1]] = 1.0 / 3.0
    return nodes, weights * (nodes[1] - nodes[0])
