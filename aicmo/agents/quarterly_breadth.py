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
        Of the last look: what comes after it is judged next.
    planned : int [tick]
        When something new was tried last.
    cost : (R, C, A)
        Money for an order at each breadth relative to that of all campaigns; infinite where never tried.
    """

    brief: Brief
    since: int
    planned: int
    cost: Float[np.ndarray, "R C A"]


@dataclass(frozen=True)
class QuarterlyBreadth:
    """People who narrow what is dear, widen what is cheap, and go back where it was better (model.md).

    Once a quarter they try the next breadth on a few campaigns; a month later they go back where an order
    has become dearer than it was.

    Parameters
    ----------
    breadths : tuple of float
        What they choose from, rising.
    edits : int
        How many campaigns, the largest, they look at.
    tries : int
        On how many at once they try something new.
    cadence : str
        How often they look.
    lead_days : int
        Age of the report that they read.
    """

    kind: ClassVar[str] = "quarterly_breadth"
    seat: ClassVar[Seat] = "targeting"

    breadths: tuple[float, ...] = (0.25, 0.5, 1.0)
    edits: int = 20
    tries: int = 3
    cadence: str = "4w"
    lead_days: int = 5

    @classmethod
    def examples(cls) -> Iterator[QuarterlyBreadth]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(edits=2)

    def init(self, brief: Brief) -> Costs:
        """Nothing has been noted."""
        never = -brief.history_ticks - 1
        return Costs(brief, never, never, np.full((*brief.shape, len(self.breadths)), np.inf))

    def update(self, state: Costs, observation: Observation) -> Costs:
        """Note what an order cost at the breadth in force since the last look, as far as it is reported."""
        if observation.breadth is None:
            return state
        report = pulled(observation, self.lead_days / state.brief.tick_days)
        recent = read(state.brief, report, max(state.since, observation.tick - self._quarter(state.brief)))
        tried = self._arm(observation)[..., None] == np.arange(len(self.breadths))
        noted = tried & (recent.orders > 0.0)[..., None]
        cost = np.where(noted, _against_all(recent)[..., None], state.cost)
        opens = observation.period.start > state.planned
        return Costs(state.brief, observation.tick, observation.tick if opens else state.planned, cost)

    def act(self, state: Costs, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        """Take the cheapest breadth on record; once a quarter try another where the record calls for it."""
        if observation.breadth is None:
            raise ValueError("quarterly_breadth: this market has no targeting; leave the seat empty")
        arm, arms = self._arm(observation), np.array(self.breadths)
        now = _at(state.cost, arm)
        largest = _rank(-observation.current) < self.edits
        chosen = np.where(np.isfinite(now) & largest, state.cost.argmin(axis=2), arm)
        if state.planned == observation.tick:
            wish = self._wish(state, arm, now)
            far = np.where(np.isfinite(now), np.abs(now - 1.0), 0.0)
            called = (wish != arm) & (far > MARGIN) & largest & (chosen == arm)
            urgency = np.where(called, far * observation.current, -1.0)
            chosen = np.where(called & (_rank(-urgency) < self.tries), wish, chosen)
        return Proposal(self.seat, np.where(chosen != arm, arms[chosen], observation.breadth))

    def _wish(self, state: Costs, arm: np.ndarray, now: np.ndarray) -> np.ndarray:
        """Choose what was never tried: first narrower for what is dear, wider for what is cheap, (R, C)."""
        first = arm + np.where(now > 1.0, -1, 1)
        wish = arm
        for breadth in (2 * arm - first, first):  # the latter is preferred
            inside = np.clip(breadth, 0, len(self.breadths) - 1)
            wish = np.where((inside == breadth) & np.isinf(_at(state.cost, inside)), breadth, wish)
        return np.asarray(wish)

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


def _at(cost: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """Cost on record of one breadth of each campaign, (R, C)."""
    return np.asarray(np.take_along_axis(cost, arm[..., None], axis=2)[..., 0])


def _rank(values: np.ndarray) -> np.ndarray:
    """Return each value's place in its row, the smallest first, (R, C)."""
    return np.asarray(np.argsort(np.argsort(values, axis=1, kind="stable"), axis=1, kind="stable"))
