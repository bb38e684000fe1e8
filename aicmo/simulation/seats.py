"""The seats of a running team: who is due, with which state, and what each proposed last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aicmo.agents import Agent
from aicmo.core.noise import Draws
from aicmo.messages import SEATS, Brief, Intervention, Observation, Profile, Proposal, Seat
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

    @property
    def name(self) -> str:
        """The agent, and the policy that it hosts."""
        policy = getattr(self.agent, "policy", None)
        return self.agent.kind if policy is None else f"{self.agent.kind} ({policy.kind})"

    def due(self, brief: Brief, tick: int, first: int) -> bool:
        """Whether the agent decides when `tick` opens."""
        return is_due(self.agent.cadence, brief, tick, first)

    def propose(self, observation: Observation) -> str:
        """Learn from what has arrived, then decide; return what went wrong, empty if nothing did.

        Who fails proposes nothing and keeps the state from before, so that what has arrived is not lost.
        """
        try:
            state = self.agent.update(self.state, observation)
            # A part from outside may return anything, whatever the protocol says.
            wish: object = self.agent.act(state, observation, self.draws.at(observation.tick))
        except MemoryError:
            raise  # the machine failed, not the agent
        except Exception as error:  # noqa: BLE001 - whatever a part raises, the run goes on without it
            return f"raised {type(error).__name__}: {error}"
        if wish is None:
            return "did not answer"
        if not isinstance(wish, Proposal):
            return f"answered with {type(wish).__name__} instead of a Proposal"
        if wish.seat != self.seat:
            return f"wrote to seat {wish.seat!r}, which is another's"
        self.state, self.proposal = state, replace(wish, by=self.name)
        return ""

    def best(self, observation: Observation) -> np.ndarray | None:
        """Return the best plan that the agent knows of; none where it fails, which it will say when asked."""
        tell = getattr(self.agent, "best", None)
        try:
            return None if tell is None else tell(self.state, observation)
        except (ArithmeticError, ValueError, LookupError, TypeError):
            return None

    def profile(self, observation: Observation, rate: np.ndarray) -> Profile | None:
        """Return what the agent believes each campaign to bring; none where it believes nothing."""
        tell = getattr(self.agent, "profile", None)
        return None if tell is None else tell(self.state, observation, rate)

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

    def propose(self, observation: Observation) -> str:
        """Wait for an answer from outside; nothing can go wrong here."""
        self.observation, self.waiting = observation, True
        return ""

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

    def best(self, observation: Observation) -> np.ndarray | None:
        """Return the best plan that the budget seat knows of, (R, C) [currency/day]."""
        told = (seat.best(observation) for seat in self._filled if isinstance(seat, Seated))
        return next((plan for plan in told if plan is not None), None)

    def profile(self, observation: Observation, rate: np.ndarray) -> Profile | None:
        """Return what the budget seat believes each campaign to bring at rates (G, R, C) [currency/day]."""
        told = (seat.profile(observation, rate) for seat in self._filled if isinstance(seat, Seated))
        return next((profile for profile in told if profile is not None), None)

    def ask(self, observation: Observation, *, pacing: bool) -> list[Intervention]:
        """Let everybody who is due propose; return what was rejected because an agent failed."""
        said = [(seat, seat.propose(observation)) for seat in self.due(observation.tick, pacing=pacing)]
        nothing = np.zeros(self._brief.replications)
        return [
            Intervention(f"seat {seat.seat}", observation.tick, nothing, reason)
            for seat, reason in said
            if reason
        ]

    def answers(self, tick: int, *, pacing: bool) -> list[Proposal]:
        """Take what was proposed since the last time, each proposal once, seat by seat in their order."""
        asked = sorted(self.due(tick, pacing=pacing), key=lambda seat: SEATS.index(seat.seat))
        return [proposal for seat in asked if (proposal := seat.take()) is not None]
