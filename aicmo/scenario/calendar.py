"""When it happens, and the money for each budget period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from aicmo.scenario.model import Model
from aicmo.scenario.quantities import Day, Duration, Money, by_default, spell_minutes

DAY = 1440
YEAR = 52 * 7 * DAY
PERIOD_DAYS = {"quarter": 91.0, "month": 364.0 / 12}
"""A quarter is 13 weeks and a month a third of it, so that 52 weeks hold four and twelve of equal length."""


class Calendar(Model):
    """When it happens."""

    start: Day
    """The day on which the horizon opens."""
    tick: Duration = by_default("1d")
    """Step of the market, `1h` to `1w`: a part of a day, or whole days."""
    horizon: Duration = by_default("52w")
    """How long teams decide."""
    history: Duration = by_default("52w")
    """How long the advertiser has been spending before; four quarters let policies see every season."""
    short_history: str = ""
    """Why the history is shorter than four quarters, where it is."""
    periods: Literal["quarter", "month", "horizon"] = "quarter"
    """Budget periods: 13 weeks, a third of that, or the whole horizon; as equal as ticks allow."""

    @field_validator("tick")
    @classmethod
    def _begins_days(cls, tick: int) -> int:
        if not 60 <= tick <= 7 * DAY or (DAY % tick and tick % DAY):
            said = f"expected 1h to 1w, a part of a day or whole days, got {spell_minutes(tick)}"
            raise ValueError(f"{said}. Try 1h, 6h, 1d or 1w.")
        return tick

    @model_validator(mode="after")
    def _exists(self) -> Self:
        try:
            _ = self.first_day, self.end
        except OverflowError:
            raise ValueError("history and horizon must lie between the years 1 and 9999") from None
        return self

    def edges(self, length: int) -> list[int]:
        """Split `length` [minutes] into budget periods and return where they begin, and the end [tick]."""
        ticks = length // self.tick
        parts = 1 if self.periods == "horizon" else max(1, round(length / DAY / PERIOD_DAYS[self.periods]))
        parts = max(1, min(parts, ticks))
        return [round(i * ticks / parts) for i in range(parts + 1)]

    @property
    def first_day(self) -> date:
        """The day on which the history opens."""
        return self.start - timedelta(minutes=self.history)

    @property
    def end(self) -> date:
        """The first day after the horizon."""
        return self.start + timedelta(minutes=self.horizon)


class Budget(Model):
    """Money per budget period: one amount for all, or one per period."""

    periods: Annotated[tuple[Money, ...], Field(min_length=1)]
    """Of the horizon, in order of time."""
    history: Annotated[tuple[Money, ...], Field(min_length=1)] | None = None
    """Of the history; left out: as the same period of the horizon, in proportion to its length."""
