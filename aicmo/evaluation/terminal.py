"""Terminal value: what a team leaves behind, as gross profit of a run-off without marketing and luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from aicmo.market import MarketState, Weather, advance
from aicmo.simulation.world import World

WEEKS = 52
"""Length of the run-off."""
DISCOUNT_PER_YEAR = 0.10
WEEK_DAYS = 7.0


def terminal_value(world: World, state: MarketState) -> Float[np.ndarray, "R"]:
    """Discounted gross profit of the run-off from `state`, in steps of a week (model.md, "Terminal value").

    Returns
    -------
    (R,) [currency]
        Organic orders included; what counts is the difference between two states of the same worlds.
    """
    market = replace(
        world.market,
        tick_days=WEEK_DAYS,
        kept=np.exp2(-WEEK_DAYS / np.maximum(world.market.half_life, 1e-9)),
        learning=None,
        dispersion=np.zeros_like(world.market.dispersion),
    )
    still = _still(world)
    nothing = np.zeros(world.brief.shape)
    total = np.zeros(world.brief.replications)
    for week in range(WEEKS):
        state, outcome = advance(market, still, state, nothing, week)
        discount = (1.0 + DISCOUNT_PER_YEAR) ** (-(week + 1) / WEEKS)
        total += discount * outcome.gross_profit.sum(axis=1)
    return total


def _still(world: World) -> Weather:
    """Weather in which every factor stands at its mean of one."""
    rows, campaigns = world.brief.shape

    def ones(entities: int) -> np.ndarray:
        return np.broadcast_to(1.0, (WEEKS, rows, entities))

    segments, weather = len(world.brief.segments), world.weather
    luckless = np.broadcast_to(0.0, (WEEKS, rows, segments))
    return replace(
        weather,
        history=0,
        price=ones(len(world.brief.channels)),
        demand=ones(segments),
        effectiveness=ones(campaigns),
        available=np.broadcast_to(np.True_, (WEEKS, campaigns)),
        luck=np.broadcast_to(0.0, (WEEKS, rows, campaigns)),
        organic_luck=luckless,
        repeat_luck=luckless,
        consent=np.ones(WEEKS),
        rivals=None if weather.rivals is None else ones(segments),
        incident_luck=None,
        incident_size=None,
    )
