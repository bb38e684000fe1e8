"""Depletion: prospects are finite, and nobody is won twice (model.md 9)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.market.people import People, Population


def unsold(people: People, population: Population) -> Float[np.ndarray, "R S"]:
    """Share F of the first prospects that can still be won; 1 in a segment without limit [1]."""
    share = np.ones(population.prospects.shape)
    np.divide(population.prospects, people.prospects, out=share, where=np.isfinite(people.prospects))
    return share


def won_from(
    people: People,
    population: Population,
    volume: Float[np.ndarray, "R C"],
    first: Float[np.ndarray, "R S"],
    segment: np.ndarray,
) -> tuple[Float[np.ndarray, "R C"], Float[np.ndarray, "R S"], Float[np.ndarray, "R S"]]:
    """Cut first orders to the people who exist: A together become M (1 − e^(−A/M)), shared in proportion.

    Each of A independent wins falls on one of M prospects, and nobody is won twice (Poisson occupancy). What
    campaigns that retain sell is left as it is.

    Parameters
    ----------
    volume : (R, C) [order]
        Of campaigns.
    first : (R, S) [order]
        Organic first orders.

    Returns
    -------
    volume : (R, C) [order]
    first, won : (R, S) [order]
        Organic ones, and all first orders together.
    """
    from aicmo.market.kernels.people import win  # noqa: PLC0415 - Numba only where people are finite

    kept, organic, won = np.empty(volume.shape), np.empty(first.shape), np.empty(first.shape)
    win(kept, organic, won, volume, first, population.prospects, people.winning, segment)
    return kept, organic, won
