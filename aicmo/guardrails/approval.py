"""Approval: how far spend may move from the last plan that a person approved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aicmo.guardrails._terms import GuardrailError, even_rate
from aicmo.messages import Brief, Limits, Standing


@dataclass(frozen=True)
class Approval:
    """Limit unapproved change: what goes beyond waits for a person, what stays within goes ahead.

    Without `leadership:` in the scenario nobody answers, and the limit is a hard one.

    Parameters
    ----------
    share : float
        Largest change of a campaign relative to its approved rate.
    floor : float
        What a change is relative to at least, as share of the budget's even rate.
    """

    share: float = 0.3
    floor: float = 0.02
    kind: ClassVar[str] = "approval"

    def __post_init__(self) -> None:
        for name in ("share", "floor"):
            value = getattr(self, name)
            if not 0.0 < value < np.inf:
                raise GuardrailError(f"guardrail {self.kind!r}: {name} must be a number above 0, got {value}")

    @classmethod
    def examples(cls) -> Iterator[Approval]:
        """Yield a usual and a narrow autonomy."""
        yield cls()
        yield cls(share=0.05)

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return the box around the approved plan, as wide as trust; standing still is always allowed."""
        free = Limits.none(*brief.shape, source=self.kind)
        trust = 1.0 if standing.autonomy is None else standing.autonomy[:, None]
        base = np.maximum(standing.approved, self.floor * even_rate(brief, standing.period))
        room = trust * self.share * base
        lower = np.minimum(np.maximum(standing.approved - room, 0.0), standing.current)
        upper = np.maximum(standing.approved + room, standing.current)
        lower = np.where(standing.paused, 0.0, lower)
        return (replace(free, lower=lower, upper=upper, lower_rank="step", upper_rank="step", asks=True),)
