"""Exclusions: whom a channel never addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from aicmo.guardrails._terms import GuardrailError, select
from aicmo.messages import Brief, Limits, Standing


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
    """No money on some segments and channels; never waived.

    Parameters
    ----------
    pairs : tuple of Pair
        What is excluded.
    """

    pairs: tuple[Pair, ...] = ()
    kind: ClassVar[str] = "exclusions"

    @classmethod
    def examples(cls) -> Iterator[Exclusions]:
        """Yield none; pairs name segments and channels, so a scenario brings them."""
        yield cls()

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:  # noqa: ARG002 - they always hold
        """Return an upper limit of zero for every campaign that is excluded."""
        free = Limits.none(*brief.shape, source=self.kind)
        upper = free.upper.copy()
        for pair in self.pairs:
            upper[
                :, select(f"guardrail {self.kind!r}", brief, segment=pair.segment, channel=pair.channel)
            ] = 0.0
        return (replace(free, upper=upper),)
