"""Equal ROAS: move money towards what reports the higher return until returns are alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies._pace import bounded, phased
from aicmo.policies._reported import Metric, order_value, report, roas_against_mean
from aicmo.policies._shares import Shares


@dataclass(frozen=True)
class EqualRoas:
    """Multiply each campaign's share by its reported ROAS relative to the mean, capped (common practice).

    Parameters
    ----------
    metric : {"unified", "claimed"}
        Which report is believed.
    cap : float
        Largest relative change of a share at one look.
    every_days : float
        Days between looks.
    season_exponent : float
        How far spend follows believed demand.
    """

    metric: Metric = "claimed"
    cap: float = 0.2
    every_days: float = 28.0
    season_exponent: float = 1.0
    kind: ClassVar[str] = "equal_roas"
    learns: ClassVar[bool] = True

    @classmethod
    def examples(cls) -> Iterator[EqualRoas]:
        """Yield both reports."""
        yield cls()
        yield cls(metric="unified", cap=0.1, every_days=14.0)

    def init(self, brief: Brief) -> Shares:
        """Know the brief; shares come with the first look."""
        return Shares.unknown(brief)

    def update(self, state: Shares, observation: Observation) -> Shares:
        """Follow the report of the time since about the last look."""
        state = state.opened(observation, self.season_exponent)
        rows = observation.due & (state.since(state.looked, observation.tick) >= self.every_days)
        span = round(self.every_days / state.brief.tick_days)
        seen = report(observation, self.metric, observation.tick - 2 * span)
        factor = roas_against_mean(seen.spend, seen.orders * order_value(state.brief))
        fresh = state.replaced(rows, bounded(state.shares, factor, self.cap))
        return fresh._replace(looked=np.where(rows, observation.tick, state.looked))

    def act(self, state: Shares, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        """Return the shares at this week's demand, (R, C) [currency/day]."""
        return phased(state.brief, observation, state.shares, self.season_exponent)
