"""The calendar of a scenario as ticks: history before the opening, horizon after it, budget periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from jaxtyping import Float

from aicmo.messages import MINUTES_PER_DAY, Period
from aicmo.scenario.calendar import Budget, Calendar


@dataclass(frozen=True)
class Timeline:
    """Ticks `-history … ticks - 1`; tick 0 opens on `start`.

    Attributes
    ----------
    minutes : int
        Length of a tick [minute].
    """

    start: date
    minutes: int
    ticks: int
    history: int

    @classmethod
    def of(cls, calendar: Calendar) -> Timeline:
        """Read the calendar; what is left of a tick at either end is dropped."""
        return cls(
            start=calendar.start,
            minutes=calendar.tick,
            ticks=calendar.horizon // calendar.tick,
            history=calendar.history // calendar.tick,
        )

    @property
    def days(self) -> float:
        """Length of a tick [day]."""
        return self.minutes / MINUTES_PER_DAY

    @property
    def span(self) -> range:
        """All ticks, history first."""
        return range(-self.history, self.ticks)

    @property
    def edges(self) -> Float[np.ndarray, "T+1"]:
        """Opening of every tick and end of the last one [day since the opening of tick 0]."""
        return np.arange(-self.history, self.ticks + 1) * self.minutes / MINUTES_PER_DAY

    def day(self, moment: date) -> int:
        """Days from the opening to `moment`."""
        return (moment - self.start).days

    def overlap(self, first: float, last: float) -> Float[np.ndarray, "T"]:
        """Share of each tick that lies between two days since the opening [1]."""
        edges = self.edges
        inside = np.minimum(edges[1:], last) - np.maximum(edges[:-1], first)
        share: np.ndarray = np.clip(inside / self.days, 0.0, 1.0)
        return share

    def tick_means(self, daily: Float[np.ndarray, "D"], first_day: int) -> Float[np.ndarray, "T"]:
        """Mean over each tick of a series that is constant within a day, so that ticks of any length agree.

        Parameters
        ----------
        daily : (D,)
            Values of days `first_day, first_day + 1, …` since the opening; they cover all ticks.
        """
        integral = np.concatenate([[0.0], np.cumsum(daily)])
        at_edges = np.interp(self.edges - first_day, np.arange(integral.size), integral)
        means: np.ndarray = np.diff(at_edges) / self.days
        return means

    def dates(self) -> tuple[np.ndarray, int]:
        """All calendar days that a tick touches, and the first of them as days since the opening."""
        first, last = int(np.floor(self.edges[0])), int(np.ceil(self.edges[-1]))
        return np.datetime64(self.start, "D") + np.arange(first, last), first


def budget_periods(calendar: Calendar, budget: Budget) -> tuple[Period, ...]:
    """Split history and horizon into budget periods, as equal as ticks allow.

    `quarter` takes as many parts as 91-day quarters fit nearest, `month` likewise; `horizon` is one period.
    Without amounts of its own, a period of the history gets the money of the period that stands a whole
    number of horizons later, in proportion to its length: four quarters before get what the four quarters
    get.
    """
    line = Timeline.of(calendar)
    ahead = calendar.edges(calendar.horizon)
    behind = [edge - line.history for edge in calendar.edges(calendar.history)] if line.history else [0]
    amounts = _amounts(budget.periods, len(ahead) - 1)
    if budget.history is not None:
        before = _amounts(budget.history, len(behind) - 1)
    else:
        twins = [(i - len(behind) + 1) % len(amounts) for i in range(len(behind) - 1)]
        before = tuple((np.array(amounts)[twins] * (np.diff(behind) / np.diff(ahead)[twins])).tolist())
    past = _name_periods("history ", calendar.periods, behind, before)
    return (*past, *_name_periods("", calendar.periods, ahead, amounts))


def _amounts(given: tuple[float, ...], periods: int) -> tuple[float, ...]:
    """One amount stands for every period; other numbers are refused when the scenario is read."""
    return given * periods if len(given) == 1 else given


def _name_periods(prefix: str, kind: str, edges: Sequence[int], amounts: Iterable[float]) -> Iterator[Period]:
    letter = {"quarter": "Q", "month": "M", "horizon": "P"}[kind]
    for number, (start, end, amount) in enumerate(zip(edges[:-1], edges[1:], amounts, strict=True), start=1):
        yield Period(f"{prefix}{letter}{number}", start, end, amount)
