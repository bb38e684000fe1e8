"""Terminal value: what a team leaves behind, as gross profit of a run-off without marketing and luck."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.market import MarketState
from aicmo.market.levers import NO_LEVERS, Levers
from aicmo.market.runoff import run_off
from aicmo.simulation.world import World

WEEKS = 52
"""Length of the run-off."""
DISCOUNT_PER_YEAR = 0.10
YEAR_DAYS = 364.0


def terminal_value(world: World, state: MarketState, levers: Levers = NO_LEVERS) -> Float[np.ndarray, "R"]:
    """Discounted gross profit of the run-off from `state` (model.md, "Terminal value").

    Parameters
    ----------
    levers : Levers
        What the team's data allow; breadth and traffic in force are the state's.

    Returns
    -------
    (R,) [currency]
        Organic orders included; what counts is the difference between two states of the same worlds.
    """
    total = np.zeros(world.brief.replications)
    for day, profit in run_off(world.scenario, world.tape, state, WEEKS, levers):
        total += (1.0 + DISCOUNT_PER_YEAR) ** (-day / YEAR_DAYS) * profit
    return total
