"""One tick of the market, mechanism by mechanism, in the order of model.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import noisy_volume
from aicmo.market.acquisition import acquired_mean
from aicmo.market.demand import organic_mean
from aicmo.market.learning import learn, memory_of
from aicmo.market.price import delivered
from aicmo.market.saturation import carry_over, saturate
from aicmo.market.state import MarketState
from aicmo.market.totals import total_by
from aicmo.market.weather import Weather
from aicmo.market.world import Market


@dataclass(frozen=True)
class Outcome:
    """What a tick brought.

    Attributes
    ----------
    spend : (R, C) [currency]
        Money delivered, whole minor units; what was planned beyond it is returned.
    learning : (R, C) [1]
        Effectiveness left by the learning phase.
    saturation : (R, C) [1]
        H, share of the ceiling.
    mean, volume : (R, C) [order]
        Expected and realised orders that campaigns caused.
    organic, orders : (R, S) [order]
        Orders without marketing, and all orders.
    gross_profit : (R, S) [currency]
        Orders × order value × margin.
    """

    spend: Float[np.ndarray, "R C"]
    learning: Float[np.ndarray, "R C"]
    saturation: Float[np.ndarray, "R C"]
    mean: Float[np.ndarray, "R C"]
    volume: Float[np.ndarray, "R C"]
    organic: Float[np.ndarray, "R S"]
    orders: Float[np.ndarray, "R S"]
    gross_profit: Float[np.ndarray, "R S"]


def advance(
    market: Market, weather: Weather, state: MarketState, planned: Float[np.ndarray, "R C"], tick: int
) -> tuple[MarketState, Outcome]:
    """Move every world by one tick.

    Parameters
    ----------
    planned : (R, C) [currency]
        Money for this tick, whole minor units; left as it is.
    tick : int
        Negative in the history.

    Returns
    -------
    state : MarketState
        A new state; `state` is left as it is.
    outcome : Outcome

    Raises
    ------
    ValueError
        If `planned` has another shape than (R, C).
    """
    if planned.shape != market.ceiling.shape:
        raise ValueError(f"planned must have shape {market.ceiling.shape} = (R, C), got {planned.shape}")
    now, dt = weather.at(tick), market.tick_days
    price = np.take(now.price, market.channel, axis=1)
    spend = delivered(planned, price, dt * market.inventory, now.available, market.minor_unit)  # 1
    rate = spend / dt
    learning, remembered = _learning(market, rate, state.remembered)  # 2
    pressure = rate / price * learning  # 3
    stock = carry_over(state.stock, pressure, market.kept)  # 4
    saturation = saturate(stock / market.half_saturation, market.shape, market.logistic)  # 5
    demand = np.take(now.demand, market.segment, axis=1)  # 7
    organic = noisy_volume(
        organic_mean(market.base_orders, now.demand, dt), market.dispersion, now.organic_luck
    )
    mean = acquired_mean(saturation, market.ceiling, now.effectiveness, demand, dt)  # 9, 11
    volume = noisy_volume(mean, market.dispersion, now.luck)  # 12
    orders = organic + total_by(volume, market.segment, len(market.segments))
    outcome = Outcome(
        spend=spend,
        learning=learning,
        saturation=saturation,
        mean=mean,
        volume=volume,
        organic=organic,
        orders=orders,
        gross_profit=orders * market.order_profit,  # 13
    )
    return MarketState(stock=stock, remembered=remembered), outcome


def _learning(
    market: Market, rate: Float[np.ndarray, "R C"], remembered: Float[np.ndarray, "R C"]
) -> tuple[Float[np.ndarray, "R C"], Float[np.ndarray, "R C"]]:
    if market.learning is None:
        return np.ones(rate.shape), remembered
    return learn(market.learning, memory_of(rate, market.half_saturation), remembered)
