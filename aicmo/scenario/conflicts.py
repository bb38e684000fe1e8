"""Guardrails that cannot all hold, found before anything runs: the smallest conflicting set, with its amounts.

Guardrails answer what they allow as boxes and joint bounds on nested sets of campaigns. On nested sets a plan exists exactly
if no set needs more than it, or a set around it, may spend; needs add up from the innermost set outwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from aicmo.messages import Brief, Limits, Period, Standing
from aicmo.scenario.calendar import Budget, Calendar
from aicmo.scenario.facts import known_facts
from aicmo.scenario.market import Market
from aicmo.scenario.names import Finding

STANDING_RANKS = {"never", "minimum"}
"""Other limits (steps, dwell, contracts) follow from what has been decided before, so none of them binds at the start."""
SLACK = 1e-9


@dataclass
class Bound:
    """Least and most that a set of campaigns may spend in a period, each with who says so."""

    name: str
    members: frozenset[int]
    lower: float = 0.0
    upper: float = np.inf
    sources: dict[str, int] = field(default_factory=dict)
    """Position of the guardrail behind `lower` and `upper`, where one is."""

    def tighten(self, lower: float, upper: float, guardrail: int) -> None:
        """Add what one more guardrail allows."""
        if lower > self.lower:
            self.lower, self.sources["lower"] = lower, guardrail
        if upper < self.upper:
            self.upper, self.sources["upper"] = upper, guardrail


def conflicts(
    calendar: Calendar, budget: Budget, market: Market, guardrails: Sequence[object], currency: str
) -> Iterator[Finding]:
    """Yield the first set of guardrails that cannot all hold, and guardrails that do not fit this scenario."""
    brief = known_facts(calendar, budget, market, currency)
    for period in brief.periods:
        if period.start >= 0:
            found = list(_in_period(brief, period, guardrails))
            yield from found
            if found:
                return


def _in_period(brief: Brief, period: Period, guardrails: Sequence[object]) -> Iterator[Finding]:
    days = period.ticks * brief.tick_days
    everyone = frozenset(range(len(brief.campaigns)))
    bounds = {everyone: Bound("all campaigns", everyone, upper=period.budget)}
    for i, guardrail in enumerate(guardrails):
        try:
            pieces = guardrail.limits(brief, _opening(brief, period))  # type: ignore[attr-defined]  # parts of the shelf
        except ValueError as error:
            yield ("guardrails", i), str(error)
            continue
        for limits in pieces:
            _collect(bounds, limits, i, brief, days)
    crossing = _crossing(list(bounds.values()))
    if crossing:
        yield (
            _place(crossing),
            (
                f"joint limits must be nested or disjoint, but {crossing[0].name} and {crossing[1].name} share only some "
                f"campaigns. Limit one of them by campaign."
            ),
        )
    else:
        yield from _needs_more(list(bounds.values()), period, brief.currency)


def _opening(brief: Brief, period: Period) -> Standing:
    """Where a team stands when a period opens, with its budget spread evenly over days and campaigns."""
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
        paused=~brief.available[[brief.row(period.start)]],
    )


def _collect(
    bounds: dict[frozenset[int], Bound], limits: Limits, guardrail: int, brief: Brief, days: float
) -> None:
    """Add one guardrail's standing limits, as amounts for the period."""
    low = limits.lower_rank in STANDING_RANKS
    high = limits.upper_rank in STANDING_RANKS
    boxes = [
        (f"campaign {name!r}", [c], limits.lower[0, c], limits.upper[0, c])
        for c, name in enumerate(brief.campaigns)
    ]
    groups = [(group.name, group.members, group.lower[0], group.upper[0]) for group in limits.groups]
    for name, members, lower, upper in [*boxes, *groups]:
        key = frozenset(int(c) for c in members)
        bound = bounds.setdefault(key, Bound(name, key))
        bound.tighten(float(lower) * days if low else 0.0, float(upper) * days if high else np.inf, guardrail)


def _crossing(bounds: list[Bound]) -> tuple[Bound, Bound] | None:
    """Two sets that share some campaigns without one holding the other."""
    joint = [bound for bound in bounds if len(bound.members) > 1]
    for i, one in enumerate(joint):
        for other in joint[:i]:
            if one.members & other.members and not (
                one.members <= other.members or other.members <= one.members
            ):
                return other, one
    return None


Need = tuple[float, Bound]


def _needs_more(bounds: list[Bound], period: Period, currency: str) -> Iterator[Finding]:
    """Yield the first set, from the innermost outwards, that needs more than it may spend."""
    done: list[tuple[Bound, list[Need]]] = []
    for bound in sorted(bounds, key=lambda bound: len(bound.members)):
        inside = [item for item in done if item[0].members <= bound.members]
        outermost = [
            item for item in inside if not any(item[0].members < other[0].members for other in inside)
        ]
        needs = [need for _, below in outermost for need in below]
        if bound.lower > sum(amount for amount, _ in needs):
            needs = [(bound.lower, bound)]
        if sum(amount for amount, _ in needs) > bound.upper * (1 + SLACK):
            yield _conflict(_fewest(needs, bound.upper), bound, period, currency)
            return
        done.append((bound, needs))


def _fewest(needs: list[Need], cap: float) -> list[Need]:
    """The fewest needs that together exceed `cap`: the largest first."""
    chosen: list[Need] = []
    for need in sorted(needs, key=lambda need: -need[0]):
        chosen.append(need)
        if sum(amount for amount, _ in chosen) > cap * (1 + SLACK):
            break
    return chosen


def _conflict(needs: list[Need], capped: Bound, period: Period, currency: str) -> Finding:
    spelled = [f"minimum of {bound.name} {amount:,.2f}" for amount, bound in needs]
    total = sum(amount for amount, _ in needs)
    cap = f"budget of {period.name}" if "upper" not in capped.sources else f"maximum of {capped.name}"
    together = f" = {total:,.2f}" if len(needs) > 1 else ""
    said = f"these cannot all hold in {period.name} [{currency}]: {' + '.join(spelled)}{together} > {cap} {capped.upper:,.2f}"
    return _place(
        [bound for _, bound in needs]
    ), f"{said}. Lower a minimum or raise the {cap.split(' of ')[0]}."


def _place(bounds: Sequence[Bound]) -> tuple[str | int, ...]:
    """The guardrail that speaks last among those behind `bounds`."""
    return ("guardrails", max(position for bound in bounds for position in bound.sources.values()))
