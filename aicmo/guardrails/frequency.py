"""Frequency: how often people may see a campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.guardrails._terms import GuardrailError, delivered
from aicmo.messages import Brief, Latitude, Limits, Observation, Standing

WEEK_DAYS = 7.0
"""Over which platforms report frequency."""


@dataclass(frozen=True)
class Frequency:
    """Cap exposures per addressed head: by money at the breadth in force, by breadth at the money in force.

    Exposures follow money as they did in the last week delivered; what prices do in the meantime shows in
    the next report. Never waived. Where nobody counts exposures it says nothing.

    Parameters
    ----------
    cap : float
        Most exposures of an addressed head by one campaign in a week.
    """

    cap: float = 5.0
    kind: ClassVar[str] = "frequency"

    def __post_init__(self) -> None:
        if not 0.0 < self.cap < np.inf:
            raise GuardrailError(f"guardrail 'frequency': cap must be a number above 0, got {self.cap}")

    @classmethod
    def examples(cls) -> Iterator[Frequency]:
        """Yield a usual cap and a low one."""
        yield cls()
        yield cls(cap=0.5)

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return the most money at today's breadth, and the least breadth for today's money."""
        free = Limits.none(*brief.shape, source=self.kind)
        if standing.observation is None or standing.observation.frequency is None:
            return (free,)
        seen = delivered(self.kind, standing)
        weekly = WEEK_DAYS * self._per_money(brief, seen)
        upper = np.divide(self.cap, weekly, out=np.full(brief.shape, np.inf), where=weekly > 0.0)
        piece = replace(free, upper=upper)
        if seen.breadth is None:
            return (piece,)
        least = seen.breadth * weekly * standing.current / self.cap
        can = np.ones(len(brief.campaigns), dtype=bool) if brief.targeted is None else brief.targeted
        band = Latitude.free(*brief.shape)
        return (replace(piece, latitude=replace(band, narrowest=np.where(can, np.minimum(least, 1.0), 0.0))),)

    @staticmethod
    def _per_money(brief: Brief, seen: Observation) -> Float[np.ndarray, "R C"]:
        """Exposures of an addressed head for a unit of money, over the week that was reported."""
        until = int(np.count_nonzero(seen.delivered))
        rows = slice(max(until - round(WEEK_DAYS / brief.tick_days), 0), until)
        days = max(rows.stop - rows.start, 1) * brief.tick_days
        daily = seen.spend[rows].sum(axis=0) / days
        told = np.asarray(seen.frequency)
        return np.asarray(np.divide(told, daily, out=np.zeros(brief.shape), where=daily > 0.0))
