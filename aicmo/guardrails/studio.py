"""Studio: how many new creatives may be ordered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aicmo.guardrails._terms import GuardrailError
from aicmo.messages import Brief, Latitude, Limits, Standing


@dataclass(frozen=True)
class Studio:
    """Limit orders of new variants: a person sees every one before it runs, and production has a budget.

    Parameters
    ----------
    at_once : int, optional
        Most variants in the studio, waiting or in work.
    per_period : int, optional
        Most variants ordered in a budget period.
    """

    at_once: int | None = None
    per_period: int | None = None
    kind: ClassVar[str] = "studio"

    def __post_init__(self) -> None:
        for name in ("at_once", "per_period"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise GuardrailError(
                    f"guardrail 'studio': {name} must be a number of at least 0, got {value}"
                )

    @classmethod
    def examples(cls) -> Iterator[Studio]:
        """Yield no limit, and two that bind soon."""
        yield cls()
        yield cls(at_once=2, per_period=3)

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return how many more may be ordered now; nothing to say where nothing can be."""
        free = Limits.none(*brief.shape, source=self.kind)
        room = Latitude.free(*brief.shape).orders
        for most, used in ((self.at_once, standing.in_studio), (self.per_period, standing.briefed)):
            if most is not None and used is not None:
                room = np.minimum(room, np.maximum(most - used, 0))
        return (replace(free, latitude=replace(Latitude.free(*brief.shape), orders=room)),)
