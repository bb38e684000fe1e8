"""Which curves are allocated on: the mean of beliefs, a draw, the plausible best, or what teaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from aicmo.core.grid import Mixture
from aicmo.core.noise import Draws
from aicmo.core.posterior import Conditional
from aicmo.policies._knowledge import lift
from aicmo.policies._learner import Belief

TINY = 1e-300


@dataclass(frozen=True)
class Choice:
    """How much of what is not known is sought.

    Parameters
    ----------
    rule : {"mean", "thompson", "ucb", "knowledge_gradient"}
        The posterior's mean curve, one draw from it, the mean raised by `optimism`, which spends a little
        where spending teaches and draws no luck (a year of weekly decisions is short for plain Thompson
        sampling), or the mean raised by what one more week's observation of the campaign is worth.
    temperature : float
        Of the draw: from posterior^(1/temperature); 1 is plain Thompson sampling.
    optimism : float
        Standard deviations of the response at today's rate by which "ucb" raises a curve.
    periods : float
        Weeks in which "knowledge_gradient" makes use of what an observation teaches, before drift undoes it.
    whole : bool
        Allocate on the mean curve itself, a mixture over shapes, instead of the Hill curve that bends as it
        does where data are; many times the work.
    """

    rule: Literal["mean", "thompson", "ucb", "knowledge_gradient"] = "ucb"
    temperature: float = 0.3
    optimism: float = 1.0
    periods: float = 4.0
    whole: bool = False

    def __post_init__(self) -> None:
        if not self.temperature > 0.0:
            raise ValueError(f"choice: temperature must be above 0, got {self.temperature}")
        if not np.isfinite(self.optimism):
            raise ValueError(f"choice: optimism must be finite, got {self.optimism}")
        if not 0.0 <= self.periods < np.inf:
            raise ValueError(f"choice: periods must be finite and ≥ 0, got {self.periods}")

    def of(
        self,
        belief: Belief,
        pressure: Float[np.ndarray, "R C"],
        gain: Float[np.ndarray, "R C"],
        draws: Draws | None,
    ) -> Mixture:
        """Return the curves to allocate on.

        Parameters
        ----------
        belief : Belief
        pressure : (R, C) [currency/day]
            Where campaigns run now.
        gain : (R, C) [currency per order]
            Gross profit of an order, divided by the price index.
        draws : Draws, optional

        Raises
        ------
        ValueError
            If a draw is wanted and there are no draws.
        """
        if self.rule == "thompson":
            if draws is None:
                raise ValueError('choice: rule "thompson" needs draws, got none')
            return self._drawn(belief, draws)
        if self.rule == "mean":
            return belief.curves
        raised = (
            lift(belief, pressure, gain, self.periods)
            if self.rule == "knowledge_gradient"
            else self._optimistic(belief, pressure)
        )
        curves = belief.curves
        return curves._replace(scale=curves.scale * raised[:, :, None])

    def _optimistic(self, belief: Belief, pressure: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R C"]:
        """Return by what curves are multiplied so that responses rise by their standard deviations."""
        mean, variance = moments(belief.given, belief.tracking.grid.evaluate(pressure))
        raised = 1.0 + self.optimism * np.sqrt(variance) / np.maximum(mean, TINY)
        return np.where(mean > TINY, np.maximum(raised, 0.0), 1.0)

    def _drawn(self, belief: Belief, draws: Draws) -> Mixture:
        """Draw one shape a campaign, and its amplitude."""
        given, curves = belief.given, belief.curves
        shape = given.weight.shape[:2]
        heated = np.log(given.weight + TINY) / self.temperature
        weight = np.exp(heated - heated.max(axis=2, keepdims=True))
        weight /= weight.sum(axis=2, keepdims=True)
        past = np.add.accumulate(weight, axis=2) <= draws.uniform("shape", shape)[:, :, None]
        g = np.minimum(past.sum(axis=2), weight.shape[2] - 1)[:, :, None]
        spread = np.sqrt(self.temperature * given.dispersion / given.precision)
        drawn = np.maximum(given.mean + spread * draws.normal("curve", shape)[:, :, None], 0.0)
        scale = drawn * belief.tracking.grid.ceiling * belief.caused
        fields = (scale, curves.half_saturation, curves.shape)
        height, half, exponent = (np.take_along_axis(a, g, axis=2) for a in fields)
        return Mixture(height, half, exponent, np.ones((*shape, 1)))


def moments(
    given: Conditional, response: Float[np.ndarray, "R C G"]
) -> tuple[Float[np.ndarray, "R C"], Float[np.ndarray, "R C"]]:
    """Mean and variance of amplitude × response over shapes and amplitudes, by the law of total variance."""
    amplitude = given.mean * response
    mean = (given.weight * amplitude).sum(axis=2)
    within = given.dispersion / given.precision * response**2
    return mean, (given.weight * (within + (amplitude - mean[:, :, None]) ** 2)).sum(axis=2)
