"""The IT department of each world: integration requests of marketing wait among those of other functions."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from aicmo.core.noise import Tape
from aicmo.scenario.organisation import ItDepartment as Terms
from aicmo.simulation.clock import Clock
from aicmo.simulation.organisation.arrivals import arrivals, named, sizes
from aicmo.simulation.organisation.queue import Asked, Queue
from aicmo.simulation.organisation.record import Visit

PURPOSE = "it department"
URGENT, OTHERS = 0.0, 2.0
RANKS = {"first": 1.0, "with_others": OTHERS, "last": 3.0}
WEEK = 7 * 1440


class ItDepartment:
    """Integrates, in the order of its backlog.

    Parameters
    ----------
    terms : ItDepartment
        Places, load and order.
    tape : Tape
        When others ask, and for how much, hang on the world alone.
    visits : list of Visit
        The record.
    until : int [minute]
        End of the run.
    """

    def __init__(self, terms: Terms, clock: Clock, tape: Tape, visits: list[Visit], until: int) -> None:
        self._terms, self._clock, self._tape, self._until = terms, clock, tape, until
        self._shared = Queue("it", terms.teams - terms.dedicated if terms.teams else 0, clock, visits)
        self._own = Queue("it for marketing", terms.dedicated, clock, visits) if terms.dedicated else None
        self._security = Queue("security", 0, clock, visits)
        self._plan = Queue("annual plan", 0, clock, visits)
        self._open()

    def _open(self) -> None:
        """Start what other functions ask for, world by world: what waits already, then what comes."""
        if not self._terms.teams:
            return
        times = arrivals(self._tape, PURPOSE, self._terms.requests_per_quarter, self._until)
        work = self._work("arrival", times.shape[1])
        urgent = self._tape.constant_uniform(f"{PURPOSE} urgent", named("arrival", times.shape[1]))
        for world, size in enumerate(self._waiting()):
            for minutes in size:
                self._clock.process(self._shared.visit(Asked(world, "other", priority=OTHERS), minutes))
            first = urgent[world] < self._terms.urgent
            self._clock.process(self._arrive(world, times[world], work[world], first))

    def _work(self, purpose: str, count: int) -> np.ndarray:
        terms = self._terms
        return sizes(self._tape, f"{PURPOSE} {purpose}", count, terms.size, terms.spread)

    def _waiting(self) -> list[list[int]]:
        """Return what waits at the start in each world: enough to keep all shared teams busy."""
        enough = self._terms.backlog * (self._terms.teams - self._terms.dedicated)
        count = max(8, 2 * enough // max(self._terms.size, 1))
        while True:
            drawn = self._work("backlog", count)
            before = np.add.accumulate(drawn, axis=1) - drawn
            if bool((before[:, -1] >= enough).all()) or enough == 0:
                return [row[known < enough].tolist() for row, known in zip(drawn, before, strict=True)]
            count *= 2

    def _arrive(
        self, world: int, times: np.ndarray, work: np.ndarray, urgent: np.ndarray
    ) -> Generator[simpy.Event, Any, None]:
        for minute, size, first in zip(times.tolist(), work.tolist(), urgent.tolist(), strict=True):
            if minute > self._until:
                return
            yield self._clock.env.timeout(minute - self._clock.minute)
            asked = Asked(world, "other", priority=URGENT if first else OTHERS)
            self._clock.process(self._shared.visit(asked, size))

    def review(self, world: int, subject: str) -> Generator[simpy.Event, Any, None]:
        """Look at security and privacy."""
        asked = Asked(world, "marketing", subject, "review")
        yield from self._security.visit(asked, self._terms.review)

    def integrate(self, world: int, subject: str, work: int) -> Generator[simpy.Event, Any, None]:
        """Wait for the plan that accepts the request, then for a place; be worked on."""
        rhythm = self._terms.intake
        if rhythm:
            wait = -self._clock.minute % rhythm
            yield from self._plan.visit(Asked(world, "marketing", subject, "plan"), wait)
        asked = Asked(world, "marketing", subject, "integration", RANKS[self._terms.marketing])
        yield from (self._own or self._shared).visit(asked, work)

    def price(self, work: int) -> float:
        """Cost of so much integration work [media budget of a quarter]."""
        return self._terms.cost * work / WEEK
