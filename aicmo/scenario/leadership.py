"""People who answer what exceeds the agents' autonomy: when they work, and what they decline."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from aicmo.scenario.model import Model
from aicmo.scenario.quantities import Duration, NonNegative, Share, by_default

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Hour = Annotated[int, Field(ge=0, le=24)]


class Leadership(Model):
    """How requests for approval are answered; left out, nobody answers them."""

    answer: Duration = by_default("8h")
    """Working time until half of the requests are answered; drawn anew for each."""
    spread: NonNegative = 0.7
    """Standard deviation of the logarithm of that time."""
    declines: Share = 0.05
    """Share of requests that are declined."""
    hours: tuple[Hour, Hour] = (9, 17)
    """When work begins and ends."""
    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = ("mon", "tue", "wed", "thu", "fri")
    """On which days people work."""

    widen: Annotated[float, Field(ge=1)] = 1.25
    """Factor on autonomy after a budget period without a violation and with forecasts that held."""
    narrow: Annotated[float, Field(gt=0, le=1)] = 0.8
    """Factor after any other."""
    kept: Share = 0.75
    """Share of forecasts that must lie inside their 90 % intervals to have held."""
    least: Annotated[float, Field(gt=0, le=1)] = 0.25
    """Autonomy never falls below this multiple of what the guardrail `approval` says."""
    most: Annotated[float, Field(ge=1)] = 4.0
    """Nor rises beyond this one."""

    @model_validator(mode="after")
    def _works(self) -> Self:
        if self.hours[0] >= self.hours[1]:
            raise ValueError(
                f"expected working hours such as [9, 17], the first before the last, got {list(self.hours)}"
            )
        return self
