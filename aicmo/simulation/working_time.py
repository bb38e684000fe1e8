"""Working time on the calendar: when a piece of work ends that was begun at some minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DAY = 1440
WEEK = 7 * DAY


@dataclass(frozen=True)
class WorkingTime:
    """Hours of the day and days of the week at which people work.

    Parameters
    ----------
    first : date
        Calendar day of minute 0.
    opens, closes : int
        Minutes of the day.
    weekdays : frozenset of int
        Monday is 0.
    """

    first: date
    opens: int
    closes: int
    weekdays: frozenset[int]

    @property
    def per_week(self) -> int:
        """Working minutes in a week."""
        return len(self.weekdays) * (self.closes - self.opens)

    def after(self, minute: int, work: int) -> int:
        """Return the minute at which `work` working minutes are over that begin at `minute` or after it.

        Without any work it is the next minute at which somebody is there.
        """
        weeks = max(work - 1, 0) // self.per_week  # whole weeks leave the hour and the weekday as they are
        left, now = work - weeks * self.per_week, minute + weeks * WEEK
        while True:
            day, time = divmod(now, DAY)
            begins = max(time, self.opens)
            if self._works(day) and begins < self.closes:
                if left <= self.closes - begins:
                    return day * DAY + begins + left
                left -= self.closes - begins
            now = (day + 1) * DAY

    def _works(self, day: int) -> bool:
        return (self.first.weekday() + day) % 7 in self.weekdays
