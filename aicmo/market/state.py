"""What a market remembers from tick to tick."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float

from aicmo.market.learning import memory_of
from aicmo.market.world import Market


@dataclass(frozen=True)
class MarketState:
    """State of R worlds between two ticks.

    Attributes
    ----------
    stock : (R, C) [currency/day]
        Carried-over pressure at price index 1.
    remembered : (R, C) [log currency/day]
        Spend that platforms are used to, log(r + ε).
    """

    stock: Float[np.ndarray, "R C"]
    remembered: Float[np.ndarray, "R C"]

    def copy(self) -> MarketState:
        """Return a state that shares no memory with this one."""
        return MarketState(**{item.name: getattr(self, item.name).copy() for item in fields(self)})


def open_state(market: Market) -> MarketState:
    """Return the state before the first tick of history: nothing spent, no campaign known to its platform."""
    nothing = np.zeros(market.ceiling.shape)
    return MarketState(stock=nothing, remembered=memory_of(nothing, market.half_saturation))
