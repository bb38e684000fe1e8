"""Retention: customers order again, leave, and can be kept (model.md 10)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.market.people import People, Population

NOBODY = 1e-9  # so few are left that they are reached at once


def crowd_out(
    people: People, population: Population, relative: Float[np.ndarray, "R C"], segment: np.ndarray
) -> None:
    """Divide the pressure of retaining campaigns by customers over those at the start, N/N₀, in place.

    Their κ scales with it: twice the customers take twice the money to reach.
    """
    from aicmo.market.kernels.people import divide  # noqa: PLC0415 - Numba only where customers are kept

    divide(relative, population.customers, people.customers, NOBODY, people.retaining, segment)


def repeat_orders(
    people: People, population: Population, demand: Float[np.ndarray, "R S"]
) -> Float[np.ndarray, "R S"]:
    """Return the expected repeat orders of a tick without any marketing, N · rate · D [order]."""
    orders: np.ndarray = population.customers * people.repeat * demand
    return orders


def add_repeat_orders(
    people: People,
    mean: Float[np.ndarray, "R C"],
    effectiveness: Float[np.ndarray, "R C"],
    saturation: Float[np.ndarray, "R C"],
    base: Float[np.ndarray, "R S"],
    segment: np.ndarray,
) -> None:
    """Write what retention adds to repeat orders into its columns of `mean`, base · (Π(1 + a g H) − 1).

    Campaigns share it in proportion to log(1 + a g H), so each earns its own where there is one.

    Parameters
    ----------
    effectiveness, saturation : (R, C) [1]
        g and H; a is the campaign's own `lift`.
    base : (R, S) [order]
        Repeat orders without any marketing.
    """
    from aicmo.market.kernels.people import add_repeat  # noqa: PLC0415 - Numba only where customers are kept

    add_repeat(mean, people.lift, effectiveness, saturation, base, people.retaining, segment)


def churn_hazard(
    people: People, saturation: Float[np.ndarray, "R C"], segment: np.ndarray
) -> Float[np.ndarray, "R S"]:
    """Hazard of leaving in a tick, χ₀ Π (1 − r H); who stays is seen by nobody but a holdout [1/tick]."""
    from aicmo.market.kernels.people import retain  # noqa: PLC0415 - Numba only where customers are kept

    hazard = np.empty(people.churn.shape)
    retain(hazard, people.churn, people.churn_cut, saturation, people.retaining, segment)
    return hazard
