"""What people buy: demand, brand, prospects, customers, noise, value (model.md 7–13)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import noisy_volume
from aicmo.market.acquisition import acquired_mean
from aicmo.market.brand import built, pull
from aicmo.market.demand import organic_mean
from aicmo.market.depletion import unsold, won_from
from aicmo.market.levers import Levers
from aicmo.market.media import Bought
from aicmo.market.people import Movement, People, Population, moved
from aicmo.market.response import Response
from aicmo.market.retention import add_repeat_orders, churn_hazard, repeat_orders
from aicmo.market.state import MarketState
from aicmo.market.targeting import potential
from aicmo.market.weather import Conditions
from aicmo.market.world import Market


class Sold(NamedTuple):
    """Orders of a tick.

    Attributes
    ----------
    mean, volume : (R, C) [order]
        Expected and realised orders that campaigns caused.
    organic : (R, S) [order]
        Realised orders without marketing.
    brand, people :
        As in `MarketState`, after the tick.
    movement :
        Who moved in the tick; None where nobody is counted.
    """

    mean: Float[np.ndarray, "R C"]
    volume: Float[np.ndarray, "R C"]
    organic: Float[np.ndarray, "R S"]
    brand: Float[np.ndarray, "R S"] | None
    people: Population | None
    movement: Movement | None = None


def sell(
    market: Market, now: Conditions, state: MarketState, bought: Bought, response: Response, *, levers: Levers
) -> Sold:
    """Turn response into orders."""
    brand = state.brand
    if market.brand is not None and brand is not None and response.attention is not None:
        now = replace(now, demand=now.demand * pull(market.brand, brand))
        brand = built(market.brand, brand, response.attention)
    if market.people is not None and state.people is not None:
        return _sell_to_people(
            market.people, market, now, state.people, _Reach(response, bought, levers), brand
        )
    organic = organic_mean(market.base_orders, now.demand, market.tick_days)
    mean = _acquired(market, now, _Reach(response, bought, levers), None)
    volume = noisy_volume(mean, market.campaign_dispersion, now.luck)
    return Sold(mean, volume, noisy_volume(organic, market.segment_dispersion, now.organic_luck), brand, None)


class _Reach(NamedTuple):
    """How far campaigns reach: response, breadth in force, skill."""

    response: Response
    bought: Bought
    levers: Levers


def _acquired(
    market: Market, now: Conditions, reach: _Reach, left: Float[np.ndarray, "R S"] | None
) -> Float[np.ndarray, "R C"]:
    """Return the expected orders of acquisition before people run out; F = `left` where they can."""
    willing = now.demand if left is None else now.demand * left
    mean = acquired_mean(
        reach.response.saturation,
        market.ceiling,
        now.effectiveness,
        willing,
        market.segment,
        market.tick_days,
    )
    if market.targeting is not None and reach.bought.breadth is not None:
        share = 1.0 if left is None else np.take(left, market.segment, axis=1)
        closer = 1.0 if now.concentration is None else now.concentration
        mean *= potential(market.targeting, reach.bought.breadth, reach.levers.skill, share, closer)
    return mean


def _sell_to_people(
    people: People,
    market: Market,
    now: Conditions,
    population: Population,
    reach: _Reach,
    brand: Float[np.ndarray, "R S"] | None,
) -> Sold:
    """Turn response into orders of finite people: first orders win prospects, customers order again."""
    segment = market.segment
    left = unsold(people, population)
    first = organic_mean(market.base_orders, now.demand * left, market.tick_days)
    again = repeat_orders(people, population, now.demand)
    wished = _acquired(market, now, reach, left)
    add_repeat_orders(people, wished, now.effectiveness, reach.response.saturation, again, segment)
    mean, _, _ = won_from(people, population, wished, first, segment)
    noisy = noisy_volume(wished, market.campaign_dispersion, now.luck)
    noisy_first = noisy_volume(first, market.segment_dispersion, now.organic_luck)
    volume, first_orders, won = won_from(people, population, noisy, noisy_first, segment)
    organic = first_orders + noisy_volume(again, market.segment_dispersion, now.repeat_luck)
    hazard = churn_hazard(people, reach.response.saturation, segment)
    after, counted = moved(people, population, won, first_orders, hazard, market.tick_days)
    return Sold(mean, volume, organic, brand, after, counted)
