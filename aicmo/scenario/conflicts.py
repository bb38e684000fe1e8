"""Guardrails that cannot all hold, found before anything runs: the smallest conflicting set with its amounts.

On nested sets of campaigns a plan within all bounds exists exactly if no set needs more than it may spend;
needs add up from the innermost sets outwards (core/feasibility.py has the same law for arrays).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aicmo.guardrails import Guardrail
from aicmo.messages import Period
from aicmo.scenario.allowed import Bound, allowed
from aicmo.scenario.calendar import Budget, Calendar
from aicmo.scenario.facts import known_facts, paused
from aicmo.scenario.market import Market
from aicmo.scenario.names import Finding

SLACK = 1e-9
"""Relative: amounts a day times days may miss amounts a period by rounding."""

Need = tuple[float, Bound]


def conflicts(
    calendar: Calendar, budget: Budget, market: Market, guardrails: Sequence[Guardrail], currency: str
) -> Iterator[Finding]:
    """Yield guardrails that do not fit the scenario, or the first set of them that cannot all hold."""
    brief = known_facts(calendar, budget, market, currency)
    for period in brief.periods:
        answer = allowed(brief, period, guardrails, paused(calendar, market, period.start))
        bounds = list(answer.bounds.values())
        found = answer.misfits or _crossing(bounds) or _needs_more(bounds, period, currency)
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


def _needs_more(bounds: list[Bound], period: Period, currency: str) -> list[Finding]:
    """Find the first set, from the innermost outwards, that needs more than it may spend."""
    done: list[tuple[Bound, list[Need]]] = []
    for bound in sorted(bounds, key=lambda bound: len(bound.members)):
        inside = [item for item in done if item[0].members < bound.members]
        nested = {one.members for one, _ in inside for other, _ in inside if one.members < other.members}
        needs = [need for one, below in inside if one.members not in nested for need in below]
        if bound.lower > _total(needs):
            needs = [(bound.lower, bound)]
        if _total(needs) > bound.upper * (1 + SLACK):
            return [_conflict(_fewest(needs, bound.upper), bound, period, currency)]
        if needs:
            done.append((bound, needs))
    return []


def _total(needs: list[Need]) -> float:
    return sum(amount for amount, _ in needs)


def _fewest(needs: list[Need], cap: float) -> list[Need]:
    """Choose the fewest needs that together exceed `cap`: the largest first."""
    chosen: list[Need] = []
    for need in sorted(needs, key=lambda need: -need[0]):
        chosen.append(need)
        if _total(chosen) > cap * (1 + SLACK):
            break
    return chosen


def _conflict(needs: list[Need], capped: Bound, period: Period, currency: str) -> Finding:
    spelled = " + ".join(f"minimum of {bound.name} {amount:,.2f}" for amount, bound in needs)
    together = f" = {_total(needs):,.2f}" if len(needs) > 1 else ""
    cap = "budget" if capped.cap_by is None else f"maximum of {capped.name}"
    path = _last([capped.cap_by, *(bound.floor_by for _, bound in needs)])
    said = f"these cannot all hold in {period.name} [{currency}]: {spelled}{together}"
    return path, f"{said} > {cap} {capped.upper:,.2f}. Lower a minimum or raise the {cap}."


def _last(guardrails: Sequence[int | None]) -> tuple[str | int, ...]:
    """Point at the guardrail that speaks last."""
    return "guardrails", max(position for position in guardrails if position is not None)
