"""Leadership: people who answer requests late, or with a no; nothing waits for them but what was asked."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from jaxtyping import Bool

from aicmo.core.noise import Tape
from aicmo.messages import Answer, Brief, Request
from aicmo.scenario.leadership import WEEKDAYS, Leadership
from aicmo.simulation.clock import Clock, Phase
from aicmo.simulation.working_time import WorkingTime

PURPOSE = "leadership"


class Desk:
    """Where requests wait for an answer: one process for each request of each world, on its own row.

    A world has one request open at a time: who asks again before the answer would never get one.

    Parameters
    ----------
    terms : Leadership
        When people work, how long answers take, how many are declined.
    clock : Clock
    brief : Brief
    tape : Tape
        How long an answer takes, and whether it is a no, hang on the tick of the request alone: two teams
        that ask at the same time find the same people.
    """

    def __init__(self, terms: Leadership, clock: Clock, brief: Brief, tape: Tape) -> None:
        self.terms, self.brief = terms, brief
        self._clock, self._tape = clock, tape
        opens, closes = (60 * hour for hour in terms.hours)
        weekdays = frozenset(WEEKDAYS.index(day) for day in terms.days)
        self._hours = WorkingTime(brief.start, opens, closes, weekdays)
        self._open = np.zeros(brief.replications, dtype=bool)
        self._answers: list[Answer] = []

    def ask(self, request: Request) -> Bool[np.ndarray, "R"]:
        """Lay a request on the desk; return the worlds where it is new, because none is open."""
        ticks = range(request.tick, request.tick + 1)
        z = self._tape.normal(PURPOSE, ("time",), ticks)[0, :, 0]
        refused = self._tape.uniform(PURPOSE, ("no",), ticks)[0, :, 0] < self.terms.declines
        work = np.ceil(self.terms.answer * np.exp(self.terms.spread * z)).astype(np.int64)
        new = request.asks & ~self._open
        for world in np.flatnonzero(new).tolist():
            answer = Answer(
                world, request.tick, self._due(int(work[world])), request.rate[world], not refused[world]
            )
            self._clock.process(self._deliberate(answer))
        self._open |= new
        return new

    def collect(self) -> list[Answer]:
        """Take what has been answered since the last time."""
        answers, self._answers = self._answers, []
        return answers

    def _due(self, work: int) -> int:
        """Return the first tick that opens after the work is done, later than now."""
        interval = self.brief.tick_minutes
        done = self._hours.after(self._clock.minute, work)
        return max(-(-done // interval), self._clock.minute // interval + 1)

    def _deliberate(self, answer: Answer) -> Generator[simpy.Event, Any, None]:
        yield self._clock.at(answer.tick * self.brief.tick_minutes, Phase.ANSWER)
        self._open[answer.world] = False
        self._answers.append(answer)
