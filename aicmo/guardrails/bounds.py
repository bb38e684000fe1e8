"""Bounds: minimum and maximum of a campaign, or of a channel, segment or objective together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aicmo.guardrails._terms import GuardrailError, Per, daily, require_per, select
from aicmo.messages import Brief, GroupLimit, Limits, Period, Standing


@dataclass(frozen=True)
class Range:
    """One limit, in a scenario file ``ranges: [{channel: tv, minimum: 400k, maximum: 900k, per: quarter}]``.

    Parameters
    ----------
    campaign, segment, channel, objective : str, optional
        Whom it addresses, jointly: all campaigns that fit every name given. At least one.
    minimum, maximum : float
        Amounts per `per`, or shares of the budget's even rate where `per` is "share". No maximum: no limit.
    per : {"day", "week", "quarter", "period", "share"}
        A quarter is 91 days; `period` is the running budget period.
    """

    campaign: str | None = None
    segment: str | None = None
    channel: str | None = None
    objective: str | None = None
    minimum: float = 0.0
    maximum: float | None = None
    per: Per = "day"

    def __post_init__(self) -> None:
        where = f"guardrail 'bounds', {self.name}"
        if not self.scope:
            raise GuardrailError(
                "guardrail 'bounds': a limit names a campaign, segment, channel or objective"
            )
        require_per(where, self.per)
        unit = "of the budget" if self.per == "share" else f"per {self.per}"
        if not 0.0 <= self.minimum < np.inf:
            raise GuardrailError(f"{where}: minimum must be an amount of at least 0, got {self.minimum}")
        if self.maximum is not None and not self.maximum >= self.minimum:
            raise GuardrailError(
                f"guardrails: minimum spend of {self.name} ({self.minimum:,.6g} {unit}) exceeds its maximum "
                f"({self.maximum:,.6g}): raise one or lower the other."
            )

    @property
    def scope(self) -> dict[str, str]:
        """The names given, by noun."""
        named = {noun: getattr(self, noun) for noun in ("campaign", "segment", "channel", "objective")}
        return {noun: name for noun, name in named.items() if name is not None}

    @property
    def name(self) -> str:
        """Whom the limit addresses, in words."""
        return ", ".join(f"{noun} {name!r}" for noun, name in self.scope.items())

    def rates(self, brief: Brief, period: Period) -> tuple[float, float]:
        """Minimum and maximum as rates [currency/day]."""
        highest = np.inf if self.maximum is None else daily(self.maximum, self.per, brief, period)
        return daily(self.minimum, self.per, brief, period), highest


@dataclass(frozen=True)
class Bounds:
    """Minimums and maximums; maximums always hold, minimums are the first to give way.

    Parameters
    ----------
    ranges : tuple of Range
        Any number of limits. Joint ones must be nested or disjoint: a limit on a channel and one on a segment
        that share campaigns cannot both stand.
    """

    ranges: tuple[Range, ...] = ()
    kind: ClassVar[str] = "bounds"

    @classmethod
    def examples(cls) -> Iterator[Bounds]:
        """Yield limits on campaigns alone, and on objectives in shares."""
        yield cls()
        yield cls(
            (
                Range(objective="acquisition", minimum=0.2, maximum=0.9, per="share"),
                Range(objective="retention", minimum=0.05, per="share"),
            )
        )

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        """Return boxes for single campaigns, groups for the rest; nobody need spend on what cannot run."""
        free = Limits.none(*brief.shape, source=self.kind)
        lower, upper, groups = free.lower.copy(), free.upper.copy(), list[GroupLimit]()
        for item in self.ranges:
            members = select(f"guardrail 'bounds', {item.name}", brief, **item.scope)
            least, most = item.rates(brief, standing.period)
            runs = ~standing.paused[:, members]
            if len(members) == 1:
                lower[:, members] = np.maximum(lower[:, members], np.where(runs, least, 0.0))
                upper[:, members] = np.minimum(upper[:, members], most)
            else:
                floor = np.where(runs.any(axis=1), least, 0.0)
                groups.append(GroupLimit(item.name, members, floor, np.full(len(floor), most)))
        return (replace(free, lower=lower, upper=upper, groups=tuple(groups)),)
