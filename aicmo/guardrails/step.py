"""Step: how much may change in one decision and in one week, and how long a change must stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aicmo.guardrails._terms import GuardrailError, even_rate
from aicmo.messages import Brief, Limits, Standing


@dataclass(frozen=True)
class Step:
    """Limit relative changes; they are relative to max(previous, floor), so a campaign at zero can start.

    Platforms advise about ±20 % a day and at least 48 h before judging a change (platform practice); tools
    default to ±20 % (LightweightMMM) and ±30 % (Meridian).

    Parameters
    ----------
    per_decision : float
        Largest relative change of a campaign's rate at one decision.
    per_week : float
        Largest relative change against the decision in force seven days ago.
    floor : float
        What a step is relative to at least, as share of the budget's even rate.
    dwell_days : float
        How long a changed rate must stand before it may change again; 0 for not at all.
    """

    per_decision: float = 0.2
    per_week: float = 0.5
    floor: float = 0.02
    dwell_days: float = 0.0
    kind: ClassVar[str] = "step"

    def __post_init__(self) -> None:
        for name in ("per_decision", "per_week", "floor", "dwell_days"):
            value = getattr(self, name)
            if not 0.0 <= value < np.inf or (value == 0.0 and name != "dwell_days"):
                raise GuardrailError(f"guardrail 'step': {name} must be a number above 0, got {value}")

    @classmethod
    def examples(cls) -> Iterator[Step]:
        """Yield the default and one with a dwell time."""
        yield cls()
        yield cls(per_decision=0.1, per_week=0.2, dwell_days=2.0)

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return the boxes of both steps, and of the dwell time where there is one."""
        floor = self.floor * even_rate(brief, standing.period)
        free = Limits.none(*brief.shape, source=self.kind)
        lower, upper = _box(standing.current, self.per_decision, floor)
        lower_week, upper_week = _box(standing.week_ago, self.per_week, floor)
        # Standing still is always allowed: after a stop-loss the boxes lie apart, and a week forces nothing.
        lower = np.maximum(lower, np.minimum(lower_week, standing.current))
        upper = np.minimum(upper, np.maximum(upper_week, standing.current))
        step = replace(free, lower=lower, upper=upper, lower_rank="step", upper_rank="step")
        pieces = (step, self._dwell(brief, standing)) if self.dwell_days > 0.0 else (step,)
        return tuple(replace(piece, lower=np.where(standing.paused, 0.0, piece.lower)) for piece in pieces)

    def _dwell(self, brief: Brief, standing: Standing) -> Limits:
        """Hold what has changed too recently where it is."""
        fresh = (standing.tick - standing.changed) * brief.tick_days < self.dwell_days
        return Limits(
            lower=np.where(fresh, standing.current, 0.0),
            upper=np.where(fresh, standing.current, np.inf),
            total=np.full(len(standing.current), np.inf),
            lower_rank="dwell",
            upper_rank="dwell",
            source=self.kind,
        )


def _box(rate: np.ndarray, change: float, floor: float) -> tuple[np.ndarray, np.ndarray]:
    """Bounds (R, C) within a relative `change` of `rate`."""
    room = change * np.maximum(rate, floor)
    return np.maximum(rate - room, 0.0), rate + room
