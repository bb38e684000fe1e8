"""Time: a SimPy environment in integer minutes, with five phases inside each instant.

Sums of fractions of a day are not exact, so time is counted in whole minutes from the opening of the horizon
(history is negative). What happens in one instant is ordered by its phase, an event priority, never by who
was scheduled first.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, cast

import simpy
from simpy.events import EventPriority


class Phase(IntEnum):
    """The phases of one instant, in order. PACE belongs to ACT; the market moves between ACT and RECORD.

    What people answered, and what a studio or the IT department delivered, is there before anybody looks.

    SimPy's own priorities are 0 (urgent) and 1 (normal), so every phase comes after plain process events.
    """

    ANSWER = 5
    OBSERVE = 10
    PROPOSE = 20
    DECIDE = 30
    PACE = 38
    ACT = 40
    MARKET = 45
    RECORD = 50


class Instant(simpy.Event):
    """An event at a given minute and phase."""

    def __init__(self, env: simpy.Environment, minute: int, phase: Phase) -> None:
        super().__init__(env)
        # As simpy.Timeout does it: the value is set at once and the event triggers when its time comes.
        self._ok = True
        self._value = None
        env.schedule(self, priority=cast("EventPriority", int(phase)), delay=minute - env.now)

    def wait(self, act: Callable[[simpy.Event], None]) -> None:
        """Call `act` when the event happens."""
        self.callbacks.append(act)


class Clock:
    """Runs callbacks at minutes and phases.

    Parameters
    ----------
    start : int [minute]
        When the clock begins; negative for history.
    """

    def __init__(self, start: int) -> None:
        self.env = simpy.Environment(initial_time=start)

    @property
    def minute(self) -> int:
        """Now."""
        return int(self.env.now)

    def at(self, minute: int, phase: Phase) -> Instant:
        """Return an event of the given minute and phase, for a process to wait on."""
        return Instant(self.env, minute, phase)

    def every(self, interval: int, phase: Phase, act: Callable[[], None], *, first: int, until: int) -> None:
        """Call `act` in `phase` at `first`, `first + interval`, … before `until`."""
        if first < until:
            self.at(first, phase).wait(_Beat(self, interval, phase, act, until))

    def process(self, steps: Generator[simpy.Event, Any, Any]) -> simpy.Process:
        """Start a SimPy process."""
        return self.env.process(steps)

    def resource(self, capacity: int) -> simpy.Resource:
        """Return places of which `capacity` can be taken at once."""
        return simpy.Resource(self.env, capacity)

    def priority_resource(self, capacity: float) -> simpy.PriorityResource:
        """Return places that go to the smallest priority first; `inf` of them where nobody waits."""
        return simpy.PriorityResource(self.env, capacity)  # type: ignore[arg-type]  # inf is one

    def run_while(self, go_on: Callable[[], bool], until: int) -> bool:
        """Advance event by event while `go_on()`; return False once `until` is reached or nothing is left."""
        while go_on():
            if self.env.peek() >= until:
                return False
            self.env.step()
        return True


@dataclass(frozen=True)
class _Beat:
    """A call that comes back every `interval` minutes.

    By callback, not as a process: SimPy raises what fails inside a process anew, from its `args` alone. And
    an object, not a closure: one that names itself would keep a finished run and its arrays alive until the
    garbage collector comes by, which counts objects, not bytes.
    """

    clock: Clock
    interval: int
    phase: Phase
    act: Callable[[], None]
    until: int

    def __call__(self, _: simpy.Event) -> None:
        minute = self.clock.minute + self.interval
        if minute < self.until:
            self.clock.at(minute, self.phase).wait(self)
        self.act()
