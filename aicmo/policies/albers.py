"""Albers' rule: money in proportion to contribution times elasticity, which people can compute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies._pace import bounded, phased, season_weight
from aicmo.policies._reported import Metric, report
from aicmo.policies._shares import Shares

BLOCK_DAYS = 28.0
BLOCKS = 6
"""Half a year in months: changes between them are what elasticities are read from."""


@dataclass(frozen=True)
class Albers:
    """Make contribution × elasticity ÷ spend equal across campaigns, iterated (Albers 1998).

    At the optimum spend is proportional to contribution × elasticity. Elasticities come from log changes of
    reported orders on log changes of spend between months, shrunk towards a prior: spend often hardly varies.

    Parameters
    ----------
    metric : {"unified", "claimed"}
        Which report is believed.
    prior_elasticity : float
        Response of a campaign's own orders to its own spend, in logs, before any change was seen.
    prior_weight : float
        Squared log change of spend that weighs as much as the prior; 0.5 is about eight changes by 25 %.
    cap : float
        Largest relative change of a share at one look.
    every_days : float
        Days between looks.
    season_exponent : float
        How far spend follows believed demand.
    """

    metric: Metric = "unified"
    prior_elasticity: float = 0.5
    prior_weight: float = 0.5
    cap: float = 0.25
    every_days: float = BLOCK_DAYS
    season_exponent: float = 1.0
    kind: ClassVar[str] = "albers"
    learns: ClassVar[bool] = True

    @classmethod
    def examples(cls) -> Iterator[Albers]:
        """Yield the default, and one that trusts changes more."""
        yield cls()
        yield cls(prior_weight=0.1, cap=0.1)

    def init(self, brief: Brief) -> Shares:
        """Know the brief; shares come with the first look."""
        return Shares.unknown(brief)

    def update(self, state: Shares, observation: Observation) -> Shares:
        """Take one round of the rule when a look is due."""
        state = state.opened(observation, self.season_exponent)
        rows = observation.due & (state.since(state.looked, observation.tick) >= self.every_days)
        if not rows.any():
            return state
        fresh = state.replaced(rows, self._round(state, observation))
        return fresh._replace(looked=np.where(rows, observation.tick, state.looked))

    def act(self, state: Shares, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        """Return the shares at this week's demand, (R, C) [currency/day]."""
        return phased(state.brief, observation, state.shares, self.season_exponent)

    def _round(self, state: Shares, observation: Observation) -> Float[np.ndarray, "R C"]:
        """Shares after one round; no contribution at all leaves a row as it is."""
        brief, span = state.brief, round(2 * BLOCK_DAYS / state.brief.tick_days)
        seen = report(observation, self.metric, observation.tick - span)
        contribution = seen.orders * brief.value
        wanted = contribution * self._elasticity(brief, observation)
        # What had no money lately reported nothing: that says nothing about it.
        wanted = np.where(seen.spend > 0.0, wanted, state.shares * wanted.sum(axis=1, keepdims=True))
        total = wanted.sum(axis=1, keepdims=True)
        target = np.divide(wanted, total, out=state.shares.copy(), where=total > 0.0)
        factor = np.divide(target, state.shares, out=np.ones_like(target), where=state.shares > 0.0)
        return bounded(state.shares, factor, self.cap)

    def _elasticity(self, brief: Brief, observation: Observation) -> Float[np.ndarray, "R C"]:
        """Ridge regression through the origin of Δ log orders on Δ log spend, season taken out."""
        spend, orders = _by_block(brief, observation, self.metric)
        seen = (spend > 0.0) & (orders > 0.0)
        x, y = np.log(np.where(seen, spend, 1.0)), np.log(np.where(seen, orders, 1.0))
        both = seen[1:] & seen[:-1]
        dx, dy = np.where(both, np.diff(x, axis=0), 0.0), np.where(both, np.diff(y, axis=0), 0.0)
        above = self.prior_weight * self.prior_elasticity + (dx * dy).sum(axis=0)
        return np.asarray(np.clip(above / (self.prior_weight + (dx * dx).sum(axis=0)), 0.05, 1.0))


def _by_block(brief: Brief, observation: Observation, metric: Metric) -> tuple[np.ndarray, np.ndarray]:
    """Spend, and orders at mean demand, of the last months, oldest first, (B, R, C) each."""
    length = max(round(BLOCK_DAYS / brief.tick_days), 1)
    first = max(observation.tick - BLOCKS * length, -brief.history_ticks)
    starts = range(observation.tick - length, first - 1, -length)[::-1]
    spend, orders = [np.zeros((0, *brief.shape))], [np.zeros((0, *brief.shape))]
    for start in starts:
        seen = report(observation, metric, start, start + length)
        demand = season_weight(brief, start, start + length)[:, brief.segment]
        spend.append(seen.spend[None])
        orders.append(
            np.divide(seen.orders, demand, out=np.zeros_like(seen.orders), where=demand > 0.0)[None]
        )
    return np.concatenate(spend), np.concatenate(orders)
