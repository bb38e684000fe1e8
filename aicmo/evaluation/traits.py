"""What worlds are like when a comparison begins: the traits that may decide who is better in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Float

from aicmo.market import Market
from aicmo.market.free_optimum import free_optimum, steady_profit
from aicmo.market.optimum import steady_optimum
from aicmo.simulation.world import Start, World

Rows = Float[np.ndarray, "R"]

BORN: Mapping[str, Callable[[Market], Rows]] = {
    "drift": lambda market: market.drift_volatility[:, 0],
    "noise": lambda market: market.dispersion[:, 0],
    "over-claim": lambda market: market.overclaim.mean(axis=1),
    "over-claim, spread between channels": lambda market: market.overclaim.std(axis=1),
    "carry-over half-life": lambda market: market.half_life.mean(axis=1),
    "curve shape": lambda market: market.shape.mean(axis=1),
    "curves outside the learner's family": lambda market: market.logistic.mean(axis=1),
    "consent": lambda market: market.consent[:, 0],
}
"""Traits that a world is born with: what they are called, and how they are read, (R,)."""
HEADROOM = "misallocation at the start"
"""Steady profit that the opening split leaves to the best split of as much money, over that money."""
SIZE = "budget over the most profitable one"
TOTAL, BUDGET, GAIN = "most profitable budget", "budget", "profit of the most profitable budget"
"""Of a year's mean day, scaled to the horizon [currency]; the gain is over the best split of the budget."""
TRAITS = (*BORN, HEADROOM, SIZE, TOTAL, BUDGET, GAIN)
TRAIT_VALUE = "trait_value"


def traits(world: World, start: Start) -> Float[np.ndarray, "N R"]:
    """Return traits of worlds and their most profitable budget, as `TRAITS` names them."""
    market, brief = world.market, world.brief
    periods = [period for period in brief.periods if period.start >= 0]
    days = brief.ticks * brief.tick_days
    budget = sum(period.budget for period in periods)
    daily = np.full(brief.replications, budget / days)
    opening = start.rate.sum(axis=1)
    lost = steady_profit(market, steady_optimum(market, opening)) - steady_profit(market, start.rate)
    best = free_optimum(market)
    total = best.sum(axis=1)
    gain = steady_profit(market, best) - steady_profit(market, steady_optimum(market, daily))
    born = [np.asarray(read(market), dtype=float) for read in BORN.values()]
    size = [_over(lost, opening), _over(daily, total), total * days, daily * days, gain * days]
    return np.stack([*born, *size])


def _over(part: Rows, whole: Rows) -> Rows:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0.0))
