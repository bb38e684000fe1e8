"""Run-off: what a market still sells when all marketing stops, without luck (model.md, "Terminal value")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Tape
from aicmo.market.build import build
from aicmo.market.levers import NO_LEVERS, Levers
from aicmo.market.state import MarketState
from aicmo.market.step import advance
from aicmo.market.weather import Weather
from aicmo.market.world import Market
from aicmo.scenario.schema import Scenario

WEEK = 7 * 1440
FINE_WEEKS = 4
"""How long a run-off keeps the scenario's own tick; then the tail of media is gone, and weeks will do."""


def run_off(
    scenario: Scenario, tape: Tape, state: MarketState, weeks: int, levers: Levers = NO_LEVERS
) -> Iterator[tuple[float, Float[np.ndarray, "R"]]]:
    """Let the worlds of a tape go on from a state without marketing and without luck.

    Every factor stands at its mean of one; brand, customers, prospects and stocks move by themselves. The
    state knows no tick, so the same worlds go on in longer ones.

    Parameters
    ----------
    levers : Levers
        What the team's data still allow: narrow audiences are found or not while their stock fades.

    Yields
    ------
    day : float [day]
        End of the step, since the run-off began.
    gross_profit : (R,) [currency]
        Of the step, organic orders included: what counts is the difference between two states.
    """
    day = 0.0
    fine = min(FINE_WEEKS, weeks)
    for minutes, span in ((scenario.calendar.tick, fine * WEEK), (WEEK, (weeks - fine) * WEEK)):
        market = still_market(scenario, tape, minutes)
        ticks = span // minutes
        sky, nothing = still_weather(market, ticks), np.zeros(market.ceiling.shape)
        for tick in range(ticks):
            state, outcome = advance(market, sky, state, nothing, tick, levers=levers)
            day += market.tick_days
            yield day, outcome.gross_profit.sum(axis=1)


def still_market(scenario: Scenario, tape: Tape, minutes: int) -> Market:
    """Return the worlds of a scenario with ticks of another length, and volumes without noise."""
    calendar = scenario.calendar.model_copy(update={"tick": minutes})
    market = build(scenario.model_copy(update={"calendar": calendar}), tape)
    return replace(market, dispersion=np.zeros(market.dispersion.shape), incidents=None)


def still_weather(market: Market, ticks: int) -> Weather:
    """Return weather in which every factor stands at its mean of one; it takes no memory."""
    rows, campaigns = market.ceiling.shape
    segments, channels = len(market.segments), len(market.channels)

    def level(value: float, entities: int) -> np.ndarray:
        return np.broadcast_to(np.float64(value), (ticks, rows, entities))

    return Weather(
        history=0,
        price=level(1.0, channels),
        demand=level(1.0, segments),
        effectiveness=level(1.0, campaigns),
        available=np.broadcast_to(np.True_, (ticks, campaigns)),
        luck=level(0.0, campaigns),
        organic_luck=level(0.0, segments),
        repeat_luck=level(0.0, segments),
        consent=np.ones(ticks),
        rivals=None if market.rivals is None else level(1.0, segments),
    )
