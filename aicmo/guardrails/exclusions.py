"""Exclusions: whom nobody ever addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aicmo.guardrails._terms import GuardrailError, select
from aicmo.messages import Brief, Latitude, Limits, Standing

NARROWEST = 0.1
"""Least share of a segment that a campaign can address (model.md 4)."""


@dataclass(frozen=True)
class Pair:
    """A segment, a channel, or both together: in a file ``pairs: [{segment: minors, channel: tv}]``."""

    segment: str | None = None
    channel: str | None = None

    def __post_init__(self) -> None:
        if self.segment is None and self.channel is None:
            raise GuardrailError("guardrail 'exclusions': a pair names a segment, a channel, or both")


@dataclass(frozen=True)
class Exclusions:
    """No money on some segments and channels, and none on profiles without consent; never waived.

    Parameters
    ----------
    pairs : tuple of Pair
        What is excluded.
    consented_only : bool
        Channels that target profiles address no more people than have consented and can be matched, and bear
        no risk of spend on others. Channels that target nobody use no profiles.
    """

    pairs: tuple[Pair, ...] = ()
    consented_only: bool = False
    kind: ClassVar[str] = "exclusions"

    @classmethod
    def examples(cls) -> Iterator[Exclusions]:
        """Yield none, and no profiles without consent; a scenario brings the names of pairs."""
        yield cls()
        yield cls(consented_only=True)

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return an upper limit of zero for what is excluded, and of breadth where consent limits it."""
        free = Limits.none(*brief.shape, source=self.kind)
        upper = free.upper.copy()
        for pair in self.pairs:
            upper[
                :, select(f"guardrail {self.kind!r}", brief, segment=pair.segment, channel=pair.channel)
            ] = 0.0
        return (replace(free, upper=upper, latitude=self._consented(brief, standing)),)

    def _consented(self, brief: Brief, standing: Standing) -> Latitude | None:
        """Return the share of profiles that may be used as the widest audience."""
        seen = standing.observation
        if not self.consented_only or seen is None or seen.breadth is None:
            return None
        can = np.ones(len(brief.campaigns), dtype=bool) if brief.targeted is None else brief.targeted
        widest = np.where(can, np.clip(seen.coverage, NARROWEST, 1.0), 1.0)
        band = Latitude.free(*brief.shape)
        return replace(band, widest=np.broadcast_to(widest, brief.shape).copy())
