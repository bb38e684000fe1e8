"""The channel agent: turns a decision into daily spend without startling the platforms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat

SMALLEST = 1e-6
"""Rates below this share of the largest count as nothing: a ratio to them says nothing."""


class Ramp(NamedTuple):
    """Where the daily spend stands: the running day's rates, (R, C) [currency/day], None at the start."""

    tick_days: float
    running: Float[np.ndarray, "R C"] | None


@dataclass(frozen=True)
class Channel:
    """Ramps each campaign towards its budget in steps that a learning phase forgives (model.md 2).

    Parameters
    ----------
    step : float
        Largest change of a campaign from one day to the next, as a factor; platforms forgive 1.2.
    cadence : str
    """

    kind: ClassVar[str] = "channel"
    seat: ClassVar[Seat] = "pacing"

    step: float = 1.2
    cadence: str = "1d"

    def __post_init__(self) -> None:
        if not self.step > 1.0:
            raise ValueError(f"channel: step is a factor above 1 (1.2 allows 20 % a day), got {self.step}")

    @classmethod
    def examples(cls) -> Iterator[Channel]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(step=2.0)

    def init(self, brief: Brief) -> Ramp:
        """Nothing is running yet."""
        return Ramp(brief.tick_days, None)

    def update(self, state: Ramp, observation: Observation) -> Ramp:
        """Move the running rate one step towards the decision in force."""
        target = np.asarray(observation.current)
        if state.running is None:
            return Ramp(state.tick_days, target)
        largest = self.step**state.tick_days
        floor = SMALLEST * target.max(axis=1, keepdims=True)
        before = np.maximum(state.running, floor)
        ramped = np.clip(target, before / largest, before * largest)
        # A factor makes no spend of a decision of nothing: what is stopped stops, the rest gets its money.
        return Ramp(state.tick_days, np.where(target > 0, ramped, 0.0))

    def act(self, state: Ramp, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck in pacing
        """Return the factor on each decision, such that the day's total stays what was decided."""
        target = np.asarray(observation.current)
        running = target if state.running is None else state.running
        total = running.sum(axis=1, keepdims=True)
        balanced = running * np.divide(
            target.sum(axis=1, keepdims=True), total, out=np.ones_like(total), where=total > 0
        )
        factor = np.divide(balanced, target, out=np.ones_like(target), where=target > 0)
        return Proposal(self.seat, factor)
