"""Calibration: how far credit can be believed, learned from holdouts.

Identity resolution removes what other channels did, never organic credit: only experiments do (model.md). So
unified outcomes overstate what campaigns cause, each channel by a share of its own. A readout y of tested
campaigns with unified credit x_k by channel says y = Σ_k b_k x_k + noise, b_k being the share of a channel's
credit that it caused. Prior: b_k = b + d_k, with b common to all channels and d_k a channel's own, so that a
test of one channel also says something about the others (partial pooling; Gelman & Hill 2007, ch. 12).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.messages import Brief, Observation

LEAST = 0.05
"""Below this share credit says nothing, and a factor would only blow up what it is applied to."""
TINY = 1e-9
"""Half-life of none, in days."""


class Credibility(NamedTuple):
    """Belief about b, the share of each channel's credit that it caused.

    Attributes
    ----------
    mean : (R, K) [1]
    covariance : (R, K, K) [1]
    absorbed : (R, E)
        Which experiments it rests on.
    """

    mean: Float[np.ndarray, "R K"]
    covariance: Float[np.ndarray, "R K K"]
    absorbed: Bool[np.ndarray, "R E"]

    @property
    def factor(self) -> Float[np.ndarray, "R K"]:
        """What credit is to be multiplied by; one in worlds without any readout."""
        tested = self.absorbed.any(axis=1, keepdims=True)
        return np.where(tested, np.maximum(self.mean, LEAST), 1.0)


@dataclass(frozen=True)
class Calibration:
    """Prior of b, before any experiment.

    Parameters
    ----------
    mean : float
        Of the common share; credit after identity resolution is believed to overstate.
    common_sd, channel_sd : float
        Standard deviations of the common share, and of a channel's own about it: of what is left once the
        learner's trust in the opening plan has taken its part of what channels over-claim.
    spread : float
        Relative standard deviation of campaigns' shares inside a channel, where a test covers only some.
    """

    mean: float = 0.8
    common_sd: float = 0.2
    channel_sd: float = 0.1
    spread: float = 0.1

    def open(self, brief: Brief) -> Credibility:
        """Return the prior."""
        rows, channels = brief.replications, len(brief.channels)
        covariance = self.common_sd**2 + self.channel_sd**2 * np.eye(channels)
        return Credibility(
            np.full((rows, channels), self.mean),
            np.tile(covariance, (rows, 1, 1)),
            np.zeros((rows, 0), dtype=bool),
        )

    def learn(self, brief: Brief, belief: Credibility, observation: Observation) -> Credibility:
        """Absorb each readout once, a Kalman step each, when it arrives."""
        known = _comparable(brief, observation)
        absorbed = np.zeros_like(known)
        absorbed[:, : belief.absorbed.shape[1]] = belief.absorbed
        fresh = np.argwhere(known & ~absorbed)
        if len(fresh) == 0:
            return belief
        mean, covariance = belief.mean.copy(), belief.covariance.copy()
        for row, slot in fresh.tolist():
            credit = counted_credit(brief, observation, row, slot)
            estimate = float(observation.experiments.estimate[row, slot])
            error = float(observation.experiments.error[row, slot])
            variance = error**2 + (self.spread * float((mean[row] * credit).sum())) ** 2
            mean[row], covariance[row] = step(mean[row], covariance[row], credit, estimate, variance)
        return Credibility(mean, covariance, known | absorbed)


def _comparable(brief: Brief, observation: Observation) -> Bool[np.ndarray, "R E"]:
    """Whether a readout is known, and so is the credit of its last day: people may read reports late."""
    seen = observation.experiments
    last = np.clip(seen.end - 1 + brief.history_ticks, 0, max(len(observation.delivered) - 1, 0))
    if not seen.known.any():
        return np.asarray(seen.known)
    return np.asarray(seen.known & observation.delivered[last])


def step(
    mean: Float[np.ndarray, "K"],
    covariance: Float[np.ndarray, "K K"],
    credit: Float[np.ndarray, "K"],
    estimate: float,
    variance: float,
) -> tuple[Float[np.ndarray, "K"], Float[np.ndarray, "K K"]]:
    """Return mean and covariance of b after y = credit · b + noise: the conjugate Gaussian update."""
    along = (covariance * credit).sum(axis=1)
    total = float((credit * along).sum()) + variance
    if total <= 0.0:
        return mean, covariance  # nothing was credited and nothing measured
    gain = along / total
    moved = mean + gain * (estimate - float((credit * mean).sum()))
    return moved, covariance - gain[:, None] * along


def counted_credit(brief: Brief, observation: Observation, row: int, slot: int) -> Float[np.ndarray, "K"]:
    """Unified credit by channel that a readout should be compared with, (K,) [order/day].

    Of the tested campaigns while orders were counted, matured, as if nobody had been held out; less what
    held-out people are believed to have still remembered, since the readout misses it too.
    """
    seen = observation.experiments
    counted = np.arange(seen.counted[row, slot], seen.end[row, slot])
    members, rows = np.flatnonzero(seen.tested[row, slot]), counted + brief.history_ticks
    missing = _missing(brief, observation, row, slot, counted)
    whole = observation.unified[rows, row][:, members] / (1.0 - missing)
    mature = np.maximum(observation.maturity[rows], LEAST)[:, None]
    daily = (whole * missing / mature).mean(axis=0) / (seen.share[row, slot] * brief.tick_days)
    return np.bincount(brief.channel[members], daily, minlength=len(brief.channels))


def as_if_whole(brief: Brief, observation: Observation, since: int) -> Observation:
    """Return the observation with unified credit as it would be had nobody been held out, from `since` on."""
    if not (observation.experiments.share > 0.0).any():
        return observation
    unified, rows = observation.unified.copy(), observation.since(since)
    unified[rows] /= 1.0 - withheld(brief, observation, since)
    return replace(observation, unified=unified)


def withheld(brief: Brief, observation: Observation, since: int) -> Float[np.ndarray, "W R C"]:
    """Share of each campaign's effect believed to be missing for experiments, from tick `since` on [1]."""
    ticks = observation.origin[observation.since(since)]
    out = np.zeros((len(ticks), *brief.shape))
    for row, slot in np.argwhere(observation.experiments.share > 0.0).tolist():
        members = np.flatnonzero(observation.experiments.tested[row, slot])
        out[:, row, members] += _missing(brief, observation, row, slot, ticks)
    return out


def _missing(
    brief: Brief, observation: Observation, row: int, slot: int, ticks: Int[np.ndarray, "W"]
) -> Float[np.ndarray, "W M"]:
    """Share missing for one experiment, f · (1 − 2^(−t/h)) while it runs and fading after: h is believed."""
    seen = observation.experiments
    start, end = seen.start[row, slot], seen.end[row, slot]
    half_life = np.maximum(brief.half_life[row, seen.tested[row, slot]], TINY)
    out = np.clip(ticks + 1 - start, 0, end - start)[:, None] * brief.tick_days
    after = np.maximum(ticks + 1 - end, 0)[:, None] * brief.tick_days
    rise = -np.expm1(-np.log(2.0) * out / half_life)
    return np.asarray(seen.share[row, slot] * rise * np.exp2(-after / half_life))
