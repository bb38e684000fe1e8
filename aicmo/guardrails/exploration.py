"""Exploration: how much of the budget may be spent away from the best plan known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aicmo.guardrails._terms import GuardrailError
from aicmo.messages import Brief, Limits, Standing


@dataclass(frozen=True)
class Exploration:
    """Keep the money that is away from the best plan, Σ|rate − best| / 2, below a share of that plan.

    A campaign may lie off by share × (best + mean of best): half of the allowance goes to campaigns in
    proportion, half to all alike, so that one at zero can be tried. Together they stay within the share:
    Σ (best + mean) · share / 2 = share · Σ best. Standing still, or going from the decision in force towards
    the best plan, is no exploration. Money that goes to people who are held out of experiments counts: it
    takes from the share. A team that states no best plan is limited in its experiments only.

    Parameters
    ----------
    share : float
        Largest share of the budget away from the current best estimate, experiments included.
    """

    share: float = 0.1
    kind: ClassVar[str] = "exploration"

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= 1.0:
            raise GuardrailError(f"guardrail {self.kind!r}: share must lie between 0 and 1, got {self.share}")

    @classmethod
    def examples(cls) -> Iterator[Exploration]:
        """Yield a usual share, and none at all."""
        yield cls()
        yield cls(share=0.0)

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return the box around what lies between the decision in force and the best plan."""
        best = standing.best
        plan = standing.current if best is None else best
        size = plan.sum(axis=1)
        free = replace(Limits.none(*brief.shape, source=self.kind), withheld=self.share * size)
        if best is None:
            return (free,)
        used = np.zeros_like(size) if standing.withheld is None else standing.withheld
        left = np.maximum(self.share - np.divide(used, size, out=np.zeros_like(size), where=size > 0), 0.0)
        room = left[:, None] * (best + best.mean(axis=1, keepdims=True))
        lower = np.maximum(np.minimum(best, standing.current) - room, 0.0)
        upper = np.maximum(best, standing.current) + room
        lower = np.where(standing.paused, 0.0, lower)
        return (replace(free, lower=lower, upper=upper, lower_rank="step", upper_rank="step"),)
