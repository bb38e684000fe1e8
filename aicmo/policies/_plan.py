"""From believed curves to budgets: the exact allocator inside the merged limits."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.grid import Hill, Mixture
from aicmo.core.groups import Group
from aicmo.messages import Brief, Limits, Observation
from aicmo.policies._learner import Belief
from aicmo.policies._pace import season_ahead

LEAST_SHAPE, MOST_SHAPE = 0.2, 6.0
"""Exponents between which a touching curve is kept: where nothing is known, slopes say little."""


def believed_curves(
    brief: Brief, belief: Belief, observation: Observation, mixture: Mixture, *, whole: bool = False
) -> Curves:
    """Gross profit a day by money a day, at today's prices and the demand expected over the coming week.

    Parameters
    ----------
    mixture : Mixture
        Curves of orders a day by pressure.
    whole : bool
        Allocate on the mixture itself, many times the work, not on the Hill curves that touch it at today's
        rates.
    """
    price = last_price(observation)[:, brief.channel]
    gain = worth(brief, belief, observation)
    if whole:
        return Curves.mixture(
            mixture.scale * gain[:, :, None],
            mixture.half_saturation * price[:, :, None],
            mixture.shape,
            mixture.weight,
        )
    touch = touching(mixture, np.asarray(observation.current) / price)
    return Curves.hill(touch.scale * gain, touch.half_saturation * price, touch.shape)


def touching(mixture: Mixture, pressure: Float[np.ndarray, "R C"]) -> Hill:
    """Fit the Hill curve that has a mixture's value and slope at a pressure, and its ceiling.

    With value V, ceiling S and elasticity e at x: shape = e / (1 − V/S), κ = x · (S/V − 1)^(1/shape). Steps
    are bounded, so plans are made near x; there the curves agree to second order in ln x.
    """
    at = np.maximum(pressure, 1e-6 * mixture.half_saturation.min(axis=2))
    h = 1.0 / (1.0 + (mixture.half_saturation / at[:, :, None]) ** mixture.shape)
    part = mixture.scale * mixture.weight
    ceiling = part.sum(axis=2)
    value = (part * h).sum(axis=2)
    slope = (part * h * (1.0 - h) * mixture.shape).sum(axis=2)
    alive = value > 0.0
    share = np.divide(value, ceiling, out=np.full_like(value, 0.5), where=alive)
    steep = np.divide(slope, value * (1.0 - share), out=np.ones_like(value), where=alive)
    shape = np.clip(steep, LEAST_SHAPE, MOST_SHAPE)
    return Hill(np.where(alive, ceiling, 0.0), at * ((1.0 - share) / share) ** (1.0 / shape), shape)


def last_price(observation: Observation) -> Float[np.ndarray, "R K"]:
    """Media prices as last delivered; one before anything is."""
    known = np.flatnonzero(observation.delivered)
    return observation.price[known[-1]] if known.size else np.ones(observation.price.shape[1:])


def worth(brief: Brief, belief: Belief, observation: Observation) -> Float[np.ndarray, "R C"]:
    """Gross profit of one order at demand one, times the demand expected over the coming week."""
    season = season_ahead(brief, observation.tick)
    return np.asarray(brief.value * (season * belief.demand.steady)[:, brief.segment])


def best_rates(curves: Curves, total: Float[np.ndarray, "R"], limits: Limits) -> Float[np.ndarray, "R C"]:
    """Allocate a total rate exactly within the limits.

    Parameters
    ----------
    total : (R,) [currency/day]
        What to plan; raised to the sum of the minimums where it is less.

    Returns
    -------
    (R, C) [currency/day]
    """
    groups = [Group(item.members, item.lower, item.upper, item.name) for item in limits.groups]
    money = np.minimum(np.maximum(total, limits.lower.sum(axis=1) * (1 + 1e-12)), limits.total)
    plan = allocate(curves, money, limits.lower, limits.upper, groups or None, total="at_most")
    return np.asarray(plan.spend)
