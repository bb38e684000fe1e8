"""An easy market in closed form: no carry-over, no drift, little noise, and campaigns that differ a lot."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from aicmo.checks import fixtures
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies import Policy

# Orders a day at saturation, in an order that no index explains; an equal split is far from the optimum.
CEILING = np.array([40.0, 4.0, 12.0, 2.0, 30.0, 3.0, 8.0])
HALF_SATURATION = 150.0
NOISE = 0.1


def brief() -> Brief:
    """Return the brief of the easy market: true season, quick orders, half a year ahead."""
    return fixtures.brief(replications=4, history_weeks=26, weeks=26)


def orders(spend: Float[np.ndarray, "... C"], days: float) -> Float[np.ndarray, "... C"]:
    """Mean orders of a tick: ceiling · x / (κ + x), x the money per day."""
    rate = spend / days
    return CEILING * days * rate / (HALF_SATURATION + rate)


def profit(policy: Policy) -> Float[np.ndarray, "R"]:
    """Run a policy for half a year, a decision a week, and add up its last quarter.

    Returns
    -------
    (R,) [currency]
        Mean gross profit, noise left out.
    """
    known = brief()
    spend, reward = _history(known)
    state, draws = policy.init(known), Draws(1, f"budget/{policy.kind}", known.replications)
    for tick in range(0, known.ticks, 7):
        seen = _seen(known, tick, spend, reward)
        state = policy.update(state, seen)
        rate = np.asarray(policy.act(state, seen, draws.at(tick)))
        week = slice(known.row(tick), known.row(tick) + 7)
        spend[week] = rate * known.tick_days
        reward[week] = orders(spend[week], known.tick_days) * _luck(known)[week]
    last = spend[known.row(known.ticks // 2) :]
    return np.asarray((orders(last, known.tick_days) * known.value).sum(axis=(0, 2)))


def _history(known: Brief) -> tuple[np.ndarray, np.ndarray]:
    """Spend and orders by tick, (T, R, C); history is an equal split that wavers by a fifth each month."""
    spend = np.zeros((known.history_ticks + known.ticks, *known.shape))
    for row in range(known.replications):
        rng = np.random.default_rng((7, row))
        months = 1.0 + 0.2 * rng.uniform(-1.0, 1.0, (known.history_ticks // 28 + 1, known.shape[1]))
        level = fixtures.PACE * known.tick_days / known.shape[1]
        spend[: known.history_ticks, row] = level * np.repeat(months, 28, axis=0)[: known.history_ticks]
    return spend, orders(spend, known.tick_days) * _luck(known)


def _luck(known: Brief) -> np.ndarray:
    """Mean-one noise by tick, (T, R, C), a function of the replication alone."""
    ticks = known.history_ticks + known.ticks
    rows = [
        np.random.default_rng((8, row)).normal(size=(ticks, known.shape[1]))
        for row in range(known.replications)
    ]
    return np.asarray(np.exp(NOISE * np.stack(rows, axis=1) - NOISE**2 / 2))


def _seen(known: Brief, tick: int, spend: np.ndarray, reward: np.ndarray) -> Observation:
    """Return what is known when `tick` opens; the current decision is what was spent last."""
    now = known.row(tick)
    gone = spend[known.row(known.period_at(tick).start) : now].sum(axis=(0, 2))
    left: dict[str, Any] = {"remaining": known.period_at(tick).budget - gone}
    current = spend[now - 1] / known.tick_days
    return fixtures.observation(known, tick, spend=spend[:now], orders=reward[:now], current=current, **left)
