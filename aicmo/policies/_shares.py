"""Shares of the budget that people keep between looks, and when each row last changed them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.messages import Brief, Observation
from aicmo.policies._pace import season_ahead, season_weight

YEAR_DAYS = 364.0
"""52 weeks: the same weekdays a year ago."""

NEVER = np.iinfo(np.int64).min // 2
"""Tick of something that has not happened; far back, and safe to subtract from."""


class Shares(NamedTuple):
    """State of a policy that plans by shares.

    Attributes
    ----------
    shares : (R, C) [1]
        Base shares, season taken out; a row of zeros before its first look.
    opening, plan : (R, C) [1]
        Those of the first look, and of the last plan.
    planned, reviewed, looked : (R,) [tick]
        When each row last made a plan, reviewed it, and looked at it.
    """

    brief: Brief
    shares: Float[np.ndarray, "R C"]
    opening: Float[np.ndarray, "R C"]
    plan: Float[np.ndarray, "R C"]
    planned: Int[np.ndarray, "R"]
    reviewed: Int[np.ndarray, "R"]
    looked: Int[np.ndarray, "R"]

    @classmethod
    def unknown(cls, brief: Brief) -> Shares:
        """Nothing has been looked at yet."""
        never = np.full(brief.replications, NEVER)
        nothing = np.zeros(brief.shape)
        return cls(brief, nothing, nothing, nothing, never, never, never)

    def opened(self, observation: Observation, season_exponent: float = 1.0) -> Shares:
        """At a row's first look, read its shares off the decision in force, with the season taken out."""
        season = season_ahead(self.brief, observation.tick, season_exponent)[:, self.brief.segment]
        current = observation.current
        base = np.divide(current, season, out=current.copy(), where=season > 0.0)
        fresh = observation.due & ~self.shares.any(axis=1)
        seen = self.replaced(fresh, base)
        return seen._replace(opening=np.where(fresh[:, None], seen.shares, self.opening))

    def year_before(self, observation: Observation, season_exponent: float = 1.0) -> Float[np.ndarray, "R C"]:
        """Shares of the same period last year, season taken out; without one, those of the first look."""
        brief, period = self.brief, observation.period
        year = round(YEAR_DAYS / brief.tick_days)
        first, last = period.start - year, period.end - year
        if first < -brief.history_ticks:
            return self.opening
        rows = slice(observation.since(first).start, observation.since(last).start)
        spent = observation.spend[rows].sum(axis=0)
        season = season_weight(brief, first, last, season_exponent)[:, brief.segment]
        base = np.divide(spent, season, out=spent.copy(), where=season > 0.0)
        total = base.sum(axis=1, keepdims=True)
        shares = np.divide(base, total, out=np.zeros_like(base), where=total > 0.0)
        return np.where(total > 0.0, shares, self.opening)

    def replaced(self, rows: Bool[np.ndarray, "R"], shares: Float[np.ndarray, "R C"]) -> Shares:
        """Put shares (R, C) into some rows, scaled so that they add up to one."""
        total = shares.sum(axis=1, keepdims=True)
        even = np.full_like(shares, 1.0 / shares.shape[1])
        fresh = np.divide(shares, total, out=even, where=total > 0.0)
        return self._replace(shares=np.where(rows[:, None], fresh, self.shares))

    def since(self, moment: Int[np.ndarray, "R"], tick: int) -> Float[np.ndarray, "R"]:
        """Days from a moment of each row to `tick`."""
        return np.asarray((tick - moment) * self.brief.tick_days)
