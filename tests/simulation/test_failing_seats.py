"""Who fails in a seat that moves no money: what is in force stays, it is on record, the run goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Holdouts, Mix, Observation, Pace, Proposal, Seat
from aicmo.scenario.load import load
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.team import resolve
from aicmo.simulation.world import Start, World, open_world

SCENARIOS = Path(__file__).parents[2] / "scenarios"
WHERE: dict[Seat, str] = {
    "targeting": "creative_fatigue",
    "creative": "creative_fatigue",
    "experiments": "tv_brand",
    "pacing": "send_time",
}
"""A market in which the seat decides about something."""


def stumble(_: Observation) -> Any:
    raise ValueError("the model did not converge")


def nan(seat: Seat) -> Callable[[Observation], Any]:
    """A wish of the right kind and shape that holds no number."""

    def wish(seen: Observation) -> Any:
        nothing = np.full(seen.current.shape, np.nan)
        if seat == "creative" and seen.creatives is not None:
            return Mix(np.full(seen.creatives.live.shape, np.nan))
        if seat == "experiments":
            rows = np.full(len(nothing), np.nan)
            return Holdouts(np.ones(nothing.shape, dtype=bool), rows, rows, rows)
        return Pace(nothing) if seat == "pacing" else nothing

    return wish


def transposed(seat: Seat) -> Callable[[Observation], Any]:
    def wish(seen: Observation) -> Any:
        turned = np.ones(seen.current.shape[::-1])
        if seat == "creative":
            return Mix(turned)
        if seat == "experiments":
            return Holdouts(turned > 0, *(np.full(len(seen.current), 0.1) for _ in range(3)))
        return Pace(turned) if seat == "pacing" else turned

    return wish


FAILURES: dict[str, Callable[[Seat], Callable[[Observation], Any]]] = {
    "raises": lambda _: stumble,
    "late": lambda _: lambda seen: None if seen.tick >= 0 else 0,
    "NaN": nan,
    "wrong shape": transposed,
}


@dataclass(frozen=True)
class Failing:
    """An agent of a seat that never gets anything right."""

    seat: Seat
    wish: Callable[[Observation], Any]
    cadence: str = "1w"
    kind: ClassVar[str] = "failing"

    def init(self, brief: Brief) -> None: ...

    def update(self, state: None, observation: Observation) -> None: ...

    def act(self, state: None, observation: Observation, draws: Draws) -> Any:  # noqa: ARG002 - it fails anyhow
        wish = self.wish(observation)
        return None if wish is None else Proposal(self.seat, wish)


@cache
def opened(name: str) -> tuple[World, Start]:
    world = open_world(load(SCENARIOS / f"{name}.yaml"), 1, 2)
    return world, live_history(world)


@pytest.mark.parametrize("seat", WHERE)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_seat_whose_agent_fails_keeps_what_is_in_force(seat: Seat, failure: str) -> None:
    world, start = opened(WHERE[seat])
    team = resolve(world.scenario, "ai_cmo")
    others = tuple(agent for agent in team.agents if agent.seat != seat)
    kernels = {}
    for name, agents in (("without", others), ("with", (*others, Failing(seat, FAILURES[failure](seat))))):
        kernel = Kernel(world, start, replace(team, agents=agents), range(22))  # type: ignore[arg-type]  # a double
        assert kernel.run()
        kernels[name] = kernel
    told = [item for item in kernels["with"].ledger.rejections if item.reason]
    assert [item.tick for item in told] == [0, 7, 14, 21]
    assert all(seat in item.guardrail or seat in item.reason or item.guardrail == "gate" for item in told)
    assert not kernels["without"].ledger.rejections
    for name in ("spend", "orders", "studio", "experiments"):
        np.testing.assert_array_equal(kernels["with"].ledger[name], kernels["without"].ledger[name])
