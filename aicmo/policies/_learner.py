"""UNDERSTAND: what a learner makes of observations: carry-over, demand, drifting curves, worth of credit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.core.carryover import Carryover, Stock
from aicmo.core.grid import Mixture, ShapeGrid
from aicmo.core.posterior import Conditional
from aicmo.core.sharing import shared
from aicmo.core.tracking import Dynamics, Tracking, absorb, conditional, init
from aicmo.messages import Brief, Observation
from aicmo.policies._credit import Credit, Excess
from aicmo.policies._readouts import counted, readouts
from aicmo.policies._withheld import as_if_whole

LEAST_SHARE = 1e-3
"""Least reference spend as a share of the mean campaign's, so that a dead one can be learned about."""
LEAST_DEMAND = 0.05
"""Demand below this share of its level says that books are incomplete."""
TINY = 1e-300


class Demand(NamedTuple):
    """Orders of each segment over what season explains, (R, S) each.

    Attributes
    ----------
    level : [order/tick]
        Orders of a tick at season one and no shock.
    swift, steady : [1]
        Shock as smoothed for explaining the past, and for expecting the days to come.
    """

    level: Float[np.ndarray, "R S"]
    swift: Float[np.ndarray, "R S"]
    steady: Float[np.ndarray, "R S"]


@dataclass(frozen=True)
class Belief:
    """What a learner knows after absorbing all origins before `next_origin`.

    Attributes
    ----------
    tracking : Tracking
        Of credited orders a day at demand index one, by adstocked spend per day at price index one.
    given : Conditional
        What it says by now, shapes pooled over campaigns.
    stock : Stock
        Carried-over pressure at the end of the last absorbed origin, (R, C) [currency/day].
    demand : Demand
    marginal : (R, C) [log]
        Credited marginal return of the opening plan relative to its mean; None until it is judged.
    counted : (R, E, K) [order/day]
        What was credited by channel while each known readout counted; None before there is one.
    excess : Excess
        Credited over caused orders.
    """

    tracking: Tracking
    given: Conditional
    stock: Stock
    next_origin: int
    demand: Demand
    marginal: Float[np.ndarray, "R C"] | None = None
    counted: Float[np.ndarray, "R E K"] | None = None
    excess: Excess | None = None

    @property
    def caused(self) -> Float[np.ndarray, "R C 1"]:
        """Share of credited orders that campaigns caused."""
        if self.excess is None:
            return np.ones((1, 1, 1))
        return np.asarray(np.exp(-self.excess.mean)[:, :, None])

    @property
    def curves(self) -> Mixture:
        """The mean curve of caused orders: a mixture over shapes."""
        grid, given = self.tracking.grid, self.given
        exponent = np.broadcast_to(grid.exponent, given.mean.shape)
        scale = np.maximum(given.mean, 0.0) * grid.ceiling * self.caused
        return Mixture(scale, grid.half_saturation, exponent, given.weight)


