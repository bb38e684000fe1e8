"""What a market remembers from tick to tick."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from aicmo.market.creative import Variants, fresh, placed
from aicmo.market.learning import memory_of
from aicmo.market.people import Population, settle
from aicmo.market.world import Market


@dataclass(frozen=True)
class MarketState:
    """State of R worlds between two ticks; what belongs to a mechanism that the market lacks is None.

    Attributes
    ----------
    stock : (R, C) [currency/day]
        Carried-over pressure at price index 1, per addressed head.
    remembered : (R, C) [log currency/day]
        Spend that platforms are used to, log(r + ε).
    stage : (R, C) [currency/day]
        Pressure on its way into the stock, where the peak is delayed.
    breadth : (R, C) [1]
        Share of the segment that the stock belongs to.
    attention : (R, P) [1]
        h of the last tick by segment × channel.
    variants : Variants, (R, C, V) each [1]
        Live variants of every campaign.
    brand : (R, S) [1]
        Brand index.
    people : Population, (R, S) each [person]
    """

    stock: Float[np.ndarray, "R C"]
    remembered: Float[np.ndarray, "R C"]
    stage: Float[np.ndarray, "R C"] | None = None
    breadth: Float[np.ndarray, "R C"] | None = None
    attention: Float[np.ndarray, "R P"] | None = None
    variants: Variants | None = None
    brand: Float[np.ndarray, "R S"] | None = None
    people: Population | None = None

    def copy(self) -> MarketState:
        """Return a state that shares no memory with this one."""
        return deepcopy(self)


def open_state(market: Market) -> MarketState:
    """Return the state before the first tick of history: nothing spent, no campaign known to its platform."""
    rows, campaigns = market.ceiling.shape
    nothing = np.zeros((rows, campaigns))
    creative, targeting = market.creative, market.targeting
    return MarketState(
        stock=nothing,
        remembered=memory_of(nothing, market.half_saturation),
        stage=None if market.carryover is None else nothing,
        breadth=None if targeting is None else np.tile(targeting.breadth, (rows, 1)),
        attention=np.zeros((rows, market.pairs)) if market.heeds else None,
        variants=None if creative is None else fresh(creative.quality),
        brand=None if market.brand is None else np.full((rows, len(market.segments)), market.brand.start),
        people=None if market.people is None else settle(market.people),
    )


def launch(state: MarketState, row: int, campaign: int, slot: int, quality: float) -> MarketState:
    """Return the state with a fresh variant in a slot of one campaign of one world.

    Raises
    ------
    ValueError
        If the market has no creative.
    """
    if state.variants is None:
        raise ValueError("launch: this market has no creative; add market.creative to the scenario")
    return replace(state, variants=placed(state.variants, (row, campaign, slot), quality))
