"""People: prospects, customers and lost customers of each segment, conserved (model.md 9, 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.core.carryover import retention
from aicmo.market.demand import DAYS_PER_YEAR
from aicmo.messages import MINUTES_PER_DAY
from aicmo.scenario.market import Market as Truth
from aicmo.scenario.mechanisms import People as Stated
from aicmo.scenario.priors import Priors

SURVIVE = 1e-12
"""Share of customers that stay a year however high churn is: its hazard is finite."""


class Population(NamedTuple):
    """Heads of each segment, (R, S) each: who may be won, who buys, who left."""

    prospects: Float[np.ndarray, "R S"]
    customers: Float[np.ndarray, "R S"]
    lost: Float[np.ndarray, "R S"]


class Movement(NamedTuple):
    """Who moved in a tick, (R, S) each; nobody in a segment without limit.

    Attributes
    ----------
    won, driven : [person]
        First orders, and of those the ones that campaigns caused.
    lost, saved : [person]
        Customers who left, and those who would have left without retention.
    customer_days : [person·day]
        Customers when the tick opened × its length.
    """

    won: Float[np.ndarray, "R S"]
    driven: Float[np.ndarray, "R S"]
    lost: Float[np.ndarray, "R S"]
    saved: Float[np.ndarray, "R S"]
    customer_days: Float[np.ndarray, "R S"]


@dataclass(frozen=True)
class People:
    """What segments start with and how their people move.

    Attributes
    ----------
    prospects, customers : (R, S) [person]
        At the opening of the history; prospects are infinite where a segment is not finite.
    churn : (R, S) [1/tick]
        χ₀, hazard of leaving without retention.
    repeat : (R, S) [order/person/tick]
        Repeat orders at demand index 1.
    lost_kept : (S,) [1]
        Share of lost customers who stay lost for a tick.
    retains : (C,)
        True where a campaign works on customers: retention, in a segment that has some.
    retaining, winning : (…,)
        Indices of the campaigns that do, and of those that win prospects.
    lift : (R, C) [1]
        a, repeat orders added at saturation: the campaign's ceiling over the orders of the customers at the
        start.
    churn_cut : (C,) [1]
        r, share of churn prevented at saturation; 0 for campaigns that do not retain.
    """

    prospects: Float[np.ndarray, "R S"]
    customers: Float[np.ndarray, "R S"]
    churn: Float[np.ndarray, "R S"]
    repeat: Float[np.ndarray, "R S"]
    lost_kept: Float[np.ndarray, "S"]
    retains: Bool[np.ndarray, "C"]
    retaining: Int[np.ndarray, "some"]
    winning: Int[np.ndarray, "others"]
    lift: Float[np.ndarray, "R C"]
    churn_cut: Float[np.ndarray, "C"]


def people_of(
    truth: Truth, segment: np.ndarray, ceiling: Float[np.ndarray, "R C"], priors: Priors, tick_days: float
) -> People | None:
    """Read the scenario; none where no segment is finite."""
    if all(item.people is None for item in truth.segments):
        return None
    prospects, customers, churn, orders, lost_kept = np.array(
        [_numbers(item.people, tick_days) for item in truth.segments]
    ).T
    names, years = [item.name for item in truth.segments], tick_days / DAYS_PER_YEAR
    left = np.minimum(churn * priors.factor("churn", names), 1.0 - SURVIVE)
    orders = orders * priors.factor("repeat_orders", names) * years
    wanted = np.array([campaign.objective == "retention" for campaign in truth.campaigns])
    ordered = (customers * orders / tick_days)[:, segment]
    retains = wanted & (ordered > 0).all(axis=0)
    cut = np.array([campaign.churn_cut for campaign in truth.campaigns])
    return People(
        prospects=prospects * priors.factor("prospects", names),
        customers=np.array(np.broadcast_to(customers, orders.shape)),
        churn=-np.log1p(-left) * years,
        repeat=orders,
        lost_kept=lost_kept,
        retains=retains,
        retaining=np.flatnonzero(retains),
        winning=np.flatnonzero(~retains),
        lift=np.divide(ceiling, ordered, out=np.zeros(ceiling.shape), where=retains),
        churn_cut=np.where(retains, cut, 0.0),
    )


def _numbers(stated: Stated | None, tick_days: float) -> tuple[float, float, float, float, float]:
    if stated is None:
        return np.inf, 0.0, 0.0, 0.0, 1.0
    back = stated.return_half_life
    return (
        stated.prospects,
        stated.customers,
        stated.churn,
        stated.repeat_orders,
        1.0 if back is None else float(retention(back / MINUTES_PER_DAY, tick_days)),
    )


def settle(people: People) -> Population:
    """Return the population when the history opens."""
    return Population(people.prospects.copy(), people.customers.copy(), np.zeros(people.prospects.shape))


def moved(
    people: People,
    population: Population,
    won: Float[np.ndarray, "R S"],
    organic: Float[np.ndarray, "R S"],
    hazard: Float[np.ndarray, "R S"],
    tick_days: float,
) -> tuple[Population, Movement]:
    """Move people for a tick: N ← N e^(−χ dt) + won; whoever leaves is lost, and may be won again later.

    Parameters
    ----------
    won : (R, S) [person]
        First orders of the tick, at most the prospects there are.
    organic : (R, S) [person]
        Those of them that no campaign caused.
    hazard : (R, S) [1/tick]
        χ dt, from `retention.churn_hazard`.
    """
    from aicmo.market.kernels.people import move  # noqa: PLC0415 - Numba only where people are finite

    places, moves = np.empty((3, *won.shape)), np.empty((5, *won.shape))
    before = (population.prospects, population.customers, population.lost)
    kept = (people.churn, people.lost_kept, tick_days)
    move(places, moves, before, people.prospects, won, organic, hazard, *kept)
    return Population(*places), Movement(*moves)
