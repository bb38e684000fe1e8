"""Readouts: what holdouts say about the ratio of credited to caused orders."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.messages import Brief, Observation
from aicmo.policies._withheld import counted_credit

PRIOR_CV = 0.4
"""Standard deviation, relative to its mean, of the share that is believed to be caused before a readout."""
LEAST = 0.05
"""Below this share a logarithm says more than an experiment can."""


class Readouts(NamedTuple):
    """What holdouts have told.

    Attributes
    ----------
    share : (R, E, K)
        Part of each channel in the credit of the tested campaigns; zero rows count for nothing.
    ratio : (R, E) [log]
        Credited over caused orders of the tested campaigns.
    variance : (R, E)
        Of that log ratio.
    """

    share: Float[np.ndarray, "R E K"]
    ratio: Float[np.ndarray, "R E"]
    variance: Float[np.ndarray, "R E"]


def counted(
    brief: Brief, observation: Observation, before: Float[np.ndarray, "R E K"] | None
) -> Float[np.ndarray, "R E K"]:
    """Return what was credited by channel [order/day] while each readout counted, each looked up once."""
    known = observation.experiments.known
    credit = np.zeros((*known.shape, len(brief.channels))) if before is None else before.copy()
    for row, slot in np.argwhere(known & ~credit.any(axis=2)).tolist():
        credit[row, slot] = counted_credit(brief, observation, row, slot)
    return credit


def readouts(observation: Observation, credit: Float[np.ndarray, "R E K"], caused: float) -> Readouts:
    """Set every known readout against what was credited to the tested campaigns while it counted.

    The estimate may be small beside its error, even negative, so its logarithm is no use. The log ratio is
    expanded, q ≈ −ln ρ* − (ρ − ρ*)/ρ* with ρ = estimate ÷ credited, about the mean ρ* of ρ and of the share
    believed beforehand, weighted by precision: exact where the estimate is, and symmetric in its noise where
    that is large.

    Parameters
    ----------
    credit : (R, E, K) [order/day]
        By channel, see `counted`; zeros where nothing is known.
    caused : float
        Share of credited orders believed to be caused.
    """
    told, total = observation.experiments, credit.sum(axis=2)
    usable = told.known & (total > 0.0)
    base = np.where(usable, total, 1.0)
    found, noise = told.estimate / base, (told.error / base) ** 2
    doubt = (PRIOR_CV * caused) ** 2
    about = np.maximum((noise * caused + doubt * found) / (noise + doubt), LEAST)
    ratio = -np.log(about) - (found - about) / about
    share = np.where(usable[:, :, None], credit / base[:, :, None], 0.0)
    return Readouts(share, np.where(usable, ratio, 0.0), np.where(usable, noise / about**2, 1.0))
