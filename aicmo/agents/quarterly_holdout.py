"""Quarterly holdout: people who test one channel a quarter, in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int

from aicmo.agents._holdouts import busy, may_begin, of_channels, wash_out_days
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat
from aicmo.policies._reported import joined

NEVER, NOW = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True)
class QuarterlyHoldout:
    """One holdout when a quarter opens: the channel that was tested longest ago, the largest first.

    Parameters
    ----------
    share : float
        Part of the segments that is held out, between 0 and 1 exclusive; lift tests of platforms keep out
        5–10 % (trade practice, weak).
    days : float
        How long orders are counted; where the data stack wants more, as long as it wants.
    wash_out_half_lives : float
        How many believed half-lives of carry-over people are held out before counting begins.
    cadence : str
    """

    kind: ClassVar[str] = "quarterly_holdout"
    seat: ClassVar[Seat] = "experiments"

    share: float = 0.05
    days: float = 14.0
    wash_out_half_lives: float = 1.0
    cadence: str = "period"

    def __post_init__(self) -> None:
        if not 0.0 < self.share < 1.0:
            raise ValueError(f"{self.kind}: share lies above 0 and below 1, got {self.share}")

    @classmethod
    def examples(cls) -> Iterator[QuarterlyHoldout]:
        """Instances on which the contracts are checked."""
        yield cls()

    def init(self, brief: Brief) -> Brief:
        """Know the brief; what was tested is in every observation."""
        return brief

    def update(self, state: Brief, observation: Observation) -> Brief:  # noqa: ARG002 - readouts are others' affair
        """Nothing to learn."""
        return state

    def act(self, state: Brief, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        """Choose the next channel in turn."""
        seen, rows = observation.experiments, np.arange(state.replications)
        spend = joined(np.asarray(observation.current), state.channel, len(state.channels))
        # Oldest first, then largest; a channel without money or in a test now is not taken.
        possible = (spend > 0.0) & ~busy(state, observation)
        oldest = np.where(possible, last_tested(state, observation), NOW)
        turn = possible & (oldest == oldest.min(axis=1, keepdims=True))
        chosen = np.where(turn, spend, -1.0).argmax(axis=1)
        chosen = np.where(may_begin(state, observation) & possible.any(axis=1), chosen, -1)
        each = np.ones(state.replications)
        days = max(self.days, seen.terms.minimum_days)
        wash_out = wash_out_days(state, self.wash_out_half_lives)[rows, chosen]
        return Proposal(self.seat, of_channels(state, chosen, self.share * each, days * each, wash_out))


def last_tested(brief: Brief, observation: Observation) -> Int[np.ndarray, "R K"]:
    """When the last test of each channel ended [tick]; `NEVER` where there was none."""
    seen = observation.experiments
    ends = [
        np.where(seen.tested[:, :, brief.channel == k].any(axis=2), seen.end, NEVER).max(
            axis=1, initial=NEVER
        )
        for k in range(len(brief.channels))
    ]
    return np.stack(ends, axis=1)
