"""People: finite prospects, customers and lost customers, conserved (model.md 9, 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from scipy.special import exprel

from aicmo.core.carryover import retention
from aicmo.market.demand import DAYS_PER_YEAR
from aicmo.market.totals import total_by
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
        Campaigns that work on customers: retention, in a segment that has some.
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


def left(people: People, population: Population) -> Float[np.ndarray, "R S"]:
    """Share F of the first prospects that can still be won; 1 in a segment without limit [1]."""
    finite = np.isfinite(people.prospects)
    share = np.ones(population.prospects.shape)
    np.divide(population.prospects, people.prospects, out=share, where=finite)
    return share


def passed(wanted: Float[np.ndarray, "R S"], prospects: Float[np.ndarray, "R S"]) -> Float[np.ndarray, "R S"]:
    """Share of those about to be won who exist: M (1 − e^(−A/M)) / A [1].

    Each of A independent wins falls on one of M prospects; nobody is won twice (Poisson occupancy).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        load = np.where(wanted > 0, wanted / prospects, 0.0)
    return np.asarray(exprel(-load))


def crowd(people: People, population: Population, segment: np.ndarray) -> Float[np.ndarray, "R C"]:
    """Return customers over those at the start, N/N₀, where a campaign works on them; 1 elsewhere [1].

    A retention campaign's κ scales with it: twice the customers take twice the money to reach.
    """
    ratio = np.ones((population.customers.shape[0], segment.size))
    now = np.take(population.customers, segment, axis=1)
    np.divide(now, people.customers[segment], out=ratio, where=people.retains)
    return np.maximum(ratio, np.finfo(float).tiny)


def repeat_orders(
    people: People, population: Population, demand: Float[np.ndarray, "R S"]
) -> Float[np.ndarray, "R S"]:
    """Return the expected repeat orders of a tick without any marketing, N · rate · D [order]."""
    orders: np.ndarray = population.customers * people.repeat * demand
    return orders


def lifted_orders(
    lift: Float[np.ndarray, "R C"], base: Float[np.ndarray, "R S"], segment: np.ndarray
) -> Float[np.ndarray, "R C"]:
    """Repeat orders that campaigns add: base · (Π(1 + a g H) − 1), shared by log(1 + a g H) [order].

    Parameters
    ----------
    lift : (R, C) [1]
        a g H, zero for campaigns that do not retain.
    """
    log_lift = np.log1p(lift)
    total = total_by(log_lift, segment, base.shape[1])
    # (e^t − 1)/t is finite at t = 0, so a segment without lift adds nothing
    share: np.ndarray = log_lift * np.take(base * exprel(total), segment, axis=1)
    return share


def moved(
    people: People,
    population: Population,
    won: Float[np.ndarray, "R S"],
    saturation: Float[np.ndarray, "R C"],
    segment: np.ndarray,
) -> Population:
    """Move people for a tick: N ← N e^(−χ) + won with χ = χ₀ Π (1 − r H); lost customers may return."""
    saved = total_by(np.log1p(-people.churn_cut * saturation), segment, won.shape[1])
    gone = population.customers * -np.expm1(-people.churn * np.exp(saved))
    back = population.lost * (1.0 - people.lost_kept)
    return Population(
        prospects=np.maximum(population.prospects - won, 0.0) + back,
        customers=population.customers - gone + won,
        lost=population.lost + gone - back,
    )
