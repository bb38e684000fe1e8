"""What a team expected of its budget decisions, what they brought, and how often its intervals held it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from aicmo.messages import Brief, Decision

Rows = Float[np.ndarray, "R"]


class Promises:
    """Forecasts of decisions, each settled when the next decision ends it.

    What is delivered is the gross profit of orders that campaigns truly caused while a forecast was in force:
    later echoes of its money count for its successor, as earlier ones did for it.

    Attributes
    ----------
    promised, delivered : (R,) [currency]
        Over all settled forecasts.
    made, held : (R,)
        How many were settled, and of how many the 90 % interval held what was delivered.
    """

    def __init__(self, brief: Brief) -> None:
        nothing = np.zeros(brief.replications)
        self.promised, self.delivered, self.made, self.held = (nothing.copy() for _ in range(4))
        self._brief = brief
        self._earned, self._days = nothing.copy(), nothing.copy()
        self._rate, self._low, self._high = (np.full(brief.replications, np.nan) for _ in range(3))

    def note(self, decision: Decision) -> None:
        """Settle the forecasts that a decision ends, and remember what it promises itself."""
        due, forecast = decision.due, decision.proposal.forecast
        self._settle(due)
        nothing = np.full(len(due), np.nan)
        told = [nothing] * 3 if forecast is None else [forecast.profit, forecast.low, forecast.high]
        self._rate = np.where(due, told[0], self._rate)
        self._low = np.where(due, told[1], self._low)
        self._high = np.where(due, told[2], self._high)

    def earn(self, orders: Float[np.ndarray, "R C"]) -> None:
        """Add what campaigns caused in a tick, (R, C) [order]."""
        # from left to right, so that no bit hangs on the batch
        self._earned += np.add.accumulate(orders * self._brief.value, axis=1)[:, -1]
        self._days += self._brief.tick_days

    def close(self) -> None:
        """Settle what is still running when the run ends."""
        self._settle(np.ones(len(self.made), dtype=bool))

    def _settle(self, ended: Bool[np.ndarray, "R"]) -> None:
        judged = ended & ~np.isnan(self._rate) & (self._days > 0.0)
        low, high = self._low * self._days, self._high * self._days
        self.promised += np.where(judged, self._rate * self._days, 0.0)
        self.delivered += np.where(judged, self._earned, 0.0)
        self.made += judged
        self.held += judged & (self._earned >= low) & (self._earned <= high)
        self._earned = np.where(ended, 0.0, self._earned)
        self._days = np.where(ended, 0.0, self._days)
