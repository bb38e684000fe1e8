"""UNDERSTAND: what a learner makes of observations: carry-over, demand, a posterior of every curve."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from aicmo.core.carryover import Carryover, Stock
from aicmo.core.grid import ShapeGrid
from aicmo.core.posterior import Noise, Posterior, absorb, init
from aicmo.messages import Brief, Observation

LEAST_SHARE = 1e-3
"""Least reference spend as a share of the mean campaign's, so that a dead one can be learned about."""


@dataclass(frozen=True)
class Belief:
    """What a learner knows after absorbing all origins before `next_origin`.

    Attributes
    ----------
    posterior : Posterior
        Of orders a day at demand index one, by adstocked spend per day at price index one.
    stock : Stock
        Carried-over pressure at the end of the last absorbed origin, (R, C) [currency/day].
    demand : (R, S)
        Shock of demand: smoothed orders relative to what season and level explain.
    level : (R, S) [order/tick]
        Orders of a tick at season one and no shock.
    """

    posterior: Posterior
    stock: Stock
    next_origin: int
    demand: Float[np.ndarray, "R S"]
    level: Float[np.ndarray, "R S"]


@dataclass(frozen=True)
class Learner:
    """How observations become beliefs.

    Parameters
    ----------
    maturity : float
        An origin is absorbed once, when at least this share of its conversions has been credited.
    memory_weeks : float
        Half-life of evidence: response drifts, so old evidence counts less.
    smoothing_days : float
        Half-life over which the demand shock is smoothed.
    dispersion, strength, relative : float
        What is believed about noise before any data, see `core.posterior.Noise`.
    """

    maturity: float = 0.9
    memory_weeks: float = 26.0
    smoothing_days: float = 5.0
    dispersion: float = 2.0
    strength: float = 3.0
    relative: float = 0.1

    def open(self, brief: Brief, observation: Observation) -> Belief | None:
        """Form the prior from the brief and from where money went; None while nothing was seen."""
        seen = observation.delivered
        if not seen.any():
            return None
        spend = observation.spend[seen].mean(axis=0) / brief.tick_days
        least = np.maximum(LEAST_SHARE * spend.mean(axis=1, keepdims=True), 1.0)
        reference = np.maximum(spend, least)
        # orders a day at the reference = believed iROAS × spend ÷ order value, which is value ÷ margin
        response = brief.prior_return * reference * brief.margin / brief.value
        noise = Noise(self.dispersion, self.strength, self.relative)
        posterior = init(ShapeGrid(reference), response, brief.prior_cv, noise)
        first = int(observation.origin[np.argmax(seen)])
        rows = slice(int(np.argmax(seen)), int(seen.sum()) + int(np.argmax(seen)))
        season = brief.season[brief.row(first) : brief.row(first) + int(seen.sum())]
        level = np.maximum((observation.orders[rows] / season).mean(axis=0), 1e-9)
        stock = carryover(brief).steady(spend)
        return Belief(posterior, stock, first, np.ones(level.shape), level)

    def learn(self, brief: Brief, belief: Belief, observation: Observation) -> Belief:
        """Absorb each origin that has matured since the last time, once."""
        ready = observation.delivered & (observation.maturity >= self.maturity)
        rows = np.flatnonzero(ready & (observation.origin >= belief.next_origin))
        if rows.size == 0:
            return belief
        window = slice(int(rows[0]), int(rows[-1]) + 1)
        pressure = observation.spend[window] / (
            observation.price[window][:, :, brief.channel] * brief.tick_days
        )
        stocks, stock = carryover(brief).over(pressure, belief.stock)
        demand = self._demand(brief, belief, observation, window)
        index = (demand * season_of(brief, observation.origin[window]))[:, :, brief.segment]
        posterior = absorb(
            belief.posterior,
            stocks,
            np.maximum(observation.unified[window], 0.0),
            index * (brief.tick_days * observation.maturity[window, None, None]),
            weight=1.0,
            discount=0.5 ** (brief.tick_days / (7.0 * self.memory_weeks)),
        )
        return replace(
            belief,
            posterior=posterior,
            stock=stock,
            next_origin=int(observation.origin[rows[-1]]) + 1,
            demand=demand[-1],
        )

    def _demand(
        self, brief: Brief, belief: Belief, observation: Observation, window: slice
    ) -> Float[np.ndarray, "W R S"]:
        """Smooth each segment's orders over season and level: shocks that all its campaigns share."""
        ratio = observation.orders[window] / (season_of(brief, observation.origin[window]) * belief.level)
        smooth = Carryover.from_days(self.smoothing_days, brief.tick_days)
        smoothed, _ = smooth.over(ratio, smooth.steady(belief.demand))
        return np.maximum(smoothed, 0.05)


def carryover(brief: Brief) -> Carryover:
    """Carry-over as the advertiser believes it to be."""
    return Carryover.from_days(brief.half_life, brief.tick_days)


def season_of(brief: Brief, ticks: np.ndarray) -> Float[np.ndarray, "W R S"]:
    """Believed season of some ticks."""
    return brief.season[brief.row(int(ticks[0])) : brief.row(int(ticks[-1])) + 1]
