"""Conversions that arrive late: tries count as far as their conversions could have arrived."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aicmo.core.bandits.evidence import Evidence
from aicmo.core.bandits.index import IndexRule

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class MaturingEvidence(Evidence):
    """Evidence of which recent tries are counted in part.

    `pulls` are Σ over tries of P(delay ≤ age), `sums` the conversions so far: their ratio estimates the rate
    without bias, however young the tries (Vernade, Cappé & Perchet 2017, section 3).

    Parameters
    ----------
    tries : (N, A)
        All of them, in full.
    ages : (N, A, L)
        The last L tries of a row by age.
    """

    tries: Floats
    ages: Floats

    @property
    def time(self) -> Floats:
        """Tries of a row, (N,), in full."""
        total: Floats = self.tries.sum(axis=1)
        return total


@dataclass(frozen=True)
class Maturing:
    """Remember all tries, each weighted by the share of its conversions that can have arrived.

    A conversion that has not arrived looks like none at all, so tries that are counted in full at once make
    every young arm look bad; here each counts P(delay ≤ age). `update` takes the credits of the step, of all
    arms and ages, as (N, A).

    Parameters
    ----------
    ripeness : tuple of float
        P(delay ≤ 0), P(delay ≤ 1), … steps, rising, in [0, 1]; older tries count in full.
    """

    ripeness: tuple[float, ...]

    def __post_init__(self) -> None:
        steps = np.diff([0.0, *self.ripeness, 1.0])
        if not self.ripeness or not (steps >= 0.0).all():
            raise ValueError(
                f"ripeness is a distribution function, rising within [0, 1]; got {self.ripeness}"
            )

    def init(self, rows: int, arms: int) -> MaturingEvidence:
        """Return empty evidence."""
        cells = (rows, arms)
        ages = np.zeros((*cells, len(self.ripeness)))
        return MaturingEvidence(np.zeros(cells), np.zeros(cells), np.zeros(cells), ages)

    def update(self, evidence: MaturingEvidence, arms: Ints, rewards: Floats) -> MaturingEvidence:
        """Age all tries by a step, add one a row, and book the step's credits, `rewards` (N, A)."""
        from aicmo.core.kernels.evidence import mature  # noqa: PLC0415 - Numba only when a bandit learns

        if rewards.shape != evidence.sums.shape:
            raise ValueError(f"credits of a step must be {evidence.sums.shape} = (N, A), got {rewards.shape}")
        tries, ages, matured = mature(evidence.tries, evidence.ages, arms, np.array(self.ripeness))
        return MaturingEvidence(matured, evidence.sums + rewards, tries, ages)

    def forget(self, evidence: MaturingEvidence, which: NDArray[np.bool_]) -> MaturingEvidence:
        """Drop all tries of some arms; the caller drops their late credits."""
        return MaturingEvidence(
            np.where(which, 0.0, evidence.pulls),
            np.where(which, 0.0, evidence.sums),
            np.where(which, 0.0, evidence.tries),
            np.where(which[:, :, None], 0.0, evidence.ages),
        )


@dataclass(frozen=True)
class DelayedUCB(IndexRule):
    """Rate + √(tries/matured) · √(width · log t / matured) (Vernade, Cappé & Perchet 2017, section 4).

    Hoeffding's bound on the conversions of all tries, over matured tries. Their delayed KL-UCB is `KLUCB` on
    this memory.

    Parameters
    ----------
    width : float
        2 as in UCB1; 1/2 is the narrowest with their guarantee.
    """

    width: float = 2.0

    def index(self, evidence: Evidence, uniforms: Floats) -> Floats:  # noqa: ARG002 - ties alone hang on chance
        """Upper bound of each arm, infinite where nothing can have arrived."""
        tries = evidence.tries if isinstance(evidence, MaturingEvidence) else evidence.pulls
        reach = np.sqrt(self.width * np.log(np.maximum(evidence.time, 1.0))[:, None] * tries)
        spread = np.full(tries.shape, np.inf)
        np.divide(reach, evidence.pulls, out=spread, where=evidence.pulls > 0.0)
        bound: Floats = evidence.means(without=0.0) + spread
        return bound
