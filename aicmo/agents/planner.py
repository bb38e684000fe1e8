"""The planner: people who follow a rule, look on a calendar, and decide on reports that are days old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat
from aicmo.policies import Policy
from aicmo.policies.manual_quarterly import ManualQuarterly


@dataclass(frozen=True)
class Planner:
    """Hosts a policy that people carry out by hand.

    Parameters
    ----------
    policy : Policy
        The rule that they follow.
    cadence : str
        How often they look.
    lead_days : int
        Days from pulling the report to the changed budget being live: U(2, 5) working days (model.md) have
        mean 3.5, about 5 calendar days.
    """

    kind: ClassVar[str] = "planner"
    seat: ClassVar[Seat] = "budget"

    policy: Policy = field(default_factory=ManualQuarterly)
    cadence: str = "1w"
    lead_days: int = 5

    @classmethod
    def examples(cls) -> Iterator[Planner]:
        """Instances on which the contracts are checked."""
        yield cls()

    def init(self, brief: Brief) -> Any:
        """Return the policy's state before anything is observed."""
        return brief.tick_days, self.policy.init(brief)

    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        """Propose budgets from the report that was pulled `lead_days` ago."""
        tick_days, inner = state
        report = pulled(observation, self.lead_days / tick_days)
        return Proposal(self.seat, self.policy.act(inner, report, draws))

    def update(self, state: Any, observation: Observation) -> Any:
        """Read the report that was pulled `lead_days` ago."""
        tick_days, inner = state
        return tick_days, self.policy.update(inner, pulled(observation, self.lead_days / tick_days))


def pulled(observation: Observation, ticks: float) -> Observation:
    """Return a report that was pulled some ticks ago: what arrived since is masked."""
    known = observation.origin < observation.tick - round(ticks)
    zero = {
        name: getattr(observation, name) * known[:, None, None]
        for name in ("spend", "claimed", "unified", "orders")
    }
    return replace(observation, delivered=observation.delivered & known, **zero)
