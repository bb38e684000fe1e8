"""What guardrails allow when a budget period opens: least and most by set of campaigns, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from aicmo.guardrails import Guardrail
from aicmo.messages import Brief, Limits, Period, Standing
from aicmo.scenario.names import Finding

STANDING_RANKS = {"never", "minimum"}
"""Other limits (steps, dwell, contracts) follow from what was decided before: none binds at the start."""


@dataclass
class Bound:
    """Least and most that a set of campaigns may spend in a period [currency].

    Attributes
    ----------
    floor_by, cap_by : int, optional
        Position of the guardrail behind `lower` and `upper`, none for the budget itself.
    """

    name: str
    members: frozenset[int]
    lower: float = 0.0
    upper: float = np.inf
    floor_by: int | None = None
    cap_by: int | None = None

    def tighten(self, lower: float, upper: float, guardrail: int) -> None:
        """Add what one more guardrail allows."""
        if lower > self.lower:
            self.lower, self.floor_by = lower, guardrail
        if upper < self.upper:
            self.upper, self.cap_by = upper, guardrail


@dataclass
class Allowed:
    """Bounds by set of campaigns, and guardrails that do not fit the scenario."""

    bounds: dict[frozenset[int], Bound] = field(default_factory=dict)
    misfits: list[Finding] = field(default_factory=list)


def allowed(brief: Brief, period: Period, guardrails: Sequence[Guardrail], paused: np.ndarray) -> Allowed:
    """Ask every guardrail what it allows at the opening of `period`."""
    everyone = frozenset(range(len(brief.campaigns)))
    answer = Allowed({everyone: Bound("all campaigns", everyone, upper=period.budget)})
    days = period.ticks * brief.tick_days
    for i, guardrail in enumerate(guardrails):
        try:
            pieces = guardrail.limits(brief, opening(brief, period, paused))
        except ValueError as error:
            answer.misfits.append((("guardrails", i), str(error)))
            continue
        for limits in pieces:
            _collect(answer.bounds, limits, i, brief, days)
    return answer


def opening(brief: Brief, period: Period, paused: np.ndarray) -> Standing:
    """Stand where a period opens, with its budget spread evenly over days and campaigns."""
    rate = period.budget / (period.ticks * brief.tick_days) / len(brief.campaigns)
    even = np.full(brief.shape, rate)
    return Standing(
        tick=period.start,
        period=period,
        current=even,
        week_ago=even,
        opening=even,
        approved=even,
        changed=np.full(brief.shape, -brief.history_ticks),
        remaining=np.array([period.budget]),
        days_left=period.ticks * brief.tick_days,
        paused=paused,
    )


def _collect(
    bounds: dict[frozenset[int], Bound], limits: Limits, guardrail: int, brief: Brief, days: float
) -> None:
    """Add the standing limits of one answer, as amounts for the period."""
    low, high = limits.lower_rank in STANDING_RANKS, limits.upper_rank in STANDING_RANKS
    for name, members, lower, upper in _sets(limits, brief):
        bound = bounds.setdefault(members, Bound(name, members))
        bound.tighten(lower * days if low else 0.0, upper * days if high else np.inf, guardrail)


def _sets(limits: Limits, brief: Brief) -> Iterator[tuple[str, frozenset[int], float, float]]:
    """Name, members and rates [currency/day] of every campaign and group."""
    for c, name in enumerate(brief.campaigns):
        yield f"campaign {name!r}", frozenset([c]), float(limits.lower[0, c]), float(limits.upper[0, c])
    for group in limits.groups:
        members = frozenset(int(c) for c in group.members)
        yield group.name, members, float(group.lower[0]), float(group.upper[0])
