"""Refreshing creatives by hand: even traffic, and a new variant when the response has fallen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from aicmo.agents._reading import per, read
from aicmo.agents.planner import pulled
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Creatives, Mix, Observation, Proposal, Seat

LOOK_DAYS = 28.0
"""What a person compares: the last four weeks with the best four since the last new variant."""


class Watch(NamedTuple):
    """What people remember of their campaigns.

    Attributes
    ----------
    newest : (R, C) [tick]
        When the newest variant went live.
    best, now : (R, C) [order/currency]
        Highest response of four weeks since then, and that of the last four.
    """

    brief: Brief
    newest: Int[np.ndarray, "R C"]
    best: Float[np.ndarray, "R C"]
    now: Float[np.ndarray, "R C"]


@dataclass(frozen=True)
class Refresh:
    """People who look at response and order a new variant when it has worn off (model.md, manual teams).

    Parameters
    ----------
    threshold : float
        A campaign is worn when its orders per money, at even demand, fall below this share of their best.
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

    def init(self, brief: Brief) -> Watch:
        """Nobody has looked yet."""
        nothing = np.zeros(brief.shape)
        return Watch(brief, np.full(brief.shape, -brief.history_ticks), nothing, nothing)

    def update(self, state: Watch, observation: Observation) -> Watch:
        """Compare the last four weeks with the best since the newest variant went live."""
        seen, brief = observation.creatives, state.brief
        if seen is None:
            return state
        report = pulled(observation, self.lead_days / brief.tick_days)
        start = observation.tick - round((LOOK_DAYS + self.lead_days) / brief.tick_days)
        now = read(brief, report, start).rate
        newest = np.where(seen.live, seen.since, -brief.history_ticks).max(axis=2)
        kept = np.where(newest > state.newest, 0.0, state.best)
        # Weeks before the newest variant say nothing about what it has lost.
        best = np.where(newest <= start, np.maximum(kept, now), kept)
        return Watch(brief, newest, best, now)

    def act(self, state: Watch, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        """Serve all alike, retire nothing (what is oldest makes room), order what is worn."""
        seen = observation.creatives
        if seen is None:
            raise ValueError("refresh: this market has no creatives; leave the seat empty")
        traffic = seen.live / np.maximum(seen.live.sum(axis=2, keepdims=True), 1)
        return Proposal(self.seat, Mix(traffic, None, self._orders(state, observation, seen)))

    def _orders(self, state: Watch, observation: Observation, seen: Creatives) -> np.ndarray | None:
        if seen.studio is None:
            return None
        size = -np.asarray(observation.current)
        rank = np.argsort(np.argsort(size, axis=1, kind="stable"), axis=1, kind="stable")
        if self.every_period:
            wanted = state.newest < observation.period.start
        else:
            wanted = (state.best > 0.0) & (per(state.now, state.best) < self.threshold)
        return np.asarray((wanted & (seen.ordered == 0) & (rank < self.edits)).astype(np.int64))
