"""UNDERSTAND: what a learner makes of observations: carry-over, demand, a posterior of every curve."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from aicmo.core.carryover import Carryover, Stock
from aicmo.core.grid import Mixture, ShapeGrid
from aicmo.core.posterior import Noise, Posterior, absorb, conditional, init
from aicmo.messages import Brief, Observation

TINY = 1e-300
"""Keeps the logarithm of a weight of zero finite."""
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
    trust : (R, C, G) [log]
        Log weight that each shape gets from trust in the opening plan; zeros until it is judged.
    """

    posterior: Posterior
    stock: Stock
    next_origin: int
    demand: Float[np.ndarray, "R S"]
    level: Float[np.ndarray, "R S"]
    trust: Float[np.ndarray, "R C G"] | None = None

    @property
    def curves(self) -> Mixture:
        """The mean curve: a mixture over shapes, weighted by evidence and by trust in the opening plan."""
        given = conditional(self.posterior)
        grid = self.posterior.grid
        exponent = np.broadcast_to(grid.exponent, given.mean.shape)
        weight = given.weight if self.trust is None else _normalised(np.log(given.weight + TINY) + self.trust)
        return Mixture(np.maximum(given.mean, 0.0) * grid.ceiling, grid.half_saturation, exponent, weight)


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
    trust_sd : float
        How far the log marginal returns of the opening plan are believed to lie apart; infinite = no trust.
        Spend that hardly varied says nothing about saturation (Dew, Padilla & Shchetkina 2024), so average
        return would be taken for marginal; people who planned last year knew more than that.
    dispersion, strength, relative : float
        What is believed about noise before any data, see `core.posterior.Noise`.
    """

    maturity: float = 0.9
    memory_weeks: float = 13.0
    smoothing_days: float = 5.0
    trust_sd: float = 0.35
    dispersion: float = 2.0
    strength: float = 3.0
    relative: float = 0.1

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
        trust = self._trust(brief, posterior) if belief.trust is None else belief.trust
        return replace(
            belief,
            trust=trust,
            posterior=posterior,
            stock=stock,
            next_origin=int(observation.origin[rows[-1]]) + 1,
            demand=demand[-1],
        )

    def _trust(self, brief: Brief, posterior: Posterior) -> Float[np.ndarray, "R C G"]:
        """Weigh shapes by how equal they make the marginal returns of the plan that the history ends with.

        log marginal ~ N(mean of the plan, trust_sd²), marginal = value · amplitude · elasticity / reference.
        """
        given, grid = conditional(posterior), posterior.grid
        log_marginal = np.log(
            np.maximum(given.mean, TINY) * elasticity(grid) * (brief.value / grid.reference)[:, :, None]
        )
        share = grid.reference / grid.reference.sum(axis=1, keepdims=True)
        usual = ((given.weight * log_marginal).sum(axis=2) * share).sum(axis=1)
        return np.asarray(-0.5 * ((log_marginal - usual[:, None, None]) / self.trust_sd) ** 2)

    def _demand(
        self, brief: Brief, belief: Belief, observation: Observation, window: slice
    ) -> Float[np.ndarray, "W R S"]:
        """Smooth each segment's orders over season and level: shocks that all its campaigns share."""
        ratio = observation.orders[window] / (season_of(brief, observation.origin[window]) * belief.level)
        smooth = Carryover.from_days(self.smoothing_days, brief.tick_days)
        smoothed, _ = smooth.over(ratio, smooth.steady(belief.demand))
        return np.asarray(np.maximum(smoothed, 0.05))


def elasticity(grid: ShapeGrid) -> Float[np.ndarray, "G"]:
    """Elasticity of each shape at the reference: s · k^s / (1 + k^s), k its half saturation over that."""
    return np.asarray(grid.exponent * (1.0 - 1.0 / grid.ceiling))


def _normalised(log_weight: np.ndarray) -> np.ndarray:
    weight = np.exp(log_weight - log_weight.max(axis=2, keepdims=True))
    return np.asarray(weight / weight.sum(axis=2, keepdims=True))


def carryover(brief: Brief) -> Carryover:
    """Carry-over as the advertiser believes it to be."""
    return Carryover.from_days(brief.half_life, brief.tick_days)


def season_of(brief: Brief, ticks: np.ndarray) -> Float[np.ndarray, "W R S"]:
    """Believed season of some ticks."""
    return brief.season[brief.row(int(ticks[0])) : brief.row(int(ticks[-1])) + 1]
