"""Refreshing creatives by hand: even traffic, and a new variant when the response has fallen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Bool, Int

from aicmo.agents._reading import per, read
from aicmo.agents.planner import pulled
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Creatives, Mix, Observation, Proposal, Seat

LOOK_DAYS = 28.0
"""What a person compares: the last four weeks with the best four …"""
LOOKS = 7
"""… of so many times four weeks, the last included."""


@dataclass(frozen=True)
class Refresh:
    """People who look at response and order a new variant when it has worn off (model.md, manual teams).

    Parameters
    ----------
    threshold : float
        A campaign is worn when its orders per money, at even demand, fall below this share of their best in
        half a year.
    every_period : bool
        Order instead one for every campaign in each budget period, worn or not.
    edits : int
        How many campaigns, the largest, people look at.
    cadence : str
        How often they look.
    lead_days : int
        Age of the report that they read.
    """

    kind: ClassVar[str] = "refresh"
    seat: ClassVar[Seat] = "creative"

    threshold: float = 0.7
    every_period: bool = False
    edits: int = 20
    cadence: str = "1w"
    lead_days: int = 5

    @classmethod
    def examples(cls) -> Iterator[Refresh]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(every_period=True)

    def init(self, brief: Brief) -> Brief:
        """Know the campaigns; all the rest stands in the reports."""
        return brief

    def update(self, state: Brief, observation: Observation) -> Brief:  # noqa: ARG002 - nothing to remember
        """Remember nothing."""
        return state

    def act(self, state: Brief, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        """Serve all alike, retire nothing (what is oldest makes room), order what is worn."""
        seen = observation.creatives
        if seen is None:
            raise ValueError("refresh: this market has no creatives; leave the seat empty")
        traffic = seen.live / np.maximum(seen.live.sum(axis=2, keepdims=True), 1)
        return Proposal(self.seat, Mix(traffic, None, self._orders(state, observation, seen)))

    def _orders(self, brief: Brief, observation: Observation, seen: Creatives) -> np.ndarray | None:
        if seen.studio is None:
            return None
        size = -np.asarray(observation.current)
        rank = np.argsort(np.argsort(size, axis=1, kind="stable"), axis=1, kind="stable")
        newest = np.where(seen.live, seen.since, -brief.history_ticks).max(axis=2)
        if self.every_period:
            wanted = newest < observation.period.start
        else:
            wanted = self._worn(brief, observation, newest)
        return np.asarray((wanted & (seen.ordered == 0) & (rank < self.edits)).astype(np.int64))

    def _worn(
        self, brief: Brief, observation: Observation, newest: Int[np.ndarray, "R C"]
    ) -> Bool[np.ndarray, "R C"]:
        """Whether the last four weeks fell behind the best four; too early to tell while a variant is new."""
        report = pulled(observation, self.lead_days / brief.tick_days)
        end, month = (
            observation.tick - round(self.lead_days / brief.tick_days),
            round(LOOK_DAYS / brief.tick_days),
        )
        rates = [
            read(brief, report, end - (back + 1) * month, end - back * month).rate for back in range(LOOKS)
        ]
        best = np.max(rates, axis=0)
        return np.asarray((newest <= end - month) & (best > 0.0) & (per(rates[0], best) < self.threshold))
