"""The roll-out of capabilities through stage gates, each gate waiting in somebody's queue."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from jaxtyping import Bool, Float

from aicmo.core.noise import Tape
from aicmo.scenario.capabilities import Capability
from aicmo.scenario.organisation import Organisation
from aicmo.simulation.clock import Clock
from aicmo.simulation.organisation.centre import Centre
from aicmo.simulation.organisation.it_department import ItDepartment
from aicmo.simulation.organisation.queue import Asked, Queue
from aicmo.simulation.organisation.record import Visit
from aicmo.simulation.organisation.sponsor import Sponsor

PURPOSE = "roll-out"


class RollOut:
    """What is under way and what is live, in each world.

    Attributes
    ----------
    users : (R, A)
        Groups of users who work with each capability on shared data.
    live, paid : (R, A)
        Whether it is in operation, and whether its tools are paid for.
    """

    def __init__(
        self,
        terms: Organisation,
        clock: Clock,
        tape: Tape,
        centre: Centre,
        department: ItDepartment,
        sponsor: Sponsor,
        visits: list[Visit],
        replications: int,
    ) -> None:
        self._terms, self._clock = terms, clock
        self._centre, self._it, self._sponsor = centre, department, sponsor
        self.roadmap = terms.programme.roadmap
        shape = (replications, len(self.roadmap))
        self.users, self.live, self.paid = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
        self._bought = np.zeros(replications)
        self._slots = Queue("programme", terms.programme.parallel, clock, visits)
        self._facts = Queue("", 0, clock, visits)
        self._finds = self._who_finds_it(tape)
        for world in range(replications):
            for number in range(len(self.roadmap)):
                clock.process(self._roll_out(world, number))

    def _who_finds_it(self, tape: Tape) -> list[Bool[np.ndarray, "R U"]]:
        """For each capability, which seats are used by somebody, and on shared data.

        With purpose first all seats have named users; else some find it. Where several tools do the same, a
        user works with any of them.
        """
        programme, found = self._terms.programme, []
        for name in self.roadmap:
            seats = [f"{name}#{seat}" for seat in range(self._terms.capabilities[name].seats)]
            planned = (
                programme.purpose_first
                or tape.constant_uniform(f"{PURPOSE} found", seats) < programme.unplanned
            )
            shared = tape.constant_uniform(f"{PURPOSE} tool", seats) * self._terms.tools.overlap < 1.0
            found.append(np.asarray(planned & shared))
        return found

    @property
    def use(self) -> Float[np.ndarray, "R A"]:
        """Utilisation: share of the seats whose users work with it on shared data, while it is live [1]."""
        seats = np.array([self._terms.capabilities[name].seats for name in self.roadmap], dtype=float)
        return np.where(self.live, self.users / seats, 0.0)

    def take_bought(self) -> Float[np.ndarray, "R"]:
        """Return what integration work was bought since the last time [media budget of a quarter]."""
        bought, self._bought = self._bought, np.zeros_like(self._bought)
        return bought

    # --- one capability in one world ---

    def _roll_out(self, world: int, number: int) -> Generator[simpy.Event, Any, None]:
        name = self.roadmap[number]
        terms = self._terms.capabilities[name]
        slot = self._slots.hold(Asked(world, "marketing", name, priority=float(number)))
        with slot:
            yield slot
            yield from self._prepare(world, name, terms)
            self.paid[world, number] = True
            yield from self._centre.work("technical_lead", world, name, "test", terms.test, terms.impact)
            yield from self._it.review(world, name)
            yield from self._integrate(world, name, terms)
            self._go_live(world, number)
        self._clock.process(self._train(world, number))
        yield from self._centre.work("strategist", world, name, "measure", terms.measure, terms.impact)
        yield from self._reassess(world, number)

    def _prepare(self, world: int, name: str, terms: Capability) -> Generator[simpy.Event, Any, None]:
        """Define the purpose, have it sponsored, name users; or buy at once."""
        if self._terms.programme.purpose_first:
            yield from self._centre.work("head", world, name, "define", terms.define, terms.impact)
            yield from self._sponsor.agree(world, name)
            yield from self._centre.work(
                "operations_manager", world, name, "users", terms.users, terms.impact
            )

    def _integrate(self, world: int, name: str, terms: Capability) -> Generator[simpy.Event, Any, None]:
        spared = (1.0 - self._terms.programme.reuse) ** int(self.live[world].sum())
        work = int(np.ceil(terms.integration * self._terms.stack.vendors * spared))
        self._bought[world] += self._it.price(work)
        yield from self._it.integrate(world, name, work)

    def _go_live(self, world: int, number: int) -> None:
        self.live[world, number] = True
        self._mark(world, number, "live")

    def _mark(self, world: int, number: int, gate: str) -> None:
        """Put a fact that takes no time on record."""
        visit = self._facts.enter(Asked(world, "marketing", self.roadmap[number], gate), 0)
        visit.began = visit.done = self._clock.minute

    def _train(self, world: int, number: int) -> Generator[simpy.Event, Any, None]:
        """Train users one after the other; who has no use for it is not trained."""
        name = self.roadmap[number]
        terms = self._terms.capabilities[name]
        for _ in range(int(self._finds[number][world].sum())):
            yield from self._centre.work(
                "operations_manager", world, name, "train", terms.training, terms.impact
            )
            self.users[world, number] += 1

    def _reassess(self, world: int, number: int) -> Generator[simpy.Event, Any, None]:
        """Look at its utilisation from time to time, and retire what is not used."""
        programme = self._terms.programme
        while programme.reassess:
            yield self._clock.env.timeout(programme.reassess)
            self._mark(world, number, "reassess")
            if self.use[world, number] < programme.least_use:
                self.live[world, number] = self.paid[world, number] = False
                self._mark(world, number, "retired")
                return
