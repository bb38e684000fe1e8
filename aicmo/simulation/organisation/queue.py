"""A queue of each world: a SimPy priority resource whose every visit is on record."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import simpy

from aicmo.simulation.clock import Clock
from aicmo.simulation.organisation.record import Visit


@dataclass(frozen=True)
class Asked:
    """Who asks for what.

    Attributes
    ----------
    priority : float
        Smaller goes first; equal ones in order of arrival.
    """

    world: int
    function: str
    subject: str = ""
    gate: str = ""
    priority: float = 0.0


def rank(priority: float) -> int:
    """Return a priority as SimPy takes it: whole, a billion steps to one."""
    return round(priority * 1e9)


class Queue:
    """Places in which requests are worked on, in each world its own.

    Parameters
    ----------
    name : str
        What the record calls it.
    places : int
        Requests in work at once; 0 is as many as there are.
    visits : list of Visit
        The record.
    """

    def __init__(self, name: str, places: int, clock: Clock, visits: list[Visit]) -> None:
        self.name, self._clock, self._visits = name, clock, visits
        self._capacity = places or math.inf
        self._places: dict[int, simpy.PriorityResource] = {}

    def visit(self, asked: Asked, work: int) -> Generator[simpy.Event, Any, None]:
        """Wait for a place, be worked on for `work` minutes, leave."""
        visit = self.enter(asked, work)
        with self._at(asked.world).request(priority=rank(asked.priority)) as place:
            yield place
            visit.began = self._clock.minute
            yield self._clock.env.timeout(work)
        visit.done = self._clock.minute

    def enter(self, asked: Asked, work: int) -> Visit:
        """Put a request on record that arrives now."""
        visit = Visit(
            asked.world,
            self.name,
            asked.function,
            asked.subject,
            asked.gate,
            asked.priority,
            work,
            self._clock.minute,
        )
        self._visits.append(visit)
        return visit

    def hold(self, asked: Asked) -> simpy.resources.resource.PriorityRequest:
        """Ask for a place that is kept until it is given back."""
        return self._at(asked.world).request(priority=rank(asked.priority))

    def _at(self, world: int) -> simpy.PriorityResource:
        if world not in self._places:
            self._places[world] = self._clock.priority_resource(self._capacity)
        return self._places[world]
