"""Time: the phase orders what happens in one instant, whoever was scheduled first."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Generator
from itertools import permutations
from typing import Any

import pytest

from aicmo.simulation.clock import Clock, Phase
from tests.simulation.worlds import rich, run, world_of


def always() -> bool:
    return True


@pytest.mark.parametrize(
    "order", [tuple(Phase), tuple(reversed(Phase)), *list(permutations(Phase))[100:5000:977]]
)
def test_the_phase_gives_the_order_whatever_was_scheduled_first(order: tuple[Phase, ...]) -> None:
    clock, seen = Clock(-20), []
    for phase in order:
        clock.every(10, phase, lambda phase=phase: seen.append((clock.minute, phase)), first=-20, until=10)  # type: ignore[misc]
    clock.run_while(always, 10)
    assert seen == [(minute, phase) for minute in (-20, -10, 0) for phase in Phase]


def test_a_beat_of_another_length_keeps_to_its_phase() -> None:
    clock, seen = Clock(0), []
    clock.every(1440, Phase.MARKET, lambda: seen.append("market"), first=0, until=2 * 1440)
    clock.every(720, Phase.OBSERVE, lambda: seen.append("observe"), first=0, until=2 * 1440)
    clock.run_while(always, 2 * 1440)
    assert seen == ["observe", "market", "observe"] * 2


def test_a_process_waits_for_a_minute_and_a_phase() -> None:
    clock, seen = Clock(0), []

    def approval() -> Generator[Any, Any, None]:
        yield clock.at(30, Phase.DECIDE)
        seen.append((clock.minute, "approved"))

    clock.process(approval())
    clock.every(30, Phase.ACT, lambda: seen.append((clock.minute, "act")), first=30, until=60)
    clock.every(30, Phase.PROPOSE, lambda: seen.append((clock.minute, "propose")), first=30, until=60)
    clock.run_while(always, 60)
    assert seen == [(30, "propose"), (30, "approved"), (30, "act")]


def test_the_clock_stops_where_it_is_told_to_and_goes_on_from_there() -> None:
    clock, seen = Clock(0), []
    clock.every(10, Phase.OBSERVE, lambda: seen.append(clock.minute), first=0, until=50)
    assert clock.run_while(lambda: len(seen) < 2, 50)
    assert seen == [0, 10]
    assert not clock.run_while(always, 50)
    assert seen == [0, 10, 20, 30, 40]


def test_a_finished_run_is_freed_at_once_without_the_garbage_collector() -> None:
    """Its arrays are large, and the collector counts objects, not bytes."""
    world, start = world_of(rich())
    gc.disable()
    try:
        kernel = run(world, start, "ai_cmo", ticks=20)
        gone = weakref.ref(kernel)
        del kernel
        assert gone() is None
    finally:
        gc.enable()
