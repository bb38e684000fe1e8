"""The truth of R worlds as arrays: what the simulation knows and nobody inside it can read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.core.carryover import Carryover
from aicmo.market.brand import Brand
from aicmo.market.creative import Creative
from aicmo.market.dayparts import Dayparts
from aicmo.market.incidents import Incidents
from aicmo.market.learning import Learning
from aicmo.market.people import People
from aicmo.market.rivals import Rivals
from aicmo.market.synergy import Synergy
from aicmo.market.targeting import Targeting


@dataclass(frozen=True)
class Market:
    """R worlds that differ in what the scenario's `uncertainty:` block leaves open.

    Attributes
    ----------
    segments, channels, campaigns : tuple of str
        Names by index.
    segment, channel : (C,)
        Index of each campaign's segment and channel.
    pair : (C,)
        Index of each campaign's segment × channel, `segment · K + channel`.
    pair_share : (R, C) [1]
        Share of the campaign in the ceiling of its pair.
    retention : (C,)
        True where the campaign's objective is retention.
    tick_days : float
        Length of a tick, dt [day].
    minor_unit : float
        Smallest amount of money that exists [currency].
    ceiling : (R, C) [order/day]
        Response at full saturation, at demand index 1.
    half_saturation : (R, C) [currency/day]
        κ, pressure at price index 1 that earns half the ceiling.
    shape : (R, C) [1]
        s of the Hill curve.
    logistic : (R, C)
        True where the curve is logistic instead of Hill.
    half_life : (R, C) [day]
        Of carry-over.
    kept : (R, C) [1]
        θ = 2^(−dt/half-life), share of the carried-over pressure that survives a tick.
    inventory : (C,) [currency/day]
        Most that can be delivered at price index 1; infinite where there is no limit.
    learning : Learning or None
        None where no channel has a learning phase.
    overclaim : (R, K) [1]
        ω, share of orders it did not cause that a channel claims at full attention.
    base_orders : (S,) [order/day]
        Organic orders at demand index 1.
    order_value : (S,) [currency/order]
    margin : (S,) [1]
    dispersion : (R, 1) [order]
        φ, variance of a volume over its mean.
    drift_volatility : (R, 1) [1]
        Stationary standard deviation of the log of effectiveness.
    consent : (R, 1) [1]
        Factor on every data stack's share of profiles that may be used.
    carryover : Carryover or None
        With a delayed peak; None where no channel has one and `kept` says it all.
    targeting, synergy, rivals, creative, brand, people, incidents, dayparts : or None
        Mechanisms that the scenario has; None costs nothing and changes nothing.
    """

    segments: tuple[str, ...]
    channels: tuple[str, ...]
    campaigns: tuple[str, ...]
    segment: Int[np.ndarray, "C"]
    channel: Int[np.ndarray, "C"]
    pair: Int[np.ndarray, "C"]
    pair_share: Float[np.ndarray, "R C"]
    retention: Bool[np.ndarray, "C"]
    tick_days: float
    minor_unit: float
    ceiling: Float[np.ndarray, "R C"]
    half_saturation: Float[np.ndarray, "R C"]
    shape: Float[np.ndarray, "R C"]
    logistic: Bool[np.ndarray, "R C"]
    half_life: Float[np.ndarray, "R C"]
    kept: Float[np.ndarray, "R C"]
    inventory: Float[np.ndarray, "C"]
    learning: Learning | None
    overclaim: Float[np.ndarray, "R K"]
    base_orders: Float[np.ndarray, "S"]
    order_value: Float[np.ndarray, "S"]
    margin: Float[np.ndarray, "S"]
    dispersion: Float[np.ndarray, "R 1"]
    drift_volatility: Float[np.ndarray, "R 1"]
    consent: Float[np.ndarray, "R 1"]
    carryover: Carryover | None = None
    targeting: Targeting | None = None
    synergy: Synergy | None = None
    rivals: Rivals | None = None
    creative: Creative | None = None
    brand: Brand | None = None
    people: People | None = None
    incidents: Incidents | None = None
    dayparts: Dayparts | None = None

    @property
    def order_profit(self) -> Float[np.ndarray, "S"]:
        """Gross profit of an order, order value × margin [currency/order]."""
        profit: np.ndarray = self.order_value * self.margin
        return profit

    @cached_property
    def campaign_dispersion(self) -> Float[np.ndarray, "R C"]:
        """φ of every campaign, laid out once for the inner loop [order]."""
        return np.repeat(self.dispersion, len(self.campaigns), axis=1)

    @cached_property
    def segment_dispersion(self) -> Float[np.ndarray, "R S"]:
        """φ of every segment, laid out once for the inner loop [order]."""
        return np.repeat(self.dispersion, len(self.segments), axis=1)

    @property
    def pairs(self) -> int:
        """Number of segment × channel pairs, P = S · K."""
        return len(self.segments) * len(self.channels)

    @property
    def heeds(self) -> bool:
        """Whether attention of the last tick matters to the next."""
        return self.synergy is not None or self.brand is not None
