"""Companies without a market: the queues of an organisation on a clock of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from aicmo.core.noise import Tape
from aicmo.scenario.leadership import Leadership
from aicmo.scenario.organisation import Organisation, Ownership
from aicmo.simulation.clock import Clock, Phase
from aicmo.simulation.organisation import Record, Visit
from aicmo.simulation.organisation.company import Company
from tests.simulation.worlds import busy, world_of

WEEK = 10080
READ: TypeAdapter[Organisation] = TypeAdapter(Ownership)


def organisation(**said: Any) -> Organisation:
    """An organisation as a scenario writes it."""
    return READ.validate_python(said)


def lived(
    terms: Organisation,
    worlds: int | tuple[int, ...] = 4,
    weeks: int = 104,
    seed: int = 1,
    until: int = 0,
    *,
    each_tick: bool = False,
) -> Record:
    """What happens in the queues of some worlds, planned for `weeks`, up to week `until`."""
    known = world_of(busy())[0].brief
    rows = worlds if isinstance(worlds, int) else len(worlds)
    brief = replace(known, replications=rows, ticks=weeks * 7)
    clock = Clock(0)
    company = Company(terms, Leadership(), clock, brief, Tape(seed, worlds), range(brief.ticks))
    if each_tick:
        clock.every(
            1440, Phase.OBSERVE, lambda: company.open(clock.minute // 1440), first=0, until=weeks * WEEK
        )
    clock.env.run(until=(until or weeks) * WEEK)
    return company.record


def of(record: Record, world: int, **wanted: Any) -> list[Visit]:
    """Visits of one world with some properties."""
    return [
        visit
        for visit in record.visits
        if visit.world == world and all(getattr(visit, name) == value for name, value in wanted.items())
    ]
