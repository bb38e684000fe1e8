"""Percent of sales: segments get money in proportion to what they sold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies._pace import phased
from aicmo.policies._reported import joined, order_value
from aicmo.policies._shares import Shares


@dataclass(frozen=True)
class PercentOfSales:
    """Split the budget by past sales, once a period (over half of large advertisers: Fischer et al. 2012).

    The period's total is given, so the percentage is the same for all segments; the mix inside each stays.

    Parameters
    ----------
    look_back_days : float
        Over which sales are added up.
    season_exponent : float
        How far spend follows believed demand, that is, planned sales.
    """

    look_back_days: float = 91.0
    season_exponent: float = 1.0
    kind: ClassVar[str] = "percent_of_sales"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[PercentOfSales]:
        """Yield a quarter's and a year's sales."""
        yield cls()
        yield cls(look_back_days=364.0)

    def init(self, brief: Brief) -> Shares:
        """Know the brief; shares come with the first look."""
        return Shares.unknown(brief)

    def update(self, state: Shares, observation: Observation) -> Shares:
        """When a period has begun, split by the sales of the segments."""
        state = state.opened(observation, self.season_exponent)
        rows = observation.due & (state.planned < observation.period.start)
        fresh = state.replaced(rows, _by_sales(state, observation, self.look_back_days))
        return fresh._replace(planned=np.where(rows, observation.tick, state.planned))

    def act(self, state: Shares, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        """Return the period's shares at this week's demand, (R, C) [currency/day]."""
        return phased(state.brief, observation, state.shares, self.season_exponent)


def _by_sales(state: Shares, observation: Observation, look_back_days: float) -> np.ndarray:
    """Shares (R, C): segments in proportion to revenue, the mix inside each stays; none sold: as before."""
    brief = state.brief
    recent = observation.since(observation.tick - round(look_back_days / brief.tick_days))
    orders = np.where(observation.delivered[recent, None, None], observation.orders[recent], 0.0).sum(axis=0)
    value = np.zeros(len(brief.segments))
    value[brief.segment] = order_value(brief)
    held = joined(state.shares, brief.segment, len(brief.segments))
    mix = np.divide(state.shares, held[:, brief.segment], out=np.zeros(brief.shape), where=state.shares > 0.0)
    split = mix * (orders * value)[:, brief.segment]
    return np.where(split.any(axis=1, keepdims=True), split, state.shares)
