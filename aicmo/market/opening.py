"""The split of money with which the history opens: near the optimum, but not on it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Tape
from aicmo.market.optimum import steady_optimum
from aicmo.market.timeline import Timeline, budget_periods
from aicmo.market.weather import availability
from aicmo.market.world import Market
from aicmo.scenario.priors import Priors
from aicmo.scenario.schema import Scenario


def opening_rate(scenario: Scenario, market: Market, tape: Tape) -> Float[np.ndarray, "R C"]:
    """Rates at the start of the history: the first period's budget, shares ∝ optimum × exp(N(0, m²)).

    m is the scenario's misallocation, times its factor where that is uncertain; it decides how much an
    allocator can find at all. Campaigns that do not run yet get nothing.

    Returns
    -------
    (R, C) [currency/day]
    """
    line, knowledge = Timeline.of(scenario.calendar), scenario.knowledge
    first = budget_periods(scenario.calendar, scenario.budget)[0]
    daily = np.full(market.ceiling.shape[0], first.budget / (first.ticks * line.days))
    running = availability(scenario.market, line)[0]
    best = steady_optimum(market, daily, upper=np.where(running, np.inf, 0.0))
    spread = knowledge.misallocation * Priors.of(scenario, tape).factor("misallocation")
    wished = best * np.exp(spread * tape.constant_normal("opening", market.campaigns))
    total = wished.sum(axis=1, keepdims=True)
    share = np.divide(wished, total, out=np.zeros(wished.shape), where=total > 0)
    rate: np.ndarray = share * daily[:, None]
    return rate
