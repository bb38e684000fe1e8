"""Demand of segments and the orders that come by themselves (model.md 7)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import ornstein_uhlenbeck
from aicmo.market.events import demand_events
from aicmo.market.season import demand_season
from aicmo.market.timeline import Timeline
from aicmo.scenario.market import Market as Truth
from aicmo.scenario.priors import Priors

DAYS_PER_YEAR = 365.2425


def demand_index(
    truth: Truth, line: Timeline, priors: Priors, replications: int
) -> Float[np.ndarray, "T R S"]:
    """Demand D by segment, trend × season × shock × events; the shock exp(X − v/2) has mean one.

    Returns
    -------
    (T, R, S) [1]
    """
    index = np.repeat(expected_demand(truth, line)[:, None], replications, axis=1)
    for s, segment in enumerate(truth.segments):
        shock = segment.shock
        if shock.volatility > 0:
            z = priors.tape.normal("demand", [segment.name], line.span)
            sd = shock.volatility * priors.factor("demand_shock", [segment.name])
            walk = ornstein_uhlenbeck(z, sd, shock.half_life / line.minutes)
            index[:, :, s] *= np.exp(walk - 0.5 * sd**2)[:, :, 0]
    return index


def expected_demand(truth: Truth, line: Timeline) -> Float[np.ndarray, "T S"]:
    """Demand before shocks: trend × season × events."""
    names = [segment.name for segment in truth.segments]
    years = (line.edges[:-1] + 0.5 * line.days) / DAYS_PER_YEAR
    fixed = np.stack(
        [demand_season(s.season, line) * np.exp(s.trend * years) for s in truth.segments], axis=1
    )
    return np.asarray(fixed * demand_events(truth.events, names, line))


def organic_mean(
    base_orders: Float[np.ndarray, "S"], demand: Float[np.ndarray, "R S"], tick_days: float
) -> Float[np.ndarray, "R S"]:
    """Return the expected orders of a tick without any marketing, dt · base · D [order]."""
    mean: np.ndarray = tick_days * base_orders * demand
    return mean
