"""Trust: autonomy widens after a period that kept its limits and its forecasts, and narrows after another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from aicmo.messages import Brief, Decision, Forecast
from aicmo.scenario.leadership import Leadership
from aicmo.simulation.cdp import Window
from aicmo.simulation.ledger import row_total

RIPE = 0.9
"""Share of conversions credited from which on a day's results are judged."""


@dataclass(frozen=True)
class _Promise:
    """A forecast, in force over the days `start` to `end` (exclusive) [tick]."""

    start: int
    end: int
    forecast: Forecast


class Trust:
    """Factor on what needs no approval, (R,), reviewed when a budget period opens (model.md, Trust).

    A world's forecasts are kept if enough of those that have come due hold what the CDP credited: an agent is
    judged by what people can see. Who makes no forecasts is judged by limits alone.

    Attributes
    ----------
    autonomy : (R,) [1]
    """

    def __init__(self, terms: Leadership, brief: Brief) -> None:
        self.autonomy = np.ones(brief.replications)
        self._terms, self._brief = terms, brief
        self._promises: list[_Promise] = []
        self._running: tuple[int, Forecast] | None = None
        self._breaches = np.zeros(brief.replications)

    def note(self, decision: Decision) -> None:
        """Remember what a decision for all worlds promised, and that the promise before it ends here."""
        self._close(decision.tick)
        forecast = decision.proposal.forecast
        self._running = None if forecast is None else (decision.tick, forecast)

    def review(self, window: Window, tick: int, violations: Float[np.ndarray, "R"]) -> None:
        """Judge the period that has ended; `violations` are counted from the start of the run."""
        self._close(tick)
        kept = (violations == self._breaches) & self._forecasts_held(window)
        terms = self._terms
        factor = np.where(kept, terms.widen, terms.narrow)
        self.autonomy = np.clip(self.autonomy * factor, terms.least, terms.most)
        self._breaches = violations.copy()

    def _close(self, tick: int) -> None:
        if self._running is not None and self._running[0] < tick:
            self._promises.append(_Promise(self._running[0], tick, self._running[1]))
            self._running = (tick, self._running[1])

    def _forecasts_held(self, window: Window) -> Bool[np.ndarray, "R"]:
        """Whether enough of the forecasts that have come due held, (R,)."""
        ripe = window.delivered & (window.maturity >= RIPE)
        last = int(window.origin[ripe][-1]) + 1 if ripe.any() else -self._brief.history_ticks
        due = [promise for promise in self._promises if promise.end <= last]
        self._promises = [promise for promise in self._promises if promise.end > last]
        if not due:
            return np.ones(self._brief.replications, dtype=bool)
        held = np.mean([self._held(promise, window) for promise in due], axis=0)
        return np.asarray(held >= self._terms.kept)

    def _held(self, promise: _Promise, window: Window) -> Bool[np.ndarray, "R"]:
        """Whether what was credited a day lies inside the interval, (R,)."""
        rows = slice(self._brief.row(promise.start), self._brief.row(promise.end))
        ripened = window.unified[rows] / window.maturity[rows, None, None]
        days = (promise.end - promise.start) * self._brief.tick_days
        credited = row_total((ripened * self._brief.value).sum(axis=0)) / days
        forecast = promise.forecast
        return np.asarray((credited >= forecast.credited_low) & (credited <= forecast.credited_high))
