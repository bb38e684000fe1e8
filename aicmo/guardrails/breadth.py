"""Breadth: how narrowly and how broadly campaigns may address their segments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aicmo.guardrails._terms import GuardrailError, select
from aicmo.messages import Brief, Latitude, Limits, Standing


@dataclass(frozen=True)
class Audience:
    """Breadths of some campaigns, in a file ``audiences: [{channel: display, minimum: 0.5}]``.

    Parameters
    ----------
    segment, channel : str, optional
        Whom it addresses, jointly; all campaigns where neither is given.
    minimum, maximum : float
        Shares of the segment, each above 0 and at most 1.
    """

    segment: str | None = None
    channel: str | None = None
    minimum: float = 0.1
    maximum: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.minimum <= self.maximum <= 1.0:
            raise GuardrailError(
                "guardrail 'breadth': an audience needs 0 < minimum ≤ maximum ≤ 1, "
                f"got {self.minimum} and {self.maximum}"
            )


@dataclass(frozen=True)
class Breadth:
    """Limit what the targeting seat may choose, where a channel offers targeting.

    Parameters
    ----------
    audiences : tuple of Audience
        Any number of limits; all that fit a campaign hold together.
    """

    audiences: tuple[Audience, ...] = (Audience(),)
    kind: ClassVar[str] = "breadth"

    @classmethod
    def examples(cls) -> Iterator[Breadth]:
        """Yield limits on all campaigns: none that binds, and a narrow band."""
        yield cls()
        yield cls((Audience(minimum=0.4, maximum=0.6),))

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:  # noqa: ARG002 - they always hold
        """Return the band of each campaign that can be targeted."""
        free = Latitude.free(*brief.shape)
        narrowest, widest = free.narrowest.copy(), free.widest.copy()
        for item in self.audiences:
            members = select(f"guardrail {self.kind!r}", brief, segment=item.segment, channel=item.channel)
            if brief.targeted is not None:
                members = members[brief.targeted[members]]
            narrowest[:, members] = np.maximum(narrowest[:, members], item.minimum)
            widest[:, members] = np.minimum(widest[:, members], item.maximum)
        band = Latitude(np.minimum(narrowest, widest), widest, free.orders)
        return (replace(Limits.none(*brief.shape, source=self.kind), latitude=band),)
