"""The rhythm of a budget seat: who hosts the rule, how late, how often it plans; rules in another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aicmo.agents import Agent
from aicmo.agents.optimization import Optimization
from aicmo.agents.planner import Planner
from aicmo.policies import Policy
from aicmo.policies.ai_cmo import AiCmo
from aicmo.policies.albers import Albers
from aicmo.policies.equal_roas import EqualRoas
from aicmo.policies.manual_quarterly import ManualQuarterly
from aicmo.policies.quarterly_optimizer import QuarterlyOptimizer
from aicmo.simulation.seats import DAY, cadence_minutes

QUARTER_DAYS = 91.0
WEEK_DAYS = 7.0
OWN_CALENDAR: Mapping[type, str] = {
    ManualQuarterly: "review_days",
    EqualRoas: "every_days",
    Albers: "every_days",
}
"""Rules that decide on a calendar of their own, and the setting that says how often [day]."""


@dataclass(frozen=True)
class Rhythm:
    """How a rule is lived with.

    Attributes
    ----------
    host : Planner or Optimization
        People, whose budgets go live days later, or an agent.
    days : float [day]
        How long a plan stands before it is made anew.
    """

    host: Planner | Optimization
    days: float

    @classmethod
    def of(cls, seated: Agent) -> Rhythm | None:
        """Read the rhythm of who fills the budget seat; None where rule and rhythm cannot be told apart."""
        if not isinstance(seated, Planner | Optimization):
            return None
        return cls(seated, max(renewal_days(seated.policy), cadence_days(seated.cadence)))

    def living(self, policy: Policy) -> Planner | Optimization:
        """Seat a rule in this rhythm: one of a known kind plans anew as often, any other is only hosted."""
        return replace(self.host, policy=renewed(policy, self.days, cadence_days(self.host.cadence)))

    def __str__(self) -> str:
        late = ""
        if isinstance(self.host, Planner) and self.host.answer_days[1] > 0.0:
            late = ", live {:g} to {:g} working days later".format(*self.host.answer_days)
        return f"{self.host.kind}, a plan every {self.days:g} days{late}"


def cadence_days(cadence: str) -> float:
    """Days from one decision to the next."""
    return QUARTER_DAYS if cadence == "period" else cadence_minutes(cadence) / DAY


def renewal_days(policy: Policy) -> float:
    """Days for which a rule lets its plan stand; 0 where it plans whenever it is asked."""
    if isinstance(policy, QuarterlyOptimizer):
        return WEEK_DAYS * policy.resolve_weeks or QUARTER_DAYS
    setting = OWN_CALENDAR.get(type(policy))
    return 0.0 if setting is None else float(getattr(policy, setting))


def renewed(policy: Policy, days: float, asked_days: float) -> Policy:
    """Return the same rule with plans that stand for `days`, where it is asked every `asked_days`.

    Examples
    --------
    >>> renewed(AiCmo(), 28.0, 7.0) == QuarterlyOptimizer(resolve_weeks=4)
    True
    >>> renewed(QuarterlyOptimizer(resolve_weeks=4), 7.0, 7.0) == AiCmo()
    True
    """
    setting = OWN_CALENDAR.get(type(policy))
    if setting is not None:
        changed: Any = replace(policy, **{setting: days})  # type: ignore[type-var]  # rules are dataclasses
        return changed if days != getattr(policy, setting) else policy
    if isinstance(policy, QuarterlyOptimizer):
        weeks = _weeks(days)
        if policy.horizon == "now" and days <= asked_days:
            return policy.optimizer
        return policy if weeks == policy.resolve_weeks else replace(policy, resolve_weeks=weeks)
    if isinstance(policy, AiCmo) and days > asked_days:
        return QuarterlyOptimizer(policy, _weeks(days))
    return policy


def _weeks(days: float) -> int:
    """Weeks between runs as `QuarterlyOptimizer` counts them: 0 is once a quarter."""
    return 0 if days >= QUARTER_DAYS else max(1, round(days / WEEK_DAYS))
