"""Credit: how much of what a campaign is credited with it caused, as far as plans and experiments tell.

Identity resolution removes what other channels did, never orders that would have come anyway. Their share is
different from channel to channel, and spend that varies shows the slope of credit, not its level. So the log
ratio of credited to caused orders is believed to be

    q_c = q₀ + u + v_k(c) + w_c,   u ~ N(0, common²), v_k ~ N(0, channel²), w_c ~ N(0, campaign²)

and is learned from two things. Planners of last year meant marginal returns to be equal: what credit says
about them, z_c = λ + q_c + N(0, plan²), is put down to credit as far as the variances have it. And readouts
of holdouts, which alone tell what was caused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from aicmo.policies._readouts import Readouts
from aicmo.policies._reported import joined

FLAT = 100.0
"""Prior variance of λ, the log of what planners meant marginal returns to be: as good as unknown."""
WILD = 1.5
"""Log deviations from the mean plan beyond this say that a campaign is dead or new, not misjudged."""


class Excess(NamedTuple):
    """Log ratio of credited to caused orders.

    Attributes
    ----------
    mean : (R, C)
    effects : (R, C, J)
        How the ratio of each campaign hangs on the J joint effects.
    covariance : (R, J, J)
        Of the joint effects.
    own : (R, C)
        Variance of what is each campaign's own.
    """

    mean: Float[np.ndarray, "R C"]
    effects: Float[np.ndarray, "C J"]
    covariance: Float[np.ndarray, "R J J"]
    own: Float[np.ndarray, "R C"]

    def by_channel(self, channel: Int[np.ndarray, "C"], channels: int) -> Float[np.ndarray, "R K K"]:
        """Return the covariance between channels of the mean ratio of their campaigns."""
        with_common = self.covariance[:, 1, 2:]
        joint = self.covariance[:, 1:2, 1:2] + with_common[:, :, None] + with_common[:, None, :]
        size = np.maximum(np.bincount(channel, minlength=channels), 1)
        own = joined(self.own, channel, channels) / size**2
        return np.asarray(joint + self.covariance[:, 2:, 2:] + own[:, :, None] * np.eye(channels))

    def variance_of_sum(self, weight: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R"]:
        """Return the variance of Σ weight · q."""
        joint = (weight[:, :, None] * self.effects).sum(axis=1)
        spread = (joint[:, :, None] * self.covariance * joint[:, None, :]).sum(axis=(1, 2))
        return np.asarray(spread + (weight**2 * self.own).sum(axis=1))


@dataclass(frozen=True)
class Credit:
    """What is believed about credit before any data.

    Parameters
    ----------
    caused : float
        Share of credited orders that were caused. Platforms' lift exceeds that of experiments by a median of
        62 to 115 points (Gordon, Moakler & Zettelmeyer 2022); identity resolution removes part of that.
    common_sd, channel_sd, campaign_sd : float
        Standard deviations of the log ratio: common to all, of a channel, of a campaign. All zero: credit is
        taken for what it says, times `caused`.
    plan_sd : float
        How far the log marginal returns of the opening plan lie apart in truth; infinite = plans say nothing.

    Raises
    ------
    ValueError
        When a setting lies outside its range.
    """

    caused: float = 0.7
    common_sd: float = 0.1
    channel_sd: float = 0.25
    campaign_sd: float = 0.2
    plan_sd: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 < self.caused <= 1.0:
            raise ValueError(f"credit: caused is a share above 0 and at most 1, got {self.caused}")
        for name in ("common_sd", "channel_sd", "campaign_sd"):
            if not 0.0 <= getattr(self, name) < np.inf:
                raise ValueError(f"credit: {name} must be finite and ≥ 0, got {getattr(self, name)}")
        if not self.plan_sd > 0.0:
            raise ValueError(f"credit: plan_sd must be above 0, got {self.plan_sd}")

    def judge(
        self,
        channel: Int[np.ndarray, "C"],
        marginal: Float[np.ndarray, "R C"],
        readouts: Readouts | None = None,
    ) -> Excess:
        """Estimate the ratio of every campaign.

        Parameters
        ----------
        channel : (C,)
        marginal : (R, C) [log]
            Credited marginal return of the opening plan, relative to that of its row.
        readouts : Readouts, optional
        """
        channels = int(channel.max()) + 1 if readouts is None else readouts.share.shape[2]
        effects = _effects(channel, channels)
        z = np.clip(marginal, -WILD, WILD)
        said = np.full(z.shape, 1.0 / (self.campaign_sd**2 + self.plan_sd**2))
        precision, moment = self._prior(z.shape[0], effects.shape[1])
        _observe(precision, moment, np.broadcast_to(effects, (*z.shape, effects.shape[1])), z, said)
        if readouts is not None:
            design = _designs(readouts.share)
            noise = readouts.variance + (readouts.share**2 * self._own(channel, channels)).sum(axis=2)
            weight = np.where(readouts.share.any(axis=2), 1.0 / np.maximum(noise, 1e-9), 0.0)
            _observe(precision, moment, design, readouts.ratio + np.log(self.caused), weight)
        covariance = np.asarray(np.linalg.inv(precision))
        joint = (covariance * moment[:, None, :]).sum(axis=2)
        own = effects.copy()
        own[:, 0] = 0.0  # λ belongs to the plan, not to credit
        rest = z - (joint[:, None, :] * effects).sum(axis=2)
        mean = (joint[:, None, :] * own).sum(axis=2) + self.campaign_sd**2 * said * rest
        left = self.campaign_sd**2 * (1.0 - self.campaign_sd**2 * said)
        return Excess(mean - np.log(self.caused), own, covariance, left)

    def _own(self, channel: Int[np.ndarray, "C"], channels: int) -> Float[np.ndarray, "K"]:
        """Variance of the mean of a channel's campaigns about their channel's ratio."""
        return np.asarray(self.campaign_sd**2 / np.maximum(np.bincount(channel, minlength=channels), 1))

    def _prior(self, rows: int, effects: int) -> tuple[np.ndarray, np.ndarray]:
        """Precision and moment of (λ, u, v₁ … v_K) before any data."""
        sd = np.array([FLAT**0.5, self.common_sd, *[self.channel_sd] * (effects - 2)])
        diagonal = np.diag(1.0 / np.maximum(sd, 1e-6) ** 2)
        return np.repeat(diagonal[None], rows, axis=0), np.zeros((rows, effects))


def _effects(channel: Int[np.ndarray, "C"], channels: int) -> Float[np.ndarray, "C J"]:
    """Mark the effects (λ, u, v₁ … v_K) that each campaign's marginal return hangs on."""
    one = np.eye(channels)[channel]
    return np.concatenate([np.ones((len(channel), 2)), one], axis=1)


def _designs(share: Float[np.ndarray, "R E K"]) -> Float[np.ndarray, "R E J"]:
    """Mark the effects that each readout hangs on; a plan's λ is none of them."""
    told = share.sum(axis=2, keepdims=True)
    return np.concatenate([np.zeros_like(told), told, share], axis=2)


def _observe(
    precision: np.ndarray, moment: np.ndarray, design: np.ndarray, value: np.ndarray, weight: np.ndarray
) -> None:
    """Add observations value (R, N) = design (R, N, J) · effects, one after the other."""
    for n in range(value.shape[1]):
        x = design[:, n]
        precision += weight[:, n, None, None] * x[:, :, None] * x[:, None, :]
        moment += (weight[:, n] * value[:, n])[:, None] * x
