"""How people respond to pressure: carry-over, synergy, rivals, saturation (model.md 4, 5)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.market.attention import attention
from aicmo.market.levers import NO_LEVERS, Levers
from aicmo.market.media import Bought
from aicmo.market.retention import crowd_out
from aicmo.market.rivals import cover_up
from aicmo.market.saturation import carry_over, carry_through, saturate
from aicmo.market.state import MarketState
from aicmo.market.synergy import lifted
from aicmo.market.targeting import widened
from aicmo.market.weather import Conditions
from aicmo.market.world import Market


class Response(NamedTuple):
    """Response of a tick.

    Attributes
    ----------
    stock, stage, attention :
        As in `MarketState`, after the tick.
    saturation : (R, C) [1]
        H, share of the ceiling.
    """

    stock: Float[np.ndarray, "R C"]
    stage: Float[np.ndarray, "R C"] | None
    attention: Float[np.ndarray, "R P"] | None
    saturation: Float[np.ndarray, "R C"]


def respond(
    market: Market, now: Conditions, state: MarketState, bought: Bought, levers: Levers = NO_LEVERS
) -> Response:
    """Carry pressure over and saturate, x = a/κ · synergy / rivals; held-out people do not respond."""
    stock, stage = _carried(market, state, bought)
    relative = stock / market.half_saturation
    climate = _climate(market, now, state)
    if climate is not None:
        _scale(relative, climate, market.pair)
    if market.people is not None and state.people is not None:
        crowd_out(market.people, state.people, relative, market.segment)
    saturation = saturate(relative, market.shape, market.logistic)
    if levers.withheld is not None:
        saturation *= 1.0 - levers.withheld
    heard = attention(market, saturation) if market.heeds else None
    return Response(stock, stage, heard, saturation)


def _climate(market: Market, now: Conditions, state: MarketState) -> Float[np.ndarray, "R P"] | None:
    """Return what helps or hinders all campaigns of a segment × channel alike: synergy over rivals."""
    factor = None
    if market.synergy is not None and state.attention is not None:
        factor = lifted(market.synergy, state.attention, len(market.channels))
    if market.rivals is not None and now.rivals is not None:
        factor = np.ones((len(now.rivals), market.pairs)) if factor is None else factor
        cover_up(market.rivals, factor, now.rivals)
    return factor


def _scale(relative: Float[np.ndarray, "R C"], factor: Float[np.ndarray, "R P"], pair: np.ndarray) -> None:
    from aicmo.market.kernels.response import scale  # noqa: PLC0415 - Numba only where there is a climate

    scale(relative, factor, pair)


def _carried(
    market: Market, state: MarketState, bought: Bought
) -> tuple[Float[np.ndarray, "R C"], Float[np.ndarray, "R C"] | None]:
    stock, stage = state.stock, state.stage
    if bought.breadth is not None and state.breadth is not None and bought.breadth is not state.breadth:
        stock = widened(stock, state.breadth, bought.breadth)
        stage = None if stage is None else widened(stage, state.breadth, bought.breadth)
    if market.carryover is None or stage is None:
        return carry_over(stock, bought.pressure, market.kept), None
    return carry_through(stock, stage, bought.pressure, market.carryover)
