"""What a plan is expected to bring, with an interval, from beliefs alone."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri

from aicmo.messages import Brief, Forecast, Observation
from aicmo.policies._choice import moments
from aicmo.policies._learner import Belief
from aicmo.policies._plan import last_price, worth

LEVEL = 0.9
DEMAND_SD = 0.08
"""Standard deviation of a week's demand around what is expected of it: shock and error of the season."""
AHEAD_DAYS = 7.0
"""Over how many days luck evens out: about the time until the next decision."""


def forecast(
    brief: Brief, belief: Belief, observation: Observation, rate: Float[np.ndarray, "R C"]
) -> Forecast:
    """Return the expected incremental gross profit a day of a plan, and its 90 % interval.

    The interval is log-normal: uncertain curves of each campaign, luck of a week, demand, and what credit is
    worth, which campaigns share and which therefore does not average out.
    """
    price = last_price(observation)[:, brief.channel]
    response = belief.tracking.grid.evaluate(rate / price)
    orders, variance = moments(belief.given, response)
    gain = worth(brief, belief, observation) * belief.caused[:, :, 0]
    profit = gain * np.maximum(orders, 0.0)
    # variance of realised volume is φ · mean, of orders credited and of orders caused alike
    luck = belief.tracking.dispersion * np.maximum(orders, 0.0) / AHEAD_DAYS
    total = profit.sum(axis=1)
    own = (gain**2 * (variance + luck)).sum(axis=1)
    relative = np.divide(own, total**2, out=np.zeros_like(total), where=total > 0.0)
    if belief.excess is not None:
        share = np.divide(profit, total[:, None], out=np.zeros_like(profit), where=total[:, None] > 0.0)
        relative = relative + belief.excess.variance_of_sum(share)
    width = ndtri(0.5 + 0.5 * LEVEL) * np.sqrt(np.log1p(relative) + DEMAND_SD**2)
    return Forecast(total, total * np.exp(-width), total * np.exp(width))


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
