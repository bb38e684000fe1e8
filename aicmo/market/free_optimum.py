"""The total that would be most profitable, and what steady spend brings: size against allocation."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.core.curves import Curves
from aicmo.market.saturation import HALF_OF_LOGISTIC, saturate
from aicmo.market.world import Market


def steady_profit(market: Market, rate: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R"]:
    """Return gross profit − spend of steady rates where prices, demand and drift stand at one.

    Returns
    -------
    (R,) [currency/day]
    """
    value = market.ceiling * market.order_profit[market.segment]
    response = saturate(rate / market.half_saturation, market.shape, market.logistic)
    return np.asarray(np.add.accumulate(value * response - rate, axis=1)[:, -1])


def free_optimum(market: Market) -> Float[np.ndarray, "R C"]:
    """Spend on each campaign while a further unit of money returns more than itself, whatever the total.

    The profit-maximising budget and its split, where prices, demand and drift stand at one, within inventory
    and without guardrails. Hill curves by the core; logistic ones v tanh(b x) in closed form, from
    v b / cosh²(b x) = 1.

    Returns
    -------
    (R, C) [currency/day]
    """
    from aicmo.core.objectives import spend_until  # noqa: PLC0415 - the solver is loaded when it is asked for

    value, scale = market.ceiling * market.order_profit[market.segment], market.half_saturation
    curves = Curves.hill(value, scale, market.shape)
    # no campaign can earn more than its ceiling, so none is worth more money than that
    upper = np.minimum(value, np.broadcast_to(market.inventory, value.shape))
    hill = spend_until(curves, 1.0, np.maximum(upper.sum(axis=1), market.minor_unit), 0.0, upper).spend
    slope = HALF_OF_LOGISTIC / scale
    logistic = np.arccosh(np.sqrt(np.maximum(value * slope, 1.0))) / slope
    return np.where(market.logistic, np.minimum(logistic, upper), hill)
