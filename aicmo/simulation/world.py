"""One block of worlds: their tape, market, weather, and the year of history that every team inherits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from aicmo.core.noise import Tape
from aicmo.market import brief as make_brief
from aicmo.market import build, open_state, weather
from aicmo.market.demand import expected_demand
from aicmo.market.opening import opening_rate
from aicmo.market.state import MarketState
from aicmo.market.timeline import Timeline
from aicmo.market.weather import Weather
from aicmo.market.world import Market
from aicmo.messages import Brief
from aicmo.scenario.schema import Scenario
from aicmo.simulation.cdp import Facts

if TYPE_CHECKING:
    from aicmo.simulation.rotation import Rotated


@dataclass(frozen=True)
class World:
    """Everything about a block that is the same whatever a team does.

    Attributes
    ----------
    tape : Tape
        The luck, a pure function of (seed, purpose, replication, entity, tick).
    market, weather : Market, Weather
        The truth of each world, and what happens in it by itself.
    brief : Brief
        What the advertiser knows.
    """

    scenario: Scenario
    tape: Tape
    market: Market
    weather: Weather
    brief: Brief

    @cached_property
    def usual(self) -> np.ndarray:
        """Expected demand index without shocks, (T, 1, S): what only the clairvoyant may plan on."""
        return expected_demand(self.scenario.market, Timeline.of(self.scenario.calendar))[:, None]


@dataclass(frozen=True)
class Start:
    """Where a run begins: the market's state, the facts so far, and the rates in force.

    Attributes
    ----------
    tick : int
        The first tick that has not happened.
    rates : (T, R, C) [currency/day]
        The decision in force at each past tick.
    rotated : Rotated or None
        Where creatives stand; None where history has not begun, or creatives do not matter.
    """

    tick: int
    state: MarketState
    facts: Facts
    rates: np.ndarray
    rotated: Rotated | None = None

    @property
    def rate(self) -> np.ndarray:
        """The decision in force, (R, C) [currency/day]."""
        return np.asarray(self.rates[-1])


def open_world(
    scenario: Scenario, seed: int, replications: int | Sequence[int], tape: Tape | None = None
) -> World:
    """Draw the worlds of a block.

    Parameters
    ----------
    replications : int or sequence of int
        How many, or which.
    tape : Tape, optional
        Another luck than that of `seed`, such as a forked tape.
    """
    tape = Tape(seed, replications) if tape is None else tape
    market = build(scenario, tape)
    return World(scenario, tape, market, weather(scenario, market, tape), make_brief(scenario, market, tape))


def before_history(world: World) -> Start:
    """Return the state in which the history opens: rates near the optimum, nothing spent yet."""
    brief = world.brief
    rate = opening_rate(world.scenario, world.market, world.tape)
    return Start(-brief.history_ticks, open_state(world.market), Facts.empty(brief), rate[None])
