"""Guardrails that cannot all hold, found before anything runs: the smallest conflicting set with its amounts.

On nested sets of campaigns a plan within all bounds exists exactly if no set has more demanded than granted,
both added up from the innermost sets outwards (core/feasibility.py has the same law for arrays).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aicmo.guardrails import Guardrail
from aicmo.messages import Period
from aicmo.scenario.allowed import Bound, allowed
from aicmo.scenario.calendar import Budget, Calendar
from aicmo.scenario.facts import known_facts, paused
from aicmo.scenario.market import Market
from aicmo.scenario.names import Finding

SLACK = 1e-9
"""Relative: amounts a day times days may miss amounts a period by rounding."""

Share = tuple[float, Bound]
"""An amount, and the bound that demands or grants it."""


@dataclass(frozen=True)
class Reach:
    """Least and most that a set can spend, as the shares that add up to it; no `caps` where it has no end."""

    members: frozenset[int]
    needs: list[Share]
    caps: list[Share] | None

    @property
    def broken(self) -> bool:
        """Whether more is demanded than granted."""
        return self.caps is not None and _total(self.needs) > _total(self.caps) * (1 + SLACK)


def conflicts(
    calendar: Calendar, budget: Budget, market: Market, guardrails: Sequence[Guardrail], currency: str
) -> Iterator[Finding]:
    """Yield guardrails that do not fit the scenario, or the first set of them that cannot all hold."""
    brief = known_facts(calendar, budget, market, currency)
    for period in brief.periods:
        answer = allowed(brief, period, guardrails, paused(calendar, market, period.start))
        bounds = list(answer.bounds.values())
        found = answer.misfits or _crossing(bounds) or _broken(bounds, period, currency)
        yield from found
        if found:
            return


def _crossing(bounds: list[Bound]) -> list[Finding]:
    """Find two sets that share some campaigns without one holding the other."""
    joint = [bound for bound in bounds if len(bound.members) > 1]
    for i, one in enumerate(joint):
        for other in joint[:i]:
            nested = one.members <= other.members or other.members <= one.members
            if one.members & other.members and not nested:
                said = f"joint limits must be nested or disjoint: {other.name} and {one.name} share campaigns"
                return [
                    (_last([one.floor_by, one.cap_by]), f"{said}. Limit one of them campaign by campaign.")
                ]
    return []


def _broken(bounds: list[Bound], period: Period, currency: str) -> list[Finding]:
    """Find the first set, from the innermost outwards, of which more is demanded than granted."""
    done: list[Reach] = []
    for bound in sorted(bounds, key=lambda bound: len(bound.members)):
        reach = _reach(bound, [inner for inner in done if inner.members < bound.members])
        if reach.broken:
            return [_conflict(reach, period, currency)]
        if reach.needs or reach.caps is not None:
            done.append(reach)
    return []


def _reach(bound: Bound, inside: list[Reach]) -> Reach:
    """Add up what the sets inside `bound` need and may spend, and hold it against its own limits."""
    nested = {one.members for one in inside for other in inside if one.members < other.members}
    parts = [one for one in inside if one.members not in nested]
    needs = [need for one in parts for need in one.needs]
    if bound.lower > _total(needs):
        needs = [(bound.lower, bound)]
    capped = [one for one in parts if one.caps is not None]
    caps = [cap for one in capped for cap in one.caps or ()]
    if bound.upper < _total(caps) or sum(len(one.members) for one in capped) < len(bound.members):
        return Reach(bound.members, needs, [(bound.upper, bound)] if math.isfinite(bound.upper) else None)
    return Reach(bound.members, needs, caps)


def _total(shares: list[Share]) -> float:
    return sum(amount for amount, _ in shares)


def _fewest(needs: list[Share], cap: float) -> list[Share]:
    """Choose the fewest needs that together exceed `cap`: the largest first."""
    chosen: list[Share] = []
    for need in sorted(needs, key=lambda need: -need[0]):
        chosen.append(need)
        if _total(chosen) > cap * (1 + SLACK):
            break
    return chosen


def _conflict(reach: Reach, period: Period, currency: str) -> Finding:
    caps = reach.caps or []
    needs = _fewest(reach.needs, _total(caps))
    demanded = _sum([(f"minimum of {bound.name}", amount) for amount, bound in needs])
    named = ["budget" if bound.cap_by is None else f"maximum of {bound.name}" for _, bound in caps]
    granted = _sum(list(zip(named, (amount for amount, _ in caps), strict=True)))
    said = f"these cannot all hold in {period.name} [{currency}]: {demanded} > {granted}"
    cure = f"the {named[0]}" if len(named) == 1 else "a maximum"
    path = _last([*(bound.cap_by for _, bound in caps), *(bound.floor_by for _, bound in needs)])
    return path, f"{said}. Lower a minimum or raise {cure}."


def _sum(terms: list[tuple[str, float]]) -> str:
    """Spell `a 1.00 + b 2.00 = 3.00`."""
    spelled = " + ".join(f"{name} {amount:,.2f}" for name, amount in terms)
    return spelled if len(terms) == 1 else f"{spelled} = {sum(amount for _, amount in terms):,.2f}"


def _last(guardrails: Sequence[int | None]) -> tuple[str | int, ...]:
    """Point at the guardrail that speaks last."""
    return "guardrails", max(position for position in guardrails if position is not None)
