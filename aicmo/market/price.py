"""Price and supply of media (model.md 1)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from aicmo.core.noise import ornstein_uhlenbeck
from aicmo.market.events import price_events
from aicmo.market.season import price_season
from aicmo.market.timeline import Timeline
from aicmo.scenario.market import Market as Truth
from aicmo.scenario.priors import Priors


def price_index(
    truth: Truth, line: Timeline, priors: Priors, replications: int
) -> Float[np.ndarray, "T R K"]:
    """Media price P by channel, `season · exp(X + v/2) · events`; X is Ornstein–Uhlenbeck of variance v.

    What money buys is proportional to 1/P, and E[exp(−X − v/2)] = 1: a volatile market is not a dearer one.

    Returns
    -------
    (T, R, K) [1]
    """
    names = [channel.name for channel in truth.channels]
    fixed = np.stack([price_season(channel.price_season, line) for channel in truth.channels], axis=1)
    index = np.repeat((fixed * price_events(truth.events, names, line))[:, None], replications, axis=1)
    for k, channel in enumerate(truth.channels):
        if channel.price is not None and channel.price.volatility > 0:
            sd = channel.price.volatility * priors.factor("price", [channel.name])
            z = priors.tape.normal("price", [channel.name], line.span)
            walk = ornstein_uhlenbeck(z, sd, channel.price.half_life / line.minutes)
            index[:, :, k] *= np.exp(walk + 0.5 * sd**2)[:, :, 0]
    return index


def delivered(
    planned: Float[np.ndarray, "R C"],
    price: Float[np.ndarray, "R C"],
    inventory: Float[np.ndarray, "C"],
    available: Bool[np.ndarray, "C"],
    minor_unit: float,
) -> Float[np.ndarray, "R C"]:
    """Money that media take: min(planned, P · inventory) in whole minor units; the rest is returned.

    Parameters
    ----------
    planned : (R, C) [currency]
        Whole minor units.
    inventory : (C,) [currency]
        Most that can be delivered in the tick at price index 1.
    available : (C,)
        False where the campaign has not started or has stopped.

    Returns
    -------
    (R, C) [currency]
    """
    taken = planned
    if np.isfinite(inventory).any():
        taken = np.minimum(planned, np.floor(price * inventory / minor_unit) * minor_unit)
    spend: np.ndarray = taken * available
    return spend
