"""The true optimum of a market at standing conditions: what a plan that knew everything would spend."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from aicmo.core.curves import Curves
from aicmo.market.saturation import HALF_OF_LOGISTIC
from aicmo.market.world import Market

# Newton steps on the log marginal of logistic curves: quadratic from any start, so a fixed number suffices,
# and no row waits for another.
NEWTON_STEPS = 24
SLIGHT = 1e-6  # a logistic curve has no curvature at zero; its model takes that at a millionth of κ


def steady_optimum(
    market: Market,
    budget_rate: Float[np.ndarray, "R"],
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    *,
    worth: Float[np.ndarray, "R C"] | None = None,
    price: Float[np.ndarray, "R C"] | None = None,
) -> Float[np.ndarray, "R C"]:
    """Split a steady budget so that gross profit is as large as it can be.

    Carry-over is normalised, so a steady rate works like itself; prices, demand and drift stand at their
    mean of one, and platforms have learned.

    Parameters
    ----------
    budget_rate : (R,) [currency/day]
    lower, upper : scalar, (C,) or (R, C) [currency/day]
        Bounds; inventory bounds from above as well.
    worth : (R, C) [currency/order], optional
        What an order of each campaign is worth; order value × margin unless given (with demand and drift of a
        moment, say).
    price : (R, C) [1], optional
        Media price index at which money buys.

    Returns
    -------
    (R, C) [currency/day]
        Sums to the budget, or to less where bounds leave no room for it.

    Raises
    ------
    aicmo.core.feasibility.Infeasible
        If lower bounds exceed the budget or the upper bounds.
    """
    per_order = market.order_profit[market.segment] if worth is None else worth
    index = np.ones(market.ceiling.shape) if price is None else price
    value, scale = market.ceiling * per_order, market.half_saturation * index
    low, high = np.broadcast_to(lower, value.shape), np.minimum(upper, market.inventory * index)
    plan = np.empty(value.shape)
    # A set of curves has one family a campaign, so worlds are solved by the families they have.
    patterns, group = np.unique(market.logistic, axis=0, return_inverse=True)
    for number, logistic in enumerate(patterns):
        rows = np.flatnonzero(group.reshape(-1) == number)
        curves = (value[rows], scale[rows], market.shape[rows])
        plan[rows] = _solve(logistic, *curves, lower=low[rows], upper=high[rows], budget=budget_rate[rows])
    return plan


def _solve(
    logistic: np.ndarray,
    value: Float[np.ndarray, "R C"],
    scale: Float[np.ndarray, "R C"],
    shape: Float[np.ndarray, "R C"],
    *,
    lower: Float[np.ndarray, "R C"],
    upper: Float[np.ndarray, "R C"],
    budget: Float[np.ndarray, "R"],
) -> Float[np.ndarray, "R C"]:
    """Allocate over Hill curves, and over logistic ones through exponentials of equal slope and curvature.

    Where plan and model agree, marginal returns are the true ones, so the optimality conditions hold for
    the truth. Along the way this is Newton's method on log f'(x), which is concave and falls: it converges
    from everywhere.
    """
    from aicmo.core.allocate import allocate  # noqa: PLC0415 - the solver is loaded when a plan is asked for

    start = budget[:, None] / _takers(upper)
    plan: np.ndarray = np.clip(np.broadcast_to(start, value.shape), lower, upper)
    order = np.concatenate([np.flatnonzero(~logistic), np.flatnonzero(logistic)])
    back = np.argsort(order)
    hill = Curves.hill(value[:, ~logistic], scale[:, ~logistic], shape[:, ~logistic])
    for _ in range(NEWTON_STEPS if logistic.any() else 1):
        model = _exponential_model(plan[:, logistic], value[:, logistic], scale[:, logistic])
        curves = Curves.concatenate([hill, model])
        plan = allocate(curves, budget, lower[:, order], upper[:, order], total="at_most").spend[:, back]
    return plan


def _takers(upper: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R 1"]:
    """Count the campaigns that can take money, at least one."""
    count: np.ndarray = np.maximum((upper > 0).sum(axis=1, keepdims=True), 1)
    return count


def _exponential_model(
    at: Float[np.ndarray, "R L"], value: Float[np.ndarray, "R L"], scale: Float[np.ndarray, "R L"]
) -> Curves:
    """Exponentials a (1 − e^(−x/k)) with slope and curvature of v · tanh(b x) at x: 1/k = 2 b tanh(b x)."""
    b = HALF_OF_LOGISTIC / scale
    bend = np.tanh(b * np.maximum(at, SLIGHT * scale))
    reach = 1.0 / (2.0 * b * bend)
    # log of slope · k · e^(x/k): beyond a few hundred κ the slope is 0 whatever the amplitude
    lift = np.minimum(at / reach - 2.0 * (b * at + np.log1p(np.exp(-2.0 * b * at)) - math.log(2.0)), 600.0)
    return Curves.exponential(value * b * reach * np.exp(lift), reach)
