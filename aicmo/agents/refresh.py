"""Refreshing creatives by hand: pause what does clearly worse, and order a new variant in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Bool, Int

from aicmo.agents._reading import afforded, per, rank, read, read_variants
from aicmo.agents.planner import pulled
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Creatives, Mix, Observation, Proposal, Seat

LOOK_DAYS = 28.0
"""What a person compares: the last four weeks with the best four …"""
LOOKS = 7
"""… of so many times four weeks, the last included."""
LIFE_DAYS = 56.0
"""How long people reckon that a variant serves (assumption)."""


@dataclass(frozen=True)
class Refresh:
    """People who look at results by advertisement each week (model.md, manual teams).

    What runs gets even traffic. What does clearly worse than the best beside it, being poor or worn, is
    paused; empty places are filled by the studio, one order a campaign at a time, and so is one more where a
    campaign as a whole has worn. Reports by variant are the ones that agents read.

    Parameters
    ----------
    threshold : float
        A variant is worn below this share of the best of its campaign, in orders credited for traffic; a
        campaign in orders per money, at even demand, below this share of its best in half a year.
    evidence : float
        Orders that a variant would have won at its campaign's rate, before people judge it.
    keep : int
        How many of a campaign's best variants always run.
    production : float
        What a variant costs at most, as a share of what its campaign spends while it serves. Shares of 10 to
        20 % of a budget for production are trade practice (weak).
    every_period : bool
        Order instead one for every campaign in each budget period, worn or not, and pause nothing.
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
    evidence: float = 30.0
    keep: int = 2
    production: float = 0.1
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
        """Serve alike what does well, pause what does not, order what is missing."""
        seen = observation.creatives
        if seen is None:
            raise ValueError("refresh: this market has no creatives; leave the seat empty")
        paused = self._paused(state, observation, seen)
        running = seen.live & ~paused
        traffic = running / np.maximum(running.sum(axis=2, keepdims=True), 1)
        return Proposal(self.seat, Mix(traffic, paused, self._orders(state, observation, seen, running)))

    def _paused(self, brief: Brief, observation: Observation, seen: Creatives) -> Bool[np.ndarray, "R C V"]:
        """Mark what is known to do clearly worse than the best of its campaign, (R, C, V)."""
        if self.every_period:
            return np.zeros(seen.live.shape, dtype=bool)
        report = pulled(observation, self.lead_days / brief.tick_days)
        its_own = seen.origin[:, None, None, None] >= seen.since
        found = read_variants(brief, report, seen, its_own.astype(np.float64))
        usual = per(found.orders.sum(axis=2), found.money.sum(axis=2))
        known = seen.live & (found.money * usual[..., None] >= self.evidence)
        best = np.where(known, found.rate, 0.0).max(axis=2, keepdims=True)
        spare = rank(np.where(seen.live, -found.rate, np.inf)) >= self.keep
        return np.asarray(
            known & spare & (found.rate < self.threshold * best) & self._mine(observation)[..., None]
        )

    def _orders(
        self, brief: Brief, observation: Observation, seen: Creatives, running: Bool[np.ndarray, "R C V"]
    ) -> Int[np.ndarray, "R C"] | None:
        """Order one where something is missing and none is under way, (R, C)."""
        if seen.studio is None:
            return None
        newest = np.where(seen.live, seen.since, -brief.history_ticks).max(axis=2)
        if self.every_period:
            wanted = newest < observation.period.start
        else:
            missing = running.sum(axis=2) < running.shape[2]
            spent = np.asarray(observation.current) * LIFE_DAYS
            wanted = (missing | self._worn(brief, observation, newest)) & (
                seen.studio.cost <= self.production * spent
            )
        wanted = wanted & (seen.ordered == 0) & self._mine(observation)
        return afforded(wanted, np.asarray(observation.current), observation)

    def _worn(
        self, brief: Brief, observation: Observation, newest: Int[np.ndarray, "R C"]
    ) -> Bool[np.ndarray, "R C"]:
        """Whether the last four weeks fell behind the best four; too early to tell while a variant is new."""
        report = pulled(observation, self.lead_days / brief.tick_days)
        end = observation.tick - round(self.lead_days / brief.tick_days)
        month = round(LOOK_DAYS / brief.tick_days)
        rates = [
            read(brief, report, end - (back + 1) * month, end - back * month).rate for back in range(LOOKS)
        ]
        best = np.max(rates, axis=0)
        return np.asarray((newest <= end - month) & (best > 0.0) & (per(rates[0], best) < self.threshold))

    def _mine(self, observation: Observation) -> Bool[np.ndarray, "R C"]:
        """Mark the campaigns that people look at, (R, C)."""
        return np.asarray(rank(-observation.current) < self.edits)
