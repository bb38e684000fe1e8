"""The centre of excellence of each world: its people serve marketing, product, sales and service."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Literal, get_args

import numpy as np
import simpy

from aicmo.core.noise import Tape
from aicmo.scenario.organisation import Centre as Terms
from aicmo.simulation.clock import Clock
from aicmo.simulation.organisation.arrivals import arrivals, named, sizes
from aicmo.simulation.organisation.queue import Asked, Queue
from aicmo.simulation.organisation.record import Visit

PURPOSE = "centre of excellence"
RoleName = Literal["head", "strategist", "technical_lead", "operations_manager"]
ROLES: tuple[RoleName, ...] = get_args(RoleName)
OTHERS = ("product", "sales", "service")
IMPACT_SPREAD = 1.0
"""Standard deviation of the logarithm of what a request brings, median one (assumption)."""


class Centre:
    """People of four roles, each with its own queue.

    Parameters
    ----------
    terms : Centre
    tape : Tape
        Who else asks, for what, and how loudly, hangs on the world alone.
    visits : list of Visit
        The record.
    until : int [minute]
        End of the run.
    """

    def __init__(self, terms: Terms, clock: Clock, tape: Tape, visits: list[Visit], until: int) -> None:
        self._terms, self._clock, self._tape, self._until = terms, clock, tape, until
        self._staff = {name: getattr(terms, name).people for name in ROLES}
        # A role without people is line staff: one piece of work at a time, unless work takes no longer there.
        alone = 0 if terms.beside == 1.0 else 1
        self._queues = {name: Queue(name, self._staff[name] or alone, clock, visits) for name in ROLES}
        self._open()

    @property
    def pay(self) -> float:
        """Salaries, as a share of the media budget [1]."""
        return float(sum(getattr(self._terms, name).pay * self._staff[name] for name in ROLES))

    def _open(self) -> None:
        if not any(self._staff.values()):
            return  # nobody to ask
        times = arrivals(self._tape, PURPOSE, self._terms.requests_per_quarter, self._until)
        count = times.shape[1]
        draw = {
            about: self._tape.constant_uniform(f"{PURPOSE} {about}", named("arrival", count))
            for about in ("function", "role", "loudness")
        }
        impact = np.exp(
            IMPACT_SPREAD * self._tape.constant_normal(f"{PURPOSE} impact", named("arrival", count))
        )
        work = sizes(self._tape, PURPOSE, count, self._terms.size, self._terms.spread)
        first = -impact if self._terms.order == "revenue" else -draw["loudness"]
        function = (draw["function"] * len(OTHERS)).astype(int)
        role = (draw["role"] * len(ROLES)).astype(int)
        for world in range(len(times)):
            rows = (times, work, function, role, first)
            self._clock.process(self._arrive(world, *(values[world].tolist() for values in rows)))

    def _arrive(
        self,
        world: int,
        times: list[int],
        work: list[int],
        function: list[int],
        role: list[int],
        priority: list[float],
    ) -> Generator[simpy.Event, Any, None]:
        """Let others ask when their time comes; a role with nobody is not asked."""
        for minute, size, who, whom, first in zip(times, work, function, role, priority, strict=True):
            if minute > self._until:
                return
            yield self._clock.env.timeout(minute - self._clock.minute)
            if self._staff[ROLES[whom]]:
                asked = Asked(world, OTHERS[who], priority=first)
                self._clock.process(self._queues[ROLES[whom]].visit(asked, size))

    def work(
        self, role: RoleName, world: int, subject: str, gate: str, minutes: int, impact: float
    ) -> Generator[simpy.Event, Any, None]:
        """Do marketing's work at a gate, in its turn."""
        stretched = minutes if self._staff[role] else int(np.ceil(minutes * self._terms.beside))
        asked = Asked(world, "marketing", subject, gate, self._priority(world, subject, gate, impact))
        yield from self._queues[role].visit(asked, stretched)

    def _priority(self, world: int, subject: str, gate: str, impact: float) -> float:
        if self._terms.order == "revenue":
            return -impact
        loud = self._tape.constant_uniform(f"{PURPOSE} loudness", [f"{subject} {gate}"])
        return -float(loud[world, 0])