@dataclass(frozen=True)
class Learner:
    """How observations become beliefs.

    Parameters
    ----------
    dynamics : Dynamics
        What is believed about drift and noise before any data, times in days.
    exponents : tuple of float
        Hill exponents that curves may have.
    pooling : float
        Campaigns that the prior of shapes is worth when those of a channel are pooled; 0 = each on its own.
    credit : Credit
        What is believed about over-claim.
    maturity : float
        An origin is absorbed once, when at least this share of its conversions has been credited.
    settling_days : float
        First days of data, in which carry-over from before still fades: amplitudes follow, shapes are not
        judged.
    swift_days, steady_days : float
        Half-lives over which the demand shock is smoothed, for the past and for the days to come.
    """

    dynamics: Dynamics = field(default_factory=Dynamics)
    exponents: tuple[float, ...] = (0.8, 1.4)
    pooling: float = 30.0
    credit: Credit = field(default_factory=Credit)
    maturity: float = 0.5
    settling_days: float = 28.0
    swift_days: float = 1.0
    steady_days: float = 5.0

    def open(self, brief: Brief, observation: Observation) -> Belief | None:
        """Form the prior from the brief and from where money went; None while nothing was seen."""
        seen = observation.delivered
        if not seen.any():
            return None
        spend = observation.spend[seen].mean(axis=0) / brief.tick_days
        period = brief.period_at(observation.tick)
        even = period.budget / (period.ticks * brief.tick_days * len(brief.campaigns))
        least = LEAST_SHARE * np.maximum(spend.mean(axis=1, keepdims=True), even)
        reference = np.maximum(spend, least)
        # orders a day at the reference = believed iROAS × spend ÷ order value, which is value ÷ margin
        response = brief.prior_return * reference * brief.margin / brief.value
        grid = ShapeGrid(reference, shapes=self.exponents)
        tracking = init(grid, response, brief.prior_cv, self._ticks(brief))
        window = slice(int(np.argmax(seen)), int(np.argmax(seen)) + int(seen.sum()))
        season = season_of(brief, observation.origin[window])
        level = np.maximum((observation.orders[window] / season).mean(axis=0), 1e-9)
        demand = Demand(level, np.ones(level.shape), np.ones(level.shape))
        stock = carryover(brief).steady(spend)
        return Belief(tracking, conditional(tracking), stock, int(observation.origin[window.start]), demand)

    def learn(self, brief: Brief, belief: Belief, observation: Observation) -> Belief:
        """Absorb each origin that has matured since the last time, once, and every readout."""
        ready = observation.delivered & (observation.maturity >= self.maturity)
        rows = np.flatnonzero(ready & (observation.origin >= belief.next_origin))
        if rows.size == 0:
            return belief if belief.marginal is None else self._judged(brief, belief, observation)
        settled = -brief.history_ticks + round(self.settling_days / brief.tick_days)
        cut = int(np.searchsorted(observation.origin[rows], settled))
        whole = as_if_whole(brief, observation, belief.next_origin)
        for part, judge in ((rows[:cut], False), (rows[cut:], True)):
            if part.size:
                belief = self._absorb(brief, belief, whole, part, judge=judge)
        belief = replace(belief, given=self._pooled(brief, conditional(belief.tracking)))
        return self._judged(brief, belief, observation)

    def _judged(self, brief: Brief, belief: Belief, observation: Observation) -> Belief:
        """Judge the opening plan once, and credit again whenever holdouts have told something."""
        told = observation.experiments.known.any()
        if belief.marginal is not None and not told:
            return belief
        marginal = belief.marginal
        if marginal is None:
            marginal = log_marginal(brief, belief, observation.current)
        credit = counted(brief, observation, belief.counted) if told else None
        read = None if credit is None else readouts(observation, credit, self.credit.caused)
        excess = self.credit.judge(brief.channel, marginal, read)
        return replace(belief, marginal=marginal, counted=credit, excess=excess)

    def _absorb(
        self, brief: Brief, belief: Belief, observation: Observation, rows: np.ndarray, *, judge: bool
    ) -> Belief:
        window = slice(int(rows[0]), int(rows[-1]) + 1)
        pressure = observation.spend[window] / (
            observation.price[window][:, :, brief.channel] * brief.tick_days
        )
        stocks, stock = carryover(brief).over(pressure, belief.stock)
        season = season_of(brief, observation.origin[window])
        shock, demand = self._demand(brief, belief.demand, observation.orders[window] / season)
        index = (shock * season)[:, :, brief.segment]
        tracking = absorb(
            belief.tracking,
            stocks,
            np.maximum(observation.unified[window], 0.0),
            index * (brief.tick_days * observation.maturity[window, None, None]),
            judge=judge,
        )
        after = int(observation.origin[rows[-1]]) + 1
        return replace(belief, tracking=tracking, stock=stock, next_origin=after, demand=demand)

    def _demand(
        self, brief: Brief, before: Demand, orders: Float[np.ndarray, "W R S"]
    ) -> tuple[Float[np.ndarray, "W R S"], Demand]:
        """Smooth each segment's orders over season and level: shocks that all its campaigns share."""
        ratio = orders / before.level
        swift = Carryover.from_days(self.swift_days, brief.tick_days)
        steady = Carryover.from_days(self.steady_days, brief.tick_days)
        shock, _ = swift.over(ratio, swift.steady(before.swift))
        calm, _ = steady.over(ratio, steady.steady(before.steady))
        return np.maximum(shock, LEAST_DEMAND), Demand(before.level, shock[-1], calm[-1])

    def _pooled(self, brief: Brief, given: Conditional) -> Conditional:
        if self.pooling == 0.0:
            return given
        return given._replace(weight=shared(given.weight, brief.channel, self.pooling))

    def _ticks(self, brief: Brief) -> Dynamics:
        """Return the dynamics with times in ticks."""
        told, per_day = self.dynamics, 1.0 / brief.tick_days
        memories = tuple(memory * per_day for memory in told.memories)
        return replace(told, memories=memories, patience=told.patience * per_day)


def log_marginal(brief: Brief, belief: Belief, rate: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R C"]:
    """Log of the credited marginal return of a plan, relative to the mean of its row weighted by money."""
    grid, given = belief.tracking.grid, belief.given
    at = np.maximum(rate, LEAST_SHARE * grid.reference)
    response = grid.evaluate(at)
    # elasticity of shape g: s · (1 − share of its ceiling)
    slope = grid.exponent * (1.0 - response / grid.ceiling) * response
    gain = (given.weight * np.maximum(given.mean, 0.0) * slope).sum(axis=2) * brief.value / at
    share = at / at.sum(axis=1, keepdims=True)
    marginal = np.log(gain + TINY)
    return np.asarray(marginal - (marginal * share).sum(axis=1, keepdims=True))


def carryover(brief: Brief) -> Carryover:
    """Carry-over as the advertiser believes it to be."""
    return Carryover.from_days(brief.half_life, brief.tick_days)


def season_of(brief: Brief, ticks: np.ndarray) -> Float[np.ndarray, "W R S"]:
    """Believed season of some ticks."""
    return brief.season[brief.row(int(ticks[0])) : brief.row(int(ticks[-1])) + 1]
