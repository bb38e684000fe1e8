"""Budget: a period never spends more than its total, and not much faster than evenly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aicmo.guardrails._terms import GuardrailError
from aicmo.messages import Brief, Limits, Standing


@dataclass(frozen=True)
class Budget:
    """Cap the total rate by what is left of the running period.

    The exact cap in minor units is enforced where money is spent; this keeps plans from running into it.

    Parameters
    ----------
    corridor : float
        Highest pace as a multiple of an even pace over the rest of the period, at least 1.
    """

    corridor: float = 3.0
    kind: ClassVar[str] = "budget"

    def __post_init__(self) -> None:
        if not self.corridor >= 1.0:
            raise GuardrailError(
                f"guardrail 'budget': corridor must be at least 1 (an even pace), got {self.corridor:g}"
            )

    @classmethod
    def examples(cls) -> Iterator[Budget]:
        """Yield a loose and a tight corridor."""
        yield cls()
        yield cls(corridor=1.0)

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return the total: at most the corridor, and never more than all that is left within one tick."""
        left = np.maximum(standing.remaining, 0.0)
        even = left / max(standing.days_left, brief.tick_days)
        total = np.minimum(self.corridor * even, left / brief.tick_days)
        return (replace(Limits.none(*brief.shape, source=self.kind), total=total),)
