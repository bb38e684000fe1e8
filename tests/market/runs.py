"""A market run with a plan, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from aicmo.core.noise import Tape
from aicmo.market import Market, MarketState, Outcome, Weather, advance, build, open_state, weather
from aicmo.market.levers import NO_LEVERS, Levers
from tests.market.scenarios import read

Plan = Callable[[int, Market], Any]


@dataclass(frozen=True)
class Run:
    market: Market
    weather: Weather
    outcomes: list[Outcome]
    states: list[MarketState]

    def __getitem__(self, name: str) -> np.ndarray:
        """A field of all ticks, (T, R, …)."""
        return np.array([getattr(outcome, name) for outcome in self.outcomes])


def run(
    written: dict[str, Any],
    plan: Plan | np.ndarray | float,
    tape: Tape | None = None,
    levers: Levers = NO_LEVERS,
) -> Run:
    """Run history and horizon under a rate per day."""
    scenario, tape = read(written), Tape(7, 3) if tape is None else tape
    market = build(scenario, tape)
    sky, state = weather(scenario, market, tape), open_state(market)
    outcomes: list[Outcome] = []
    states: list[MarketState] = []
    for tick in range(-sky.history, len(sky.price) - sky.history):
        rate = plan(tick, market) if callable(plan) else plan
        money = np.rint(np.broadcast_to(rate, market.ceiling.shape) * market.tick_days / market.minor_unit)
        state, outcome = advance(market, sky, state, money * market.minor_unit, tick, levers=levers)
        outcomes.append(outcome)
        states.append(state)
    return Run(market, sky, outcomes, states)


def waves(tick: int, market: Market) -> np.ndarray:
    """A plan that rises and falls, (C,) [currency/day]."""
    return np.asarray(300 + 200 * np.sin(tick / 6 + np.arange(market.ceiling.shape[1])))


def assert_same_bits(
    left: Outcome, right: Outcome, columns: Any = slice(None), rows: Any = slice(None)
) -> None:
    for item in fields(Outcome):
        ours, theirs = getattr(left, item.name), getattr(right, item.name)
        if ours is None:
            assert theirs is None
            continue
        if isinstance(ours, tuple):  # heads by kind, (R, S) each
            for one, other in zip(ours, theirs, strict=True):
                np.testing.assert_array_equal(one, other[rows], err_msg=item.name)
            continue
        theirs = theirs[rows]
        if item.name not in {"organic", "orders", "gross_profit", "penalty"}:
            theirs = theirs[:, columns]
        np.testing.assert_array_equal(ours, theirs, err_msg=item.name)
