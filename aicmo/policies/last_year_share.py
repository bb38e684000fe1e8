"""Last year's shares, phased by season: what a plan looks like when nobody looks at results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies._pace import phased
from aicmo.policies._shares import YEAR_DAYS, Shares


@dataclass(frozen=True)
class LastYearShare:
    """Spend as in the year before, phased by believed demand (common practice).

    Parameters
    ----------
    season_exponent : float
        How far spend follows believed demand; 0 not at all.
    """

    season_exponent: float = 1.0
    kind: ClassVar[str] = "last_year_share"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[LastYearShare]:
        """Yield it with and without phasing."""
        yield cls()
        yield cls(season_exponent=0.0)

    def init(self, brief: Brief) -> Shares:
        """Know the brief; shares come with the first look."""
        return Shares.unknown(brief)

    def update(self, state: Shares, observation: Observation) -> Shares:
        """Read the shares of the year before, at a row's first look only."""
        year = round(YEAR_DAYS / state.brief.tick_days)
        spend = observation.spend[observation.since(observation.tick - year)].sum(axis=0)
        # Nothing delivered yet: the plan in force is all that is known of the past.
        past = np.where(spend.any(axis=1, keepdims=True), spend, observation.current)
        return state.replaced(observation.due & ~state.shares.any(axis=1), past)

    def act(self, state: Shares, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        """Return last year's shares at this week's demand, (R, C) [currency/day]."""
        return phased(state.brief, observation, state.shares, self.season_exponent)
