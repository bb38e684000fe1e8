"""Whoever signs: in working time, after a while, and sometimes not."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from jaxtyping import Bool, Int

from aicmo.core.noise import Tape
from aicmo.scenario.organisation import Decision
from aicmo.simulation.clock import Clock
from aicmo.simulation.organisation.queue import Asked, Queue
from aicmo.simulation.organisation.record import Visit
from aicmo.simulation.working_time import WorkingTime

PURPOSE = "sponsor"


class Sponsor:
    """Signs decisions that exceed autonomy, and purposes of capabilities.

    Parameters
    ----------
    terms : Decision
        How long it takes, and how often it is a no.
    hours : WorkingTime
        When people work.
    tape : Tape
        How long it takes hangs on the world, and on the tick or the capability.
    """

    def __init__(
        self, terms: Decision, hours: WorkingTime, clock: Clock, tape: Tape, visits: list[Visit]
    ) -> None:
        self._terms, self._hours, self._clock, self._tape = terms, hours, clock, tape
        self._desk = Queue(PURPOSE, 0, clock, visits)

    def agree(self, world: int, subject: str) -> Generator[simpy.Event, Any, None]:
        """Sign the purpose of a capability: late, but in the end."""
        z = float(self._tape.constant_normal(PURPOSE, [subject])[world, 0])
        wait = self._ends(self._clock.minute, z) - self._clock.minute
        yield from self._desk.visit(Asked(world, "marketing", subject, "define"), wait)

    def sign(
        self, ready: Int[np.ndarray, "R"], needed: Bool[np.ndarray, "R"], tick: int
    ) -> tuple[Int[np.ndarray, "R"], Bool[np.ndarray, "R"]]:
        """Sign decisions that are `ready` at some minute, where it is needed.

        Returns
        -------
        done : (R,) [minute]
        granted : (R,)
        """
        ticks = range(tick, tick + 1)
        z = self._tape.normal(PURPOSE, ["time"], ticks)[0, :, 0]
        granted = self._tape.uniform(PURPOSE, ["no"], ticks)[0, :, 0] >= self._terms.declines
        done = ready.copy()
        for world in np.flatnonzero(needed).tolist():
            done[world] = self._ends(int(ready[world]), float(z[world]))
        return done, granted | ~needed

    def _ends(self, minute: int, z: float) -> int:
        """Return when a signature is there that is asked for at `minute`."""
        if not self._terms.sign_off:
            return minute
        work = int(np.ceil(self._terms.sign_off * np.exp(self._terms.spread * z)))
        return self._hours.after(minute, work)
