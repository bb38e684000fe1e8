"""One tick of the market, mechanism by mechanism, in the order of model.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.market.incidents import penalties
from aicmo.market.levers import NO_LEVERS, Levers
from aicmo.market.media import Bought, buy
from aicmo.market.people import Movement
from aicmo.market.response import Response, respond
from aicmo.market.sales import Sold, sell
from aicmo.market.state import MarketState
from aicmo.market.totals import total_by
from aicmo.market.weather import Conditions, Weather
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
    penalty : (R, K) [currency]
        Cost of incidents; None in a market without any.
    movement : Movement, (R, S) each
        Customers won, lost and saved; None in a market that counts nobody.
    """

    spend: Float[np.ndarray, "R C"]
    learning: Float[np.ndarray, "R C"]
    saturation: Float[np.ndarray, "R C"]
    mean: Float[np.ndarray, "R C"]
    volume: Float[np.ndarray, "R C"]
    organic: Float[np.ndarray, "R S"]
    orders: Float[np.ndarray, "R S"]
    gross_profit: Float[np.ndarray, "R S"]
    penalty: Float[np.ndarray, "R K"] | None = None
    movement: Movement | None = None


def advance(
    market: Market,
    weather: Weather,
    state: MarketState,
    planned: Float[np.ndarray, "R C"],
    tick: int,
    *,
    levers: Levers = NO_LEVERS,
) -> tuple[MarketState, Outcome]:
    """Move every world by one tick.

    Parameters
    ----------
    planned : (R, C) [currency]
        Money for this tick, whole minor units; left as it is.
    tick : int
        Negative in the history.
    levers : Levers
        What the team's other seats decide.

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
    now = weather.at(tick)
    bought = buy(market, now, state, planned, levers)
    response = respond(market, now, state, bought, levers)
    sold = sell(market, now, state, bought, response, levers=levers)
    orders = sold.organic + total_by(sold.volume, market.segment, len(market.segments))
    outcome = Outcome(
        spend=bought.spend,
        learning=bought.learning,
        saturation=response.saturation,
        mean=sold.mean,
        volume=sold.volume,
        organic=sold.organic,
        orders=orders,
        gross_profit=orders * market.order_profit,
        penalty=_penalty(market, now, bought.spend, levers),
        movement=sold.movement,
    )
    return _after(bought, response, sold), outcome


def _after(bought: Bought, response: Response, sold: Sold) -> MarketState:
    return MarketState(
        stock=response.stock,
        remembered=bought.remembered,
        stage=response.stage,
        breadth=bought.breadth,
        attention=response.attention,
        variants=bought.variants,
        brand=sold.brand,
        people=sold.people,
    )


def _penalty(
    market: Market, now: Conditions, spend: Float[np.ndarray, "R C"], levers: Levers
) -> Float[np.ndarray, "R K"] | None:
    if market.incidents is None or now.incidents is None:
        return None
    kept, consented = levers.governance, levers.consented
    return penalties(market.incidents, spend, market.channel, now.incidents, kept, consented=consented)
