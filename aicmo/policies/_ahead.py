"""From beliefs to the weeks that are left of a period: the brief's season and carry-over, planned at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.core.curves import Curves
from aicmo.core.horizon import Horizon
from aicmo.core.multiperiod import plan_ahead
from aicmo.messages import Brief, Observation
from aicmo.policies._learner import Belief
from aicmo.policies._pace import season_ahead, season_weight, within
from aicmo.policies._plan import last_price

WEEK_DAYS = 7.0
AFTER = 4
"""Weeks after the period in which what it leaves behind still counts."""
ROUNDS, TOLERANCE = 60, 1e-3
"""What is believed errs by far more."""
LEAST_DEMAND = 1e-6


class Weeks(NamedTuple):
    """A plan for the rest of a period.

    Attributes
    ----------
    start : int
        Tick at which its first week opens.
    rate : (R, C, weeks) [currency/day]
    """

    start: int
    rate: Float[np.ndarray, "R C weeks"]


def plan_weeks(brief: Brief, belief: Belief, observation: Observation, curves: Curves) -> Weeks:
    """Plan the money left of the running period over its weeks.

    Parameters
    ----------
    curves : Curves
        Gross profit a day by money a day at the coming week's demand and today's prices, (R, C), such as
        `believed_curves`.

    Returns
    -------
    Weeks
        The first within today's limits; those of later weeks are not known yet, but what may not run at all
        does not. Prices stay as they were seen last: of their season the brief says nothing.
    """
    R, C = brief.shape
    weeks = max(round(observation.days_left / WEEK_DAYS), 1)
    days = observation.days_left / weeks
    limits = observation.limits
    upper = np.where(limits.upper > 0.0, np.inf, 0.0)[:, :, None] * np.ones(weeks)
    lower = np.zeros((R, C, weeks))
    lower[:, :, 0], upper[:, :, 0] = limits.lower * days, limits.upper * days
    most = np.full((R, weeks), np.inf)
    most[:, 0] = limits.total * days
    money = np.maximum(observation.remaining, lower.sum(axis=(1, 2)) * (1.0 + 1e-9))
    horizon = Horizon(
        np.broadcast_to(2.0 ** (-days / np.maximum(brief.half_life, 1e-9)), (R, C)),
        np.full((R, C, weeks), days),
        days * _demand_ahead(brief, observation, weeks),
        np.broadcast_to(belief.stock.value * last_price(observation)[:, brief.channel], (R, C)),
    )
    path = plan_ahead(curves, money, horizon, lower, upper, most, ROUNDS, TOLERANCE)
    return Weeks(observation.tick, path.spend / days)


def rates_of_week(brief: Brief, plan: Weeks, observation: Observation) -> Float[np.ndarray, "R C"]:
    """Return the rates of the week that runs, scaled to the money that is left, within today's limits."""
    weeks = plan.rate.shape[2]
    now = min(int((observation.tick - plan.start) * brief.tick_days / WEEK_DAYS), weeks - 1)
    rest = plan.rate[:, :, now:].sum(axis=1)
    even = np.maximum(observation.remaining, 0.0) / max(observation.days_left, brief.tick_days)
    mean = rest.mean(axis=1)
    pace = np.divide(rest[:, 0], mean, out=np.ones_like(mean), where=mean > 0.0)
    return within(observation.limits, plan.rate[:, :, now], even * pace)


def _demand_ahead(brief: Brief, observation: Observation, weeks: int) -> Float[np.ndarray, "R C TH"]:
    """Believed demand of each week over the first one's, and of those after; the shock stays as it is."""
    step = round(WEEK_DAYS / brief.tick_days)
    last = brief.season.shape[0] - brief.history_ticks - 1
    starts = [min(observation.tick + t * step, last) for t in range(weeks + AFTER)]
    season = np.stack([season_weight(brief, s, min(s + step, last + 1)) for s in starts], axis=2)
    first = season_ahead(brief, observation.tick)
    return np.asarray((season / np.maximum(first, LEAST_DEMAND)[:, :, None])[:, brief.segment])
