"""Kill switch: when the ground is lost, spend returns to the last plan that a person approved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from jaxtyping import Bool

from aicmo.guardrails._terms import GuardrailError, delivered
from aicmo.messages import Brief, Limits, Observation, Standing

MONTH_DAYS = 28.0
"""What a sudden fall is measured against."""


@dataclass(frozen=True)
class KillSwitch:
    """Return to the approved plan while data stay away or orders have collapsed; never waived.

    Parameters
    ----------
    silence_days : float
        Days without any new data after which nobody knows what money does.
    collapse : float
        Orders a day, as share of the month before, below which something is broken; 0 for never.
    window_days : float
        Over which orders are compared with the month before.
    """

    silence_days: float = 7.0
    collapse: float = 0.3
    window_days: float = 3.0
    kind: ClassVar[str] = "kill_switch"

    def __post_init__(self) -> None:
        where = f"guardrail {self.kind!r}"
        if not 0.0 <= self.collapse < 1.0:
            raise GuardrailError(f"{where}: collapse is a share from 0 to below 1, got {self.collapse}")
        for name in ("silence_days", "window_days"):
            if not 0.0 < getattr(self, name) < np.inf:
                raise GuardrailError(f"{where}: {name} must be a number above 0, got {getattr(self, name)}")

    @classmethod
    def examples(cls) -> Iterator[KillSwitch]:
        """Yield the default, and one that trips at once."""
        yield cls()
        yield cls(silence_days=0.5, collapse=0.99)

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return the approved plan as the only one allowed, in rows where the switch has tripped."""
        free = Limits.none(*brief.shape, source=self.kind)
        tripped = self.tripped(brief, delivered(self.kind, standing))[:, None] & ~standing.paused
        lower = np.where(tripped, standing.approved, 0.0)
        upper = np.where(tripped, standing.approved, np.inf)
        return (replace(free, lower=lower, upper=upper, lower_rank="never", upper_rank="never"),)

    def tripped(self, brief: Brief, seen: Observation) -> Bool[np.ndarray, "R"]:
        """Whether data stay away or orders have collapsed, (R,); without any history nothing is missed."""
        known = seen.origin[seen.delivered]
        if not known.size:
            return np.zeros(brief.replications, dtype=bool)
        last = int(known[-1])
        silent = (seen.tick - 1 - last) * brief.tick_days >= self.silence_days
        window, month = (max(round(days / brief.tick_days), 1) for days in (self.window_days, MONTH_DAYS))
        cut = last + 1 - window
        collapsed = _pace(seen, cut, last + 1) < self.collapse * _pace(seen, cut - month, cut)
        return np.asarray(silent | collapsed)


def _pace(seen: Observation, start: int, end: int) -> np.ndarray:
    """Orders a tick over ticks `start` to `end` (exclusive), all segments, (R,); 0 where there are none."""
    rows = slice(seen.since(start).start, seen.since(end).start)
    total = seen.orders[rows].sum(axis=0).sum(axis=1)
    return np.asarray(total / max(rows.stop - rows.start, 1))
