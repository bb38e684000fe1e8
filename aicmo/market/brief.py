"""The brief: what the advertiser knows at the start, the same for every team."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Tape
from aicmo.market.events import demand_events
from aicmo.market.measurement import Stack, maturation
from aicmo.market.season import demand_season
from aicmo.market.timeline import Timeline, budget_periods
from aicmo.market.weather import availability
from aicmo.market.world import Market
from aicmo.messages import Brief
from aicmo.scenario.schema import Scenario

MONTHS = 12


def brief(scenario: Scenario, market: Market, tape: Tape) -> Brief:
    """Tell the advertiser what is known: facts as they are, beliefs as truth with the scenario's errors."""
    line, knowledge = Timeline.of(scenario.calendar), scenario.knowledge
    return Brief(
        currency=scenario.currency,
        minor_unit=market.minor_unit,
        campaigns=market.campaigns,
        segments=market.segments,
        channels=market.channels,
        segment=market.segment,
        channel=market.channel,
        retention=market.retention,
        start=line.start,
        tick_minutes=line.minutes,
        ticks=line.ticks,
        history_ticks=line.history,
        replications=market.ceiling.shape[0],
        periods=budget_periods(scenario.calendar, scenario.budget),
        value=market.order_profit[market.segment],
        margin=market.margin[market.segment],
        half_life=_believed_half_life(market, knowledge.half_life_error, tape),
        season=_believed_season(scenario, line, tape),
        maturation=maturation(Stack.of(scenario.measurement), line.minutes),
        prior_return=knowledge.prior_return,
        prior_cv=knowledge.prior_cv,
        available=availability(scenario.market, line),
        long_term_weight=scenario.objective.long_term_weight,
        breadth=None if market.targeting is None else market.targeting.breadth,
        targeted=None if market.targeting is None else market.targeting.offered,
        variants=0 if market.creative is None else market.creative.quality.shape[2],
        dayparts=0 if market.dayparts is None else market.dayparts.effect.shape[2],
    )


def _believed_half_life(market: Market, error: float, tape: Tape) -> Float[np.ndarray, "R C"]:
    """Return truth × LogNormal(0, error), one error a channel: carry-over is known by medium."""
    z = tape.constant_normal("believed half-life", market.channels)
    return market.half_life * np.exp(error * z)[:, market.channel]


def _believed_season(scenario: Scenario, line: Timeline, tape: Tape) -> Float[np.ndarray, "T R S"]:
    """Season and announced events, with one mean-one error for each segment and month of the year."""
    truth, error = scenario.market, scenario.knowledge.season_error
    names = [segment.name for segment in truth.segments]
    announced = demand_events([event for event in truth.events if event.known], names, line)
    known = np.stack([demand_season(segment.season, line) for segment in truth.segments], axis=1) * announced
    entities = [f"{name}/{month + 1}" for name in names for month in range(MONTHS)]
    z = tape.constant_normal("believed season", entities).reshape(-1, len(names), MONTHS)
    factor = np.exp(error * z - 0.5 * error**2)
    dates, first = line.dates()
    opening = np.floor(line.edges[:-1]).astype(int) - first
    month = dates.astype("datetime64[M]").astype(int)[opening] % MONTHS
    return np.ascontiguousarray(known[:, None] * factor[:, :, month].transpose(2, 0, 1))
