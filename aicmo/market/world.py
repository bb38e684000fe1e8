"""The truth of R worlds as arrays: what the simulation knows and nobody inside it can read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int


@dataclass(frozen=True)
class Learning:
    """How platforms punish large steps, by campaign.

    Attributes
    ----------
    severity : (C,) [1]
        a, loss per log step; zero where the channel has no learning phase.
    floor : (C,) [1]
        Least effectiveness left.
    kept : (C,) [1]
        Share of the remembered log spend that survives a tick, 2^(−dt/half-life).
    """

    severity: Float[np.ndarray, "C"]
    floor: Float[np.ndarray, "C"]
    kept: Float[np.ndarray, "C"]


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

    @property
    def order_profit(self) -> Float[np.ndarray, "S"]:
        """Gross profit of an order, order value × margin [currency/order]."""
        profit: np.ndarray = self.order_value * self.margin
        return profit
