"""Blackout: days on which nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

import numpy as np

from aicmo.guardrails._terms import GuardrailError
from aicmo.messages import Brief, Limits, Standing


@dataclass(frozen=True)
class Span:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise GuardrailError(
                f"guardrail 'blackout': the end {self.end} lies before the start {self.start}"
            )


@dataclass(frozen=True)
class Blackout:
    """Hold every rate as it is, unless the budget, a maximum or a stop-loss says otherwise.

    Parameters
    ----------
    spans : tuple of Span
        When nothing changes.
    """

    spans: tuple[Span, ...] = ()
    kind: ClassVar[str] = "blackout"

    @classmethod
    def examples(cls) -> Iterator[Blackout]:
        """Yield none, and the end of a year."""
        yield cls()
        yield cls((Span(date(2024, 1, 1), date(2024, 1, 6)),))

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return the decision in force as the only one allowed, inside a blackout."""
        free = Limits.none(*brief.shape, source=self.kind)
        today = brief.day_of(standing.tick)
        if not any(span.start <= today <= span.end for span in self.spans):
            return (free,)
        held = np.where(standing.paused, 0.0, standing.current)
        upper = np.where(standing.paused, np.inf, standing.current)
        return (replace(free, lower=held, upper=upper, lower_rank="step", upper_rank="step"),)
