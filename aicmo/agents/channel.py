"""The channel agent: turns a decision into a day's spend without startling platforms, at the right hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.agents._hours import Belief, learned, timing
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Pace, Proposal, Seat

SMALLEST = 1e-6
"""Rates below this share of the largest count as nothing: a ratio to them says nothing."""
LARGEST = 1e12
"""Factors beyond it count as it."""
HALVINGS = 60
"""Of the interval in which the common factor lies."""


class Ramp(NamedTuple):
    """Where the daily spend stands.

    Attributes
    ----------
    brief : Brief
    running : (R, C) [currency/day] or None
        The running day's rates; None at the start.
    hours : Belief
        About the parts of a day.
    """

    brief: Brief
    running: Float[np.ndarray, "R C"] | None
    hours: Belief


@dataclass(frozen=True)
class Channel:
    """Ramps each campaign towards its budget in steps that a learning phase forgives (model.md 2).

    The day's total stays what was decided, and every campaign inside its limits. Where hours differ, money
    goes by Thompson sampling to those that bring most: the best split of t^(1 − crowding) · effect is in
    proportion to effect^(1/crowding).

    Parameters
    ----------
    step : float
        Largest change of a campaign from one day to the next, as a factor; platforms forgive 1.2.
    crowding : float
        How fast the next money in a part of the day works less, believed, above 0 and at most 1.
    spread : float
        Believed standard deviation of the effects of parts of a day.
    half_life_days : float
        How fast what was seen of hours stops counting.
    cadence : str
    """

    kind: ClassVar[str] = "channel"
    seat: ClassVar[Seat] = "pacing"

    step: float = 1.2
    crowding: float = 0.5
    spread: float = 0.3
    half_life_days: float = 91.0
    cadence: str = "1d"

    def __post_init__(self) -> None:
        if not self.step > 1.0:
            raise ValueError(f"channel: step is a factor above 1 (1.2 allows 20 % a day), got {self.step}")
        if not (0.0 < self.crowding <= 1.0 and self.spread > 0.0 and self.half_life_days > 0.0):
            given = f"{self.crowding}, {self.spread}, {self.half_life_days}"
            raise ValueError(
                f"channel: crowding lies above 0 and at most 1, spread and half-life above 0; got {given}"
            )

    @classmethod
    def examples(cls) -> Iterator[Channel]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(step=2.0)

    @property
    def _prior(self) -> float:
        return 1.0 / self.spread**2

    def init(self, brief: Brief) -> Ramp:
        """Nothing is running yet, and nothing is known of hours."""
        return Ramp(brief, None, Belief.nothing(brief))

    def update(self, state: Ramp, observation: Observation) -> Ramp:
        """Move the running rate one step towards the decision in force, and learn from the hours."""
        brief, target = state.brief, np.asarray(observation.current)
        fade = 2.0 ** (-brief.tick_days / self.half_life_days)
        hours = learned(brief, state.hours, observation, self._prior, self.crowding, fade)
        if state.running is None:
            return Ramp(brief, target, hours)
        largest = self.step**brief.tick_days
        floor = SMALLEST * target.max(axis=1, keepdims=True)
        before = np.maximum(state.running, floor)
        ramped = np.clip(target, before / largest, before * largest)
        # A factor makes no spend of a decision of nothing: what is stopped stops, the rest gets its money.
        return Ramp(brief, np.where(target > 0, ramped, 0.0), hours)

    def act(self, state: Ramp, observation: Observation, draws: Draws) -> Proposal:
        """Return the factor on each decision, such that the day's total stays what was decided."""
        target = np.asarray(observation.current)
        running = target if state.running is None else state.running
        lower = np.minimum(observation.limits.lower, target)
        upper = np.maximum(observation.limits.upper, target)
        balanced = to_total(running, target.sum(axis=1, keepdims=True), lower, upper)
        factor = np.divide(balanced, target, out=np.ones_like(target), where=target > 0)
        if state.brief.dayparts == 0:
            return Proposal(self.seat, factor)
        uniforms = draws.uniform("hours", state.hours.won.shape)
        split = timing(state.brief, state.hours, self._prior, self.crowding, uniforms)
        return Proposal(self.seat, Pace(factor, split))


def to_total(
    rate: Float[np.ndarray, "R C"],
    total: Float[np.ndarray, "R 1"],
    lower: Float[np.ndarray, "R C"],
    upper: Float[np.ndarray, "R C"],
) -> Float[np.ndarray, "R C"]:
    """Scale rates in common to a total, each inside its limits, which must leave room for it."""
    now = rate.sum(axis=1, keepdims=True)
    scaled = rate * np.divide(total, now, out=np.ones_like(now), where=now > 0)
    outside = ((scaled < lower) | (scaled > upper)).any(axis=1)
    if not outside.any():
        return np.asarray(scaled)
    # The sum of clipped rates rises with the common factor: halve the interval in which it meets the total.
    low, high = np.zeros_like(now), np.full_like(now, 1.0)
    most = np.minimum(total, _reach(rate * LARGEST, lower, upper))
    while (short := _reach(rate * high, lower, upper) < most).any():
        high = np.where(short, np.minimum(4.0 * high, LARGEST), high)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        short = _reach(rate * middle, lower, upper) < total
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray(np.where(outside[:, None], np.clip(rate * high, lower, upper), scaled))


def _reach(
    rate: Float[np.ndarray, "R C"], lower: Float[np.ndarray, "R C"], upper: Float[np.ndarray, "R C"]
) -> Float[np.ndarray, "R 1"]:
    """Return the total of rates once each is inside its limits."""
    return np.asarray(np.clip(rate, lower, upper).sum(axis=1, keepdims=True))
