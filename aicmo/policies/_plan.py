"""From believed curves to budgets: the exact allocator inside the merged limits."""

from __future__ import annotations

from typing import Literal

import numpy as np
from jaxtyping import Float

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.groups import Group
from aicmo.core.noise import Draws
from aicmo.core.posterior import Posterior, sample
from aicmo.messages import Brief, Limits, Observation
from aicmo.policies._learner import Belief

Choice = Literal["mean", "thompson"]


def believed_curves(
    brief: Brief, belief: Belief, observation: Observation, choice: Choice, temperature: float, draws: Draws
) -> Curves:
    """Gross profit a day by money a day, as the posterior has it at today's prices and demand.

    Parameters
    ----------
    choice : {"mean", "thompson"}
        The posterior's mean curve, or one tempered draw of it.
    """
    price = last_price(observation)[:, brief.channel]
    gain = brief.value * demand_now(brief, belief, observation)[:, brief.segment]
    posterior = belief.posterior
    if choice == "mean":
        mixture = belief.curves
        return Curves.mixture(
            mixture.scale * gain[:, :, None],
            mixture.half_saturation * price[:, :, None],
            mixture.shape,
            mixture.weight,
        )
    drawn = sample(
        posterior, draws.normal("curve", brief.shape), draws.uniform("shape", brief.shape), temperature
    )
    return Curves.hill(drawn.scale * gain, drawn.half_saturation * price, drawn.shape)


def last_price(observation: Observation) -> Float[np.ndarray, "R K"]:
    """Media prices as last delivered; one before anything is."""
    known = np.flatnonzero(observation.delivered)
    return observation.price[known[-1]] if known.size else np.ones(observation.price.shape[1:])


def demand_now(brief: Brief, belief: Belief, observation: Observation) -> Float[np.ndarray, "R S"]:
    """Believed season of today times the shock as last seen."""
    return np.asarray(brief.season[brief.row(observation.tick)] * belief.demand)


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


def forecast_profit(
    posterior: Posterior, gain: Float[np.ndarray, "R C"], pressure: Float[np.ndarray, "R C"]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of a plan's gross profit a day, (R,) each; campaigns err independently."""
    from aicmo.core.forecast import predict  # noqa: PLC0415 - only the record asks for it

    expected = predict(posterior, pressure)
    return (gain * expected.mean).sum(axis=1), np.sqrt(((gain * expected.sd) ** 2).sum(axis=1))
