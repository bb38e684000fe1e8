"""The seats of a running team: who is due, with which state, and what each proposed last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aicmo.agents import Agent
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat

DAY = 1440
CADENCES = {"d": DAY, "w": 7 * DAY, "h": 60}


def cadence_minutes(cadence: str) -> int:
    """Read a cadence such as `1d`, `12h`, `1w` as minutes.

    >>> cadence_minutes("1w")
    10080
    """
    return int(cadence[:-1]) * CADENCES[cadence[-1]]


def is_due(cadence: str, brief: Brief, tick: int, first: int) -> bool:
    """Whether somebody of this cadence decides when `tick` opens; `first` is the first tick of the run."""
    if cadence == "period":
        return tick in (first, brief.period_at(tick).start)
    return (tick - first) * brief.tick_minutes % cadence_minutes(cadence) == 0


@dataclass
class Seated:
    """One agent in its seat, with its state and what it has just proposed."""

    agent: Agent
    draws: Draws
    state: Any
    proposal: Proposal | None = None

    def due(self, brief: Brief, tick: int, first: int) -> bool:
        """Whether the agent decides when `tick` opens."""
        return is_due(self.agent.cadence, brief, tick, first)

    def propose(self, observation: Observation) -> None:
        """Learn from what has arrived, then decide."""
        self.state = self.agent.update(self.state, observation)
        self.proposal = self.agent.act(self.state, observation, self.draws.at(observation.tick))

    def take(self) -> Proposal | None:
        """Hand the proposal over, once."""
        proposal, self.proposal = self.proposal, None
        return proposal


@dataclass
class OpenSeat:
    """A seat that somebody outside fills, step by step."""

    seat: Seat
    cadence: str = "1w"
    observation: Observation | None = None
    proposal: Proposal | None = None
    waiting: bool = False

    def take(self) -> Proposal | None:
        """Hand the proposal over, once."""
        proposal, self.proposal = self.proposal, None
        return proposal
