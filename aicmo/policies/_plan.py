"""From believed curves to budgets: the exact allocator inside the merged limits."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.grid import Hill, Mixture
from aicmo.core.groups import Group
from aicmo.messages import Brief, Limits, Observation
from aicmo.policies._learner import LEAST_SHARE, Belief
from aicmo.policies._pace import season_ahead

LEAST_CURVATURE, MOST_CURVATURE = 1.3, 1.9
"""By how much a marginal return falls, in percent, for one percent more money, at least and at most.

A Hill curve of exponent one has 2 − 2e: at least 1.3 where its elasticity e is .35 or less, above what is
published (Sethuraman, Tellis & Briesch 2011). Curvature is what data about one's own plan tell least, and a
campaign that people run at all runs where its returns diminish.
"""
LEAST_ELASTICITY, MOST_ELASTICITY = 0.05, 0.95


def believed_curves(
    brief: Brief, belief: Belief, observation: Observation, mixture: Mixture, *, whole: bool = False
) -> Curves:
    """Gross profit a day by money a day, at today's prices and the demand expected over the coming week.

    Parameters
    ----------
    mixture : Mixture
        Curves of orders a day by pressure.
    whole : bool
        Allocate on the mixture itself, many times the work, not on Hill curves that touch it.
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
    told = belief.tracking.grid.reference
    touch = touching(mixture, told, np.maximum(observation.current / price, LEAST_SHARE * told))
    return Curves.hill(touch.scale * gain, touch.half_saturation * price, touch.shape)


def touching(mixture: Mixture, told: Float[np.ndarray, "R C"], now: Float[np.ndarray, "R C"]) -> Hill:
    """Fit a Hill curve of exponent one that has a mixture's slope and curvature where data are.

    With curvature k = −d ln f′/d ln x at the pressure x of the data it stands at k/2 of its ceiling there.
    Its slope is that of a response whose level is followed at today's pressure, and brought back to x at the
    elasticity e that data tell: e · f(now) · (x/now)^e / x. Plans hang on slopes alone, so values may differ.
    A slope that is read anew wherever the plan has gone is an extrapolation: plans then follow it from week
    to week to where nothing was ever seen, and lose whole campaigns on the way.

    Parameters
    ----------
    mixture : Mixture
    told : (R, C) [currency/day]
        Pressure about which history tells, > 0.
    now : (R, C) [currency/day]
        Pressure of today, > 0.
    """
    h = _rise(mixture.half_saturation, mixture.shape, told)
    value = mixture.scale * mixture.weight * h
    slope = value * (1.0 - h) * mixture.shape
    bend = slope * (1.0 + 2.0 * mixture.shape * h - mixture.shape)
    value, slope, bend = (part.sum(axis=2) for part in (value, slope, bend))
    alive = slope > 0.0
    half, least = np.full_like(value, 0.5), np.full_like(value, LEAST_CURVATURE)
    elasticity = np.divide(slope, value, out=half, where=alive)
    elasticity = np.clip(elasticity, LEAST_ELASTICITY, MOST_ELASTICITY)
    curvature = np.clip(np.divide(bend, slope, out=least, where=alive), LEAST_CURVATURE, MOST_CURVATURE)
    today = _rise(mixture.half_saturation, mixture.shape, now)
    level = (mixture.scale * mixture.weight * today).sum(axis=2) * (told / now) ** elasticity
    share = 0.5 * curvature
    scale = elasticity * level / (share * (1.0 - share))
    return Hill(scale, told * (1.0 - share) / share, np.ones_like(share))


def _rise(
    half_saturation: Float[np.ndarray, "R C G"],
    shape: Float[np.ndarray, "R C G"],
    pressure: Float[np.ndarray, "R C"],
) -> Float[np.ndarray, "R C G"]:
    """Share of its ceiling that each Hill curve has reached at a pressure."""
    return np.asarray(1.0 / (1.0 + (half_saturation / pressure[:, :, None]) ** shape))


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
