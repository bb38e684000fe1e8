"""Breadth by hand: once a quarter, by the cost of an order that was reported for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.agents._reading import Reading, read
from aicmo.agents.planner import pulled
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat

MARGIN = 0.1
"""How much cheaper or dearer than the average a campaign must be before people touch its audience."""


class Costs(NamedTuple):
    """What people noted.

    Attributes
    ----------
    since : int [tick]
        First origin of the quarter that is judged next.
    cost : (R, C, A)
        Money for an order at each breadth relative to that of all campaigns; infinite where never tried.
    """

    brief: Brief
    since: int
    cost: Float[np.ndarray, "R C A"]


@dataclass(frozen=True)
class QuarterlyBreadth:
    """People who narrow what is dear, widen what is cheap, and go back where it was better (model.md).

    Parameters
    ----------
    breadths : tuple of float
        What they choose from, rising.
    edits : int
        How many campaigns, the largest, they look at.
    cadence : str
    lead_days : int
        Age of the report that they read.
    """

    kind: ClassVar[str] = "quarterly_breadth"
    seat: ClassVar[Seat] = "targeting"

    breadths: tuple[float, ...] = (0.25, 0.5, 1.0)
    edits: int = 20
    cadence: str = "period"
    lead_days: int = 5

    @classmethod
    def examples(cls) -> Iterator[QuarterlyBreadth]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(edits=2)

    def init(self, brief: Brief) -> Costs:
        """Nothing has been noted."""
        return Costs(brief, -brief.history_ticks, np.full((*brief.shape, len(self.breadths)), np.inf))

    def update(self, state: Costs, observation: Observation) -> Costs:
        """Note what an order cost at the breadth in force since the last look."""
        if observation.breadth is None:
            return state
        report = pulled(observation, self.lead_days / state.brief.tick_days)
        quarter = read(state.brief, report, max(state.since, observation.tick - self._quarter(state.brief)))
        tried = self._arm(observation)[..., None] == np.arange(len(self.breadths))
        noted = tried & (quarter.orders > 0.0)[..., None]
        cost = np.where(noted, _against_all(quarter)[..., None], state.cost)
        return Costs(state.brief, observation.tick, cost)

    def act(self, state: Costs, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        """Take the cheapest breadth on record, or try the next one where the record calls for it."""
        if observation.breadth is None:
            raise ValueError("quarterly_breadth: this market has no targeting; leave the seat empty")
        arm, arms = self._arm(observation), np.array(self.breadths)
        now = np.take_along_axis(state.cost, arm[..., None], axis=2)[..., 0]
        known = np.isfinite(now)
        wish = np.where(now > 1.0 + MARGIN, arm - 1, np.where(now < 1.0 - MARGIN, arm + 1, arm))
        wish = np.clip(wish, 0, len(arms) - 1)
        untried = np.isinf(np.take_along_axis(state.cost, wish[..., None], axis=2)[..., 0])
        best = np.where(known, state.cost.argmin(axis=2), arm)
        chosen = np.where(known & untried, wish, best)
        rank = np.argsort(np.argsort(-observation.current, axis=1, kind="stable"), axis=1, kind="stable")
        edited = (rank < self.edits) & (chosen != arm)
        return Proposal(self.seat, np.where(edited, arms[chosen], observation.breadth))

    def _arm(self, observation: Observation) -> np.ndarray:
        """Which of their breadths is nearest to the one in force, (R, C)."""
        distance = np.abs(np.log(np.asarray(observation.breadth))[..., None] - np.log(self.breadths))
        return np.asarray(distance.argmin(axis=2))

    def _quarter(self, brief: Brief) -> int:
        return round(91.0 / brief.tick_days)


def _against_all(seen: Reading) -> Float[np.ndarray, "R C"]:
    """Money for an order relative to that of all campaigns together; infinite without orders."""
    money, orders = (values.sum(axis=1, keepdims=True) for values in (seen.money, seen.orders))
    own = np.divide(seen.money, seen.orders, out=np.full(seen.money.shape, np.inf), where=seen.orders > 0.0)
    return np.asarray(own * np.divide(orders, money, out=np.ones_like(money), where=money > 0.0))
