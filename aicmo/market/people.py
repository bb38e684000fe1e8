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


class Population(NamedTuple):
    """Heads of each segment, (R, S) each: who may be won, who buys, who left."""

    prospects: Float[np.ndarray, "R S"]
    customers: Float[np.ndarray, "R S"]
    lost: Float[np.ndarray, "R S"]


@dataclass(frozen=True)
class People:
    """What segments start with and how their people move.

    Attributes
    ----------
    prospects, customers : (S,) [person]
        At the opening of the history; prospects are infinite where a segment is not finite.
    churn : (S,) [1/tick]
        χ₀, hazard of leaving without retention.
    repeat : (S,) [order/person/tick]
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

    prospects: Float[np.ndarray, "S"]
    customers: Float[np.ndarray, "S"]
    churn: Float[np.ndarray, "S"]
    repeat: Float[np.ndarray, "S"]
    lost_kept: Float[np.ndarray, "S"]
    retains: Bool[np.ndarray, "C"]
    retaining: Int[np.ndarray, "some"]
    winning: Int[np.ndarray, "others"]
    lift: Float[np.ndarray, "R C"]
    churn_cut: Float[np.ndarray, "C"]


def people_of(
    truth: Truth, segment: np.ndarray, ceiling: Float[np.ndarray, "R C"], tick_days: float
) -> People | None:
    """Read the scenario; none where no segment is finite."""
    if all(item.people is None for item in truth.segments):
        return None
    prospects, customers, churn, orders, lost_kept = np.array(
        [_numbers(item.people, tick_days) for item in truth.segments]
    ).T
    wanted = np.array([campaign.objective == "retention" for campaign in truth.campaigns])
    ordered = (customers * orders / tick_days)[segment]
    retains = wanted & (ordered > 0)
    cut = np.array([campaign.churn_cut for campaign in truth.campaigns])
    return People(
        prospects=prospects,
        customers=customers,
        churn=churn,
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
    years = tick_days / DAYS_PER_YEAR
    back = stated.return_half_life
    return (
        stated.prospects,
        stated.customers,
        float(-np.log1p(-min(stated.churn, 1.0 - 1e-12)) * years),
        stated.repeat_orders * years,
        1.0 if back is None else float(retention(back / MINUTES_PER_DAY, tick_days)),
    )


def settle(people: People, replications: int) -> Population:
    """Return the population when the history opens."""
    start = (people.prospects, people.customers, np.zeros(people.prospects.shape))
    return Population(*(np.tile(heads, (replications, 1)) for heads in start))


def moved(
    people: People,
    population: Population,
    won: Float[np.ndarray, "R S"],
    hazard: Float[np.ndarray, "R S"],
) -> Population:
    """Move people for a tick: N ← N e^(−χ dt) + won; whoever leaves is lost, and may be won again later.

    Parameters
    ----------
    won : (R, S) [person]
        First orders of the tick, at most the prospects there are.
    hazard : (R, S) [1/tick]
        χ dt, from `retention.churn_hazard`.
    """
    gone = population.customers * -np.expm1(-hazard)
    back = population.lost * (1.0 - people.lost_kept)
    return Population(
        prospects=np.maximum(population.prospects - won, 0.0) + back,
        customers=population.customers - gone + won,
        lost=population.lost + gone - back,
    )
