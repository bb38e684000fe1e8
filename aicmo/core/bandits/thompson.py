"""Thompson sampling: play an arm as often as it is believed to be the best (Thompson 1933)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aicmo.core.bandits.evidence import Evidence
from aicmo.core.bandits.index import IndexRule

Floats = NDArray[np.float64]


def _positive(**parameters: float) -> None:
    for name, value in parameters.items():
        if not 0.0 < value < np.inf:
            raise ValueError(f"{name} of a prior must be positive and finite, got {value}")


@dataclass(frozen=True)
class BetaThompson(IndexRule):
    """Success rates of rewards in [0, 1], with a Beta prior.

    Parameters
    ----------
    successes, failures : float
        Of the prior, > 0; 1 and 1 is uniform.
    """

    successes: float = 1.0
    failures: float = 1.0

    def __post_init__(self) -> None:
        _positive(successes=self.successes, failures=self.failures)

    def index(self, evidence: Evidence, uniforms: Floats) -> Floats:
        """Draw a rate for each arm."""
        from aicmo.core.kernels.gamma import beta_draws  # noqa: PLC0415 - Numba only when a bandit chooses

        rates = np.empty(uniforms.shape)
        wins = (self.successes + evidence.sums).reshape(-1)
        # corrected for delay, pulls may fall short of the rewards they brought
        losses = self.failures + np.maximum(evidence.pulls - evidence.sums, 0.0).reshape(-1)
        beta_draws(rates.reshape(-1), wins, losses, np.ascontiguousarray(uniforms).reshape(-1))
        return rates


@dataclass(frozen=True)
class GaussianThompson(IndexRule):
    """Means of rewards with known noise, with a normal prior.

    Parameters
    ----------
    mean : float [reward]
        Of the prior.
    pulls : float
        What the prior is worth, > 0: its variance is sd²/pulls.
    sd : float [reward]
        Of one reward, > 0.
    """

    mean: float = 0.0
    pulls: float = 1.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        _positive(pulls=self.pulls, sd=self.sd)

    def index(self, evidence: Evidence, uniforms: Floats) -> Floats:
        """Draw a mean for each arm."""
        from aicmo.core.kernels.indices import gaussian_index  # noqa: PLC0415 - Numba only when a bandit chooses

        return gaussian_index(
            evidence.pulls, evidence.sums, np.ascontiguousarray(uniforms), self.mean, self.pulls, self.sd
        )


@dataclass(frozen=True)
class GammaThompson(IndexRule):
    """Rates of Poisson counts, with a Gamma prior.

    Parameters
    ----------
    shape : float [counts]
        Of the prior, > 0.
    rate : float [pulls]
        Of the prior, > 0; its mean is shape/rate.
    """

    shape: float = 1.0
    rate: float = 1.0

    def __post_init__(self) -> None:
        _positive(shape=self.shape, rate=self.rate)

    def index(self, evidence: Evidence, uniforms: Floats) -> Floats:
        """Draw a rate for each arm."""
        from aicmo.core.kernels.gamma import gamma_draws  # noqa: PLC0415 - Numba only when a bandit chooses

        rates = np.empty(uniforms.shape)
        shapes = (self.shape + evidence.sums).reshape(-1)
        gamma_draws(rates.reshape(-1), shapes, np.ascontiguousarray(uniforms).reshape(-1), np.uint64(1))
        return rates / (self.rate + evidence.pulls)
