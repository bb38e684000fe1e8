"""Commitment: what was bought in advance runs on until it can be cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

import numpy as np

from aicmo.guardrails._terms import GuardrailError, select
from aicmo.messages import Brief, Limits, Standing


@dataclass(frozen=True)
class Contract:
    """Terms of one channel, bought for a budget period when it opens.

    US upfront practice: up to half of a quarter's television can be cancelled, on dates about two
    months ahead.

    Parameters
    ----------
    channel : str
    cancellable : float
        Share of the committed level that may be dropped at any time, 0 … 1.
    notice_days : float
        The rest may be dropped when this time has passed since the period opened.
    dates : tuple of date
        Days from which the rest of the running period may be dropped, in place of a notice.
    """

    channel: str
    cancellable: float = 0.5
    notice_days: float = 60.0
    dates: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        where = f"guardrail 'commitment', channel {self.channel!r}"
        if not 0.0 <= self.cancellable <= 1.0:
            raise GuardrailError(f"{where}: cancellable is a share between 0 and 1, got {self.cancellable}")
        if not 0.0 <= self.notice_days < np.inf:
            raise GuardrailError(
                f"{where}: notice_days must be a number of at least 0, got {self.notice_days}"
            )

    def binds(self, brief: Brief, standing: Standing) -> bool:
        """Whether the committed level still has to be paid at this tick.

        At the tick that opens a period the level is being bought: every rate is free. People who are late
        buy later, see `Standing.bought`.
        """
        opened, now = brief.day_of(standing.period.start), brief.day_of(standing.tick)
        if standing.tick == standing.period.start:
            return False
        if self.dates:
            return not any(opened < day <= now for day in self.dates)
        since = (standing.tick - standing.period.start) * brief.tick_days
        return since < self.notice_days


@dataclass(frozen=True)
class Commitment:
    """Keep committed channels at (1 − cancellable) × the level bought when the period opened.

    Every campaign of a channel is bought by itself. Contracts outrank stop-loss; they give way to the
    budget, maximums and exclusions alone.

    Parameters
    ----------
    contracts : tuple of Contract
        The committed channels.
    """

    contracts: tuple[Contract, ...] = ()
    kind: ClassVar[str] = "commitment"

    @classmethod
    def examples(cls) -> Iterator[Commitment]:
        """Yield no contract at all; contracts name channels, so a scenario brings them."""
        yield cls()

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return what has to be paid on, for campaigns that can run."""
        free = Limits.none(*brief.shape, source=self.kind)
        lower = free.lower.copy()
        for contract in self.contracts:
            members = select(f"guardrail {self.kind!r}", brief, channel=contract.channel)
            if contract.binds(brief, standing):
                kept = (1.0 - contract.cancellable) * standing.opening[:, members]
                if standing.bought is not None:
                    kept = kept * standing.bought[:, None]
                lower[:, members] = np.maximum(lower[:, members], kept)
        return (replace(free, lower=np.where(standing.paused, 0.0, lower), lower_rank="commitment"),)
