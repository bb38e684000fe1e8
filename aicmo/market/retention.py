"""Retention: customers order again, leave, and can be kept (model.md 10)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.market.people import People, Population

NOBODY = float(np.finfo(float).tiny)


def crowd(people: People, population: Population, segment: np.ndarray) -> Float[np.ndarray, "R C"]:
    """Return customers over those at the start, N/N₀, where a campaign works on them; 1 elsewhere [1].

    A retention campaign's κ scales with it: twice the customers take twice the money to reach.
    """
    ratio = np.ones((population.customers.shape[0], segment.size))
    start = np.where(people.customers > 0, people.customers, 1.0)
    relative = np.maximum(population.customers / start, NOBODY)
    ratio[:, people.retaining] = relative[:, segment[people.retaining]]
    return ratio


def repeat_orders(
    people: People, population: Population, demand: Float[np.ndarray, "R S"]
) -> Float[np.ndarray, "R S"]:
    """Return the expected repeat orders of a tick without any marketing, N · rate · D [order]."""
    orders: np.ndarray = population.customers * people.repeat * demand
    return orders


def add_repeat_orders(
    people: People,
    mean: Float[np.ndarray, "R C"],
    lift: Float[np.ndarray, "R C"],
    base: Float[np.ndarray, "R S"],
    segment: np.ndarray,
) -> None:
    """Write what retention adds to repeat orders into its columns of `mean`, base · (Π(1 + a g H) − 1).

    Campaigns share it in proportion to log(1 + a g H), so each earns its own where there is one.

    Parameters
    ----------
    lift : (R, C) [1]
        a g H.
    """
    from aicmo.market.kernels.people import add_repeat  # noqa: PLC0415 - Numba only where customers are kept

    add_repeat(mean, lift, base, people.retaining, segment)


def churn_hazard(
    people: People, saturation: Float[np.ndarray, "R C"], segment: np.ndarray
) -> Float[np.ndarray, "R S"]:
    """Hazard of leaving in a tick, χ₀ Π (1 − r H); who stays is seen by nobody but a holdout [1/tick]."""
    from aicmo.market.kernels.people import retain  # noqa: PLC0415 - Numba only where customers are kept

    hazard = np.empty((saturation.shape[0], people.churn.size))
    retain(hazard, people.churn_cut, saturation, people.retaining, segment)
    hazard *= people.churn
    return hazard
