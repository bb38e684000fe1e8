"""What a plan is expected to bring, with an interval, from beliefs alone."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri

from aicmo.messages import Brief, Forecast, Observation, Profile
from aicmo.policies._choice import moments
from aicmo.policies._learner import Belief
from aicmo.policies._plan import believed_curves, last_price, worth

LEVEL = 0.9
DEMAND_SD = 0.08
"""Standard deviation of a week's demand around what is expected of it: shock and error of the season."""
AHEAD_DAYS = 7.0
"""Over how many days luck evens out: about the time until the next decision."""


def forecast(
    brief: Brief, belief: Belief, observation: Observation, rate: Float[np.ndarray, "R C"]
) -> Forecast:
    """Return the expected incremental gross profit a day of a plan, its 90 % interval, and what more brings.

    Intervals are log-normal: uncertain curves of each campaign, luck of a week, demand, and, for profit but
    not for credit, what credit is worth, which campaigns share and which therefore does not average out.
    """
    price = last_price(observation)[:, brief.channel]
    grid = belief.tracking.grid
    response = grid.evaluate(rate / price)
    orders, variance = moments(belief.given, response)
    orders = np.maximum(orders, 0.0)
    credit = worth(brief, belief, observation)
    # variance of realised volume is φ · mean, of orders credited and of orders caused alike
    variance = variance + belief.tracking.dispersion * orders / AHEAD_DAYS
    credited = _interval(credit * orders, credit**2 * variance)
    gain = credit * belief.caused[:, :, 0]
    profit = gain * orders
    total, low, high = _interval(profit, gain**2 * variance, belief)
    # What more brings is what plans are made on; it is as uncertain as slopes are where data tell of them.
    marginal = believed_curves(brief, belief, observation, belief.curves).marginal(rate)
    slope, spread = moments(belief.given, grid.exponent * (1.0 - 1.0 / grid.ceiling))
    doubt = np.divide(np.sqrt(spread), slope, out=np.ones_like(slope), where=slope > 0.0)
    sd = marginal * doubt
    return Forecast(total, low, high, *credited[1:], marginal, sd)


def profile(
    brief: Brief, belief: Belief, observation: Observation, rate: Float[np.ndarray, "G R C"]
) -> Profile:
    """Return what each campaign is believed to bring at any of G rates, today's prices and demand given.

    The standard deviation is that of the curve; doubt about what credit is worth is in the mean alone.
    """
    price = last_price(observation)[:, brief.channel]
    gain = worth(brief, belief, observation) * belief.caused[:, :, 0]
    found = [moments(belief.given, belief.tracking.grid.evaluate(one / price)) for one in rate]
    mean = np.stack([gain * np.maximum(orders, 0.0) for orders, _ in found])
    return Profile(mean, np.stack([gain * np.sqrt(variance) for _, variance in found]))


def _interval(
    mean: Float[np.ndarray, "R C"], variance: Float[np.ndarray, "R C"], belief: Belief | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum over campaigns with its interval, (R,) each; with a belief, doubt about credit widens it."""
    total = mean.sum(axis=1)
    alive = total > 0.0
    relative = np.divide(variance.sum(axis=1), total**2, out=np.zeros_like(total), where=alive)
    if belief is not None and belief.excess is not None:
        share = np.divide(mean, total[:, None], out=np.zeros_like(mean), where=alive[:, None])
        relative = relative + belief.excess.variance_of_sum(share)
    width = ndtri(0.5 + 0.5 * LEVEL) * np.sqrt(np.log1p(relative) + DEMAND_SD**2)
    return total, total * np.exp(-width), total * np.exp(width)


def surely_better(
    brief: Brief,
    belief: Belief,
    observation: Observation,
    plan: Float[np.ndarray, "R C"],
    default: Float[np.ndarray, "R C"],
    deviations: float,
) -> Float[np.ndarray, "R"]:
    """Whether a plan beats the default by so many standard deviations of what is believed, (R,)."""
    price = last_price(observation)[:, brief.channel]
    grid = belief.tracking.grid
    change, variance = moments(belief.given, grid.evaluate(plan / price) - grid.evaluate(default / price))
    gain = worth(brief, belief, observation) * belief.caused[:, :, 0]
    mean, spread = (gain * change).sum(axis=1), np.sqrt((gain**2 * variance).sum(axis=1))
    return np.asarray(mean >= deviations * spread)
