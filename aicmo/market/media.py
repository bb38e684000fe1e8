"""What money buys in a tick: price and supply, learning phase, creative, pressure (model.md 1–3, 6)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.market.creative import Variants, effect, exposed
from aicmo.market.dayparts import work
from aicmo.market.learning import learn
from aicmo.market.levers import Levers
from aicmo.market.price import delivered
from aicmo.market.state import MarketState
from aicmo.market.targeting import premium_price, taken
from aicmo.market.weather import Conditions
from aicmo.market.world import Market


class Bought(NamedTuple):
    """What the media delivered.

    Attributes
    ----------
    spend : (R, C) [currency]
    learning : (R, C) [1]
    pressure : (R, C) [currency/day]
        At price index 1, per addressed head.
    remembered, variants, breadth :
        As in `MarketState`, after the tick.
    """

    spend: Float[np.ndarray, "R C"]
    learning: Float[np.ndarray, "R C"]
    pressure: Float[np.ndarray, "R C"]
    remembered: Float[np.ndarray, "R C"]
    variants: Variants | None
    breadth: Float[np.ndarray, "R C"] | None


def buy(
    market: Market, now: Conditions, state: MarketState, planned: Float[np.ndarray, "R C"], levers: Levers
) -> Bought:
    """Turn planned money into pressure, u = (spend/dt) / P · learning · q / b."""
    dt, supply = market.tick_days, market.tick_days * market.inventory
    price, breadth = np.take(now.price, market.channel, axis=1), None
    if market.targeting is not None and state.breadth is not None:
        breadth = state.breadth
        if levers.breadth is not None:
            breadth = taken(market.targeting, levers.breadth, breadth)
        price, supply = premium_price(market.targeting, price, breadth), supply * breadth
    spend = delivered(planned, price, supply, now.available, market.minor_unit)
    rate = spend / dt
    learning, remembered = _learning(market, rate, state.remembered)
    bought = rate / price
    if breadth is not None:
        bought /= breadth
    pressure, variants = bought * learning, state.variants
    if market.dayparts is not None and levers.timing is not None:
        pressure *= work(market.dayparts, levers.timing).sum(axis=2)
    if market.creative is not None and variants is not None:
        traffic = variants.traffic if levers.traffic is None else levers.traffic
        pressure *= effect(market.creative, traffic, variants)
        seen = exposed(market.creative, variants.exposure, traffic, bought / market.half_saturation)
        variants = variants._replace(exposure=seen, traffic=traffic)
    return Bought(spend, learning, pressure, remembered, variants, breadth)


def _learning(
    market: Market, rate: Float[np.ndarray, "R C"], remembered: Float[np.ndarray, "R C"]
) -> tuple[Float[np.ndarray, "R C"], Float[np.ndarray, "R C"]]:
    if market.learning is None:
        return np.ones(rate.shape), remembered
    return learn(market.learning, rate, market.half_saturation, remembered)
