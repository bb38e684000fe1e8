"""Worlds that tests of the simulation run in: small, with everything that can move moving, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from aicmo.agents import Agent
from aicmo.agents.optimization import Optimization
from aicmo.core.noise import Draws, Tape
from aicmo.messages import Brief, Observation
from aicmo.policies import Policy
from aicmo.scenario.load import loads
from aicmo.scenario.schema import Scenario
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import Resolution
from aicmo.simulation.team import Team, around, resolve
from aicmo.simulation.world import Start, World, open_world
from tests.market.scenarios import campaign, lively, plain, read

CALENDAR = {"horizon": "14w", "history": "6w", "periods": "month"}
GUARDRAILS = [{"kind": "budget"}, {"kind": "step", "per_decision": 0.4, "per_week": 0.8}]
MEASUREMENT = {"latency": "2d", "lag_half_life": "2d", "lag_end": "14d"}


def busy(**changes: Any) -> Scenario:
    """Four campaigns that start, stop, hit their inventory, and drift; three budget periods; guardrails."""
    calendar = {**CALENDAR, **changes.pop("calendar", {})}
    settings = {"budget": {"periods": [60_000]}, "guardrails": GUARDRAILS, "measurement": MEASUREMENT}
    return read(lively(calendar=calendar, **(settings | changes)))


def still(**changes: Any) -> Scenario:
    """Three campaigns in a market where nothing moves by itself and nobody sets limits."""
    calendar = {**CALENDAR, **changes.pop("calendar", {})}
    return read(plain(calendar=calendar, **({"budget": {"periods": [60_000]}} | changes)))


CREATIVE = {"variants": 3, "quality": 0.4, "exposures": 0.3, "floor": 0.3, "recovery": "3w"}
STUDIO = {"capacity": 2, "lead_time": "9d", "spread": 0.4, "cost": 150, "strain": 0.2}
TARGETING = {"concentration": 0.3, "premium": 0.2}


def rich(**changes: Any) -> Scenario:
    """The busy market with creatives, a studio, and audiences that can be narrowed."""
    return _rich(lively(), {"guardrails": GUARDRAILS, "measurement": MEASUREMENT} | changes)


def quiet(**changes: Any) -> Scenario:
    """The still market with the same: only quality, wear and breadth make a difference."""
    return _rich(plain(), changes)


def _rich(written: dict[str, Any], changes: dict[str, Any]) -> Scenario:
    creative = CREATIVE | changes.pop("creative", {})
    market = written["market"] | {"creative": creative} | changes.pop("market", {})
    offer = {"targeting": TARGETING | changes.pop("targeting", {})}
    market["channels"] = [channel | offer for channel in market["channels"]]
    market["campaigns"] = [item | {"breadth": 0.5} for item in market["campaigns"]]
    studio = STUDIO | changes.pop("studio", {})
    # The past ordered nothing and narrowed nobody, so that what a test does is all that happens.
    past = {"teams": {"past": {"budget": {"kind": "planner"}}}, "history_team": "past"}
    settings = {"budget": {"periods": [60_000]}, "studio": studio} | past | changes
    calendar = written["calendar"] | CALENDAR
    return read(written | {"market": market, "calendar": calendar} | settings)


@dataclass(frozen=True)
class Constant:
    """The same rates for ever."""

    rates: tuple[float, ...]

    kind: ClassVar[str] = "constant"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[Constant]:
        yield cls((1.0,))

    def init(self, brief: Brief) -> None:
        pass

    def update(self, state: None, observation: Observation) -> None:
        pass

    def act(self, state: None, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        return np.broadcast_to(np.array(self.rates), observation.current.shape)


@lru_cache(maxsize=8)
def opened(
    scenario_text: str, seed: int, rows: tuple[int, ...], forks: tuple[int, ...]
) -> tuple[World, Start]:
    """A block of worlds with its history; the same one for every test that asks."""
    scenario = loads(scenario_text)
    world = open_world(scenario, seed, rows, Tape(seed, rows, forks))
    return world, live_history(world)


def world_of(
    scenario: Scenario, rows: int | tuple[int, ...] = 4, seed: int = 3, forks: tuple[int, ...] = ()
) -> tuple[World, Start]:
    rows = tuple(range(rows)) if isinstance(rows, int) else rows
    return opened(scenario.text, seed, rows, forks)


def alone(scenario: Scenario, policy: Policy, *more: Agent) -> Team:
    """A policy that decides weekly, and nobody who ramps its decisions unless asked."""
    return replace(around(scenario, policy), agents=(Optimization(policy), *more))


def run(
    world: World,
    start: Start,
    team: str | Policy | Team,
    resolution: Resolution = "tick",
    ticks: int | None = None,
    salt: str = "",
    *,
    fails: bool | None = False,
) -> Kernel:
    """Run a team over the horizon, or its first ticks; nobody may fail unless `fails`, None is either."""
    staffed = team if isinstance(team, Team) else resolve(world.scenario, team)
    span = range(world.brief.ticks if ticks is None else ticks)
    kernel = Kernel(world, start, staffed, span, resolution, salt=salt)
    assert kernel.run()
    kernel.close()
    if fails is not None:
        assert bool(kernel.ledger.rejections) is fails, kernel.ledger.rejections[:1]
    return kernel


def decisions(kernel: Kernel) -> np.ndarray:
    """The rates in force at each tick of the run, (T, R, C)."""
    return np.array(kernel.rates[-len(kernel.ticks) :])


__all__ = [
    "Constant",
    "alone",
    "busy",
    "campaign",
    "decisions",
    "quiet",
    "rich",
    "run",
    "still",
    "world_of",
]
