"""The seats of a running team: who is due, with which state, and what each proposed last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aicmo.agents import Agent
from aicmo.core.noise import Draws
from aicmo.messages import SEATS, Brief, Observation, Proposal, Seat
from aicmo.simulation.world import World

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

    @property
    def seat(self) -> Seat:
        """Which seat."""
        return self.agent.seat

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

    def due(self, brief: Brief, tick: int, first: int) -> bool:
        """Whether somebody outside decides when `tick` opens."""
        return is_due(self.cadence, brief, tick, first)

    def propose(self, observation: Observation) -> None:
        """Wait for an answer from outside."""
        self.observation, self.waiting = observation, True

    def take(self) -> Proposal | None:
        """Hand the proposal over, once."""
        proposal, self.proposal = self.proposal, None
        return proposal


class Seats:
    """All seats of a running team; the pacing seat acts after DECIDE, the others before.

    Parameters
    ----------
    first : int [tick]
        From which cadences count.
    open_seat : OpenSeat, optional
        Filled from outside, whoever of the team would fill it.
    salt : str
        Another luck for the team's own draws.
    """

    def __init__(
        self, world: World, agents: Sequence[Agent], first: int, open_seat: OpenSeat | None, salt: str
    ) -> None:
        self._brief, self._first, tape = world.brief, first, world.tape
        taken = None if open_seat is None else open_seat.seat
        self._filled: list[Seated | OpenSeat] = [
            Seated(
                agent,
                Draws(tape.seed, f"{agent.seat}/{agent.kind}", tape.replications, salt),
                agent.init(world.brief),
            )
            for agent in agents
            if agent.seat != taken
        ]
        if open_seat is not None:
            self._filled.append(open_seat)

    def due(self, tick: int, *, pacing: bool) -> list[Seated | OpenSeat]:
        """Return whoever decides when `tick` opens."""
        return [
            seat
            for seat in self._filled
            if (seat.seat == "pacing") is pacing and seat.due(self._brief, tick, self._first)
        ]

    def wants(self, name: Seat, tick: int) -> bool:
        """Whether a seat is filled and decides when `tick` opens."""
        return any(seat.seat == name and seat.due(self._brief, tick, self._first) for seat in self._filled)

    def ask(self, observation: Observation, *, pacing: bool) -> None:
        """Let everybody who is due propose."""
        for seat in self.due(observation.tick, pacing=pacing):
            seat.propose(observation)

    def answers(self, tick: int, *, pacing: bool) -> list[Proposal]:
        """Take what was proposed since the last time, each proposal once, seat by seat in their order."""
        asked = sorted(self.due(tick, pacing=pacing), key=lambda seat: SEATS.index(seat.seat))
        return [proposal for seat in asked if (proposal := seat.take()) is not None]
