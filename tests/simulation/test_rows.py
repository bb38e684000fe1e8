"""A world is the same alone, in a batch, and whoever sits in which order at the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from aicmo.policies import SHELF
from aicmo.policies._choice import Choice
from aicmo.policies.ai_cmo import AiCmo
from aicmo.simulation import kernel as kernel_module
from aicmo.simulation.clock import Clock, Phase
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import FIELDS, Account
from aicmo.simulation.team import resolve
from tests.simulation.worlds import alone, busy, decisions, run, world_of

ACCOUNT = tuple(Account.__dataclass_fields__)


def assert_same(left: Kernel, right: Kernel, rows: Any = slice(None)) -> None:
    """Every bit of two runs, the right one's `rows` only."""
    for field in FIELDS:
        np.testing.assert_array_equal(
            left.ledger[field.name], right.ledger[field.name][:, rows], err_msg=field.name
        )
        np.testing.assert_array_equal(
            left.ledger.total(field.name), right.ledger.total(field.name)[rows], err_msg=field.name
        )
    for name in ACCOUNT:
        ours, theirs = getattr(left.ledger.account, name), getattr(right.ledger.account, name)
        np.testing.assert_array_equal(ours, theirs[rows], err_msg=name)
    np.testing.assert_array_equal(decisions(left), decisions(right)[:, rows])


@pytest.mark.parametrize("resolution", ["tick", "week"])
@pytest.mark.parametrize("kind", [*SHELF.kinds, "manual_strong", "thompson"])
def test_the_bits_of_a_world_do_not_depend_on_its_batch(kind: str, resolution: Any) -> None:
    def ran(rows: int | tuple[int, ...]) -> Kernel:
        world, start = world_of(busy(), rows)
        policy = AiCmo(choice=Choice(rule="thompson"))
        team = alone(world.scenario, policy) if kind == "thompson" else resolve(world.scenario, kind)
        return run(world, start, team, resolution)

    many = ran(7)
    assert_same(ran(3), many, slice(3))
    assert_same(ran((5,)), many, slice(5, 6))
    assert_same(ran((6, 2)), many, [6, 2])


def test_the_order_of_agents_changes_nothing() -> None:
    world, start = world_of(busy())
    team = resolve(world.scenario, "ai_cmo")
    assert len(team.agents) > 1
    assert_same(run(world, start, team), run(world, start, replace(team, agents=team.agents[::-1])))


class Shuffled(Clock):
    """A clock on which everything is scheduled in the reverse order of asking."""

    def __init__(self, start: int) -> None:
        super().__init__(start)
        self.asked: list[tuple[int, Phase, Callable[[], None], int, int]] = []

    def every(self, interval: int, phase: Phase, act: Callable[[], None], *, first: int, until: int) -> None:
        self.asked.append((interval, phase, act, first, until))

    def run_while(self, go_on: Callable[[], bool], until: int) -> bool:
        for interval, phase, act, first, end in reversed(self.asked):
            super().every(interval, phase, act, first=first, until=end)
        self.asked = []
        return super().run_while(go_on, until)


def test_the_order_of_scheduling_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world, start = world_of(busy())
    straight = run(world, start, "ai_cmo")
    monkeypatch.setattr(kernel_module, "Clock", Shuffled)
    assert_same(straight, run(world, start, "ai_cmo"))


def test_a_run_leaves_its_start_as_it_was() -> None:
    world, start = world_of(busy())
    before = [values.copy() for values in (*vars(start.facts).values(), start.rates, start.state.stock)]
    first = run(world, start, "ai_cmo")
    for was, now in zip(before, (*vars(start.facts).values(), start.rates, start.state.stock), strict=True):
        np.testing.assert_array_equal(was, now)
    assert_same(first, run(world, start, "ai_cmo"))
