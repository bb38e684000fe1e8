"""Draws of what a world is born with, from the scenario's `uncertainty:` block.

Market and sampled scenario draw here, by the same names: replication 0 of a run with a seed is
`Scenario.sample(seed)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from aicmo.core.noise import Tape
from aicmo.scenario.schema import Scenario
from aicmo.scenario.uncertainty import Uncertainty

WORLD = ("world",)
SHAPES = (0.3, 20.0)  # what a scenario may state; drawn shapes stay inside
LATE = 0.7
"""A delayed response peaks after so many half-lives of its carry-over (1/ln 2 at most); assumption."""


@dataclass(frozen=True)
class Priors:
    """Priors and the luck that draws from them.

    A draw is keyed by purpose and name of its campaign, channel or segment: adding one leaves all others as
    they were.
    """

    stated: Uncertainty
    tape: Tape

    @classmethod
    def of(cls, scenario: Scenario, tape: Tape) -> Priors:
        """Read the scenario; without `uncertainty:` every factor is one."""
        return cls(scenario.uncertainty or Uncertainty(), tape)

    def factor(self, key: str, entities: Sequence[str] = WORLD) -> Float[np.ndarray, "R E"]:
        """Draw one factor for each world and entity; one where nothing is uncertain.

        `lognormal`: exp(σz − σ²/2), mean one; `uniform`: between the two limits. The same key gives the same
        luck whatever the prior's shape.
        """
        factor, purpose = getattr(self.stated, key), key.replace("_", "-")
        if factor is None:
            return np.ones_like(self.tape.constant_uniform(purpose, entities))
        if factor.lognormal is not None:
            sigma = factor.lognormal
            return np.asarray(np.exp(sigma * self.tape.constant_normal(purpose, entities) - 0.5 * sigma**2))
        low, high = factor.uniform
        return np.asarray(low + (high - low) * self.tape.constant_uniform(purpose, entities))

    @property
    def logistic(self) -> Bool[np.ndarray, "R 1"]:
        """Worlds whose curves are logistic."""
        drawn = self.tape.constant_uniform("family", WORLD) < self.stated.outside_family
        return np.asarray(drawn)

    @property
    def late(self) -> Bool[np.ndarray, "R 1"]:
        """Worlds in which response comes with a delayed peak."""
        drawn = self.tape.constant_uniform("delayed-peak", WORLD) < self.stated.delayed_peak
        return np.asarray(drawn)

    def half_life(self, minutes: Sequence[int], channels: Sequence[str]) -> Float[np.ndarray, "R K"]:
        """Carry-over of channels [minute]: whole minutes, as a scenario would state it."""
        return np.asarray(np.rint(np.array(minutes, dtype=float) * self.factor("half_life", channels)))

    def peak(self, minutes: Sequence[int], half_life: Float[np.ndarray, "R K"]) -> Float[np.ndarray, "R K"]:
        """When response is highest [minute]: as stated or, in a late world, late; as carry-over lets it."""
        stated = np.broadcast_to(np.array(minutes, dtype=float), half_life.shape)
        wished = np.where(self.late & (stated == 0), LATE * half_life, stated)
        return np.asarray(np.floor(np.minimum(wished, half_life / np.log(2.0))))

    def latency(self, minutes: int, tick: int) -> Float[np.ndarray, "R 1"]:
        """Delay of data [minute], whole ticks; where there is some, at least one."""
        if self.stated.latency is None or minutes == 0:
            return np.full_like(self.tape.constant_uniform("latency", WORLD), minutes)
        drawn = np.rint(minutes * self.factor("latency") / tick)
        return np.asarray(tick * np.maximum(drawn, 1.0))
