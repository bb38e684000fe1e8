"""Where a better plan may lie: small changes of each week's rates, and steps along what they brought."""

from __future__ import annotations

from itertools import product
from typing import Literal

import numpy as np
from jaxtyping import Float
from scipy.ndimage import uniform_filter1d

NUDGE, LEAST = 0.1, 0.01
"""Change of one rate that measures its worth: a share of it, and of the mean rate of its week."""
WIDTHS = (1, 5, 1000)
"""Over how many weeks the worth of money is averaged: lasting differences, and passing ones."""
STEPS = (0.6, 0.2, 0.07, 0.02)
"""Largest change of a rate, as a logarithm."""
POWERS = (1.0, 0.5)
"""Of the worth: the lower, the more alike are the changes of all rates, as curvatures would have them."""
Kept = Literal["week", "period", "nothing"]
KEPT: tuple[Kept, ...] = ("week", "period", "nothing")
"""Whose total a step leaves as it is: the week's, the budget period's, or none."""
SMALLEST = 1e-3
"""Of the mean rate of a week: a campaign at rest can be woken from here."""

Plan = Float[np.ndarray, "W R C"]


def nudged(plan: Plan) -> Float[np.ndarray, "N W R C"]:
    """Return the plan itself, then one plan for each week and campaign in which it has a little more."""
    weeks, _, campaigns = plan.shape
    plans = np.repeat(plan[None], weeks * campaigns + 1, axis=0)
    more = _nudge(plan)
    for number, (week, campaign) in enumerate(product(range(weeks), range(campaigns)), start=1):
        plans[number, week, :, campaign] += more[week, :, campaign]
    return plans


def slope(values: Float[np.ndarray, "N R"], plan: Plan) -> Plan:
    """Return what a unit of each rate adds, from the values of the plans of `nudged`."""
    weeks, rows, campaigns = plan.shape
    gained = (values[1:] - values[0]).reshape(weeks, campaigns, rows)
    return np.asarray(np.swapaxes(gained, 1, 2) / _nudge(plan))


def steps(
    plan: Plan, worth: Plan, scale: Float[np.ndarray, "R"], period: np.ndarray
) -> Float[np.ndarray, "N W R C"]:
    """Return plans along the slope, for every width, length and total kept.

    Parameters
    ----------
    worth : (W, R, C)
        From `slope`.
    scale : (R,)
        On the length of steps.
    period : (W,) int
        Budget period of each week.
    """
    return np.stack(
        [
            _step(plan, _averaged(worth, width), (length * scale, power), period, kept)
            for width, length, power, kept in product(WIDTHS, STEPS, POWERS, KEPT)
        ]
    )


def trials(weeks: int, campaigns: int) -> int:
    """Count the plans that one round tries."""
    return weeks * campaigns + 1 + len(WIDTHS) * len(STEPS) * len(POWERS) * len(KEPT)


def _nudge(plan: Plan) -> Plan:
    week = plan.mean(axis=2, keepdims=True)
    return np.asarray(NUDGE * plan + LEAST * np.where(week > 0.0, week, 1.0))


def _averaged(worth: Plan, width: int) -> Plan:
    if width >= len(worth):
        return np.broadcast_to(np.add.accumulate(worth, axis=0)[-1] / len(worth), worth.shape)
    return np.asarray(uniform_filter1d(worth, width, axis=0, mode="nearest"))


def _step(plan: Plan, worth: Plan, stride: tuple[np.ndarray, float], period: np.ndarray, kept: Kept) -> Plan:
    length, power = stride
    before = np.maximum(plan, SMALLEST * plan.mean(axis=2, keepdims=True))
    weeks = np.arange(len(plan))
    blocks = {"week": weeks, "period": period, "nothing": np.zeros_like(weeks)}[kept]
    way = (
        worth
        if kept == "nothing"
        else worth - _total(worth * before, blocks) / _positive(_total(before, blocks))
    )
    largest = np.abs(way).max(axis=(0, 2))[:, None]
    relative = np.sign(way) * np.abs(way / _positive(largest)) ** power
    after = before * np.exp(length[:, None] * relative)
    if kept != "nothing":
        after = after * (_total(plan, blocks) / _positive(_total(after, blocks)))
    return np.asarray(after)


def _total(values: Plan, blocks: np.ndarray) -> Float[np.ndarray, "W R 1"]:
    """Sum over the campaigns and over the weeks of the same block, in one order whatever R."""
    by_week, total = np.add.accumulate(values, axis=2)[..., -1:], np.empty((*values.shape[:2], 1))
    for block in np.unique(blocks):
        total[blocks == block] = np.add.accumulate(by_week[blocks == block], axis=0)[-1]
    return total


def _positive(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.where(values > 0.0, values, 1.0))
