"""Campaign autonomy: people split the money between channels, the agent moves it inside each (model.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.agents.planner import Planner, pulled
from aicmo.core.noise import Draws
from aicmo.messages import Brief, GroupLimit, Observation, Proposal, Seat
from aicmo.policies import Policy
from aicmo.policies.ai_cmo import AiCmo


@dataclass(frozen=True)
class WithinChannels:
    """Hosts people who plan channels and a policy that plans campaigns.

    Parameters
    ----------
    people : Planner
        Their plan gives each channel its money; where it goes inside is not theirs to say.
    policy : Policy
        The rule that turns observations into budgets of campaigns.
    lead_days : int
        Age of the reports that people read when their plan is taken: both look at once, and people need as
        long as elsewhere.
    cadence : str
        How often both look; when people change their plan is up to their own rule.
    """

    kind: ClassVar[str] = "within_channels"
    seat: ClassVar[Seat] = "budget"

    people: Planner = field(default_factory=Planner)
    policy: Policy = field(default_factory=AiCmo)
    lead_days: int = 5
    cadence: str = "1w"

    @classmethod
    def examples(cls) -> Iterator[WithinChannels]:
        """Instances on which the contracts are checked."""
        yield cls()

    def init(self, brief: Brief) -> Any:
        """Return the states of both before anything is observed."""
        return brief, self.people.init(brief), self.policy.init(brief)

    def update(self, state: Any, observation: Observation) -> Any:
        """Let both learn from what has arrived."""
        brief, planned, inner = state
        report = pulled(observation, self.lead_days / brief.tick_days)
        return brief, self.people.update(planned, report), self.policy.update(inner, observation)

    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        """Propose budgets that give each channel what people planned for it."""
        brief, planned, inner = state
        report = pulled(observation, self.lead_days / brief.tick_days)
        plan = self.people.act(planned, report, draws).value
        money = by_channel(brief, plan)
        wish = self.policy.act(inner, inside(brief, observation, money), draws)
        return Proposal(self.seat, shared_out(brief, plan, money, wish))


def inside(brief: Brief, observation: Observation, money: Float[np.ndarray, "R K"]) -> Observation:
    """Show the policy each channel's money as the limit of its group; other groups are left to the gate."""
    nothing = np.zeros(brief.replications)
    groups = tuple(
        GroupLimit(name, np.flatnonzero(brief.channel == k), nothing, money[:, k])
        for k, name in enumerate(brief.channels)
        if (brief.channel == k).any()
    )
    # What a minimum needs beyond a channel's money is for the gate to settle, not for the solver.
    lower = observation.limits.lower
    needs = by_channel(brief, lower)
    fits = np.divide(money, needs, out=np.ones_like(money), where=needs > money)
    lower = lower * fits[:, brief.channel]
    return replace(observation, limits=replace(observation.limits, groups=groups, lower=lower))


def shared_out(
    brief: Brief,
    plan: Float[np.ndarray, "R C"],
    money: Float[np.ndarray, "R K"],
    wish: Float[np.ndarray, "R C"],
) -> Float[np.ndarray, "R C"]:
    """Give each channel all of its money, in the proportions of the wish; of the plan where there is none."""
    asked = by_channel(brief, wish)
    factor = np.divide(money, asked, out=np.zeros_like(money), where=asked > 0.0)
    return np.where((asked > 0.0)[:, brief.channel], wish * factor[:, brief.channel], plan)


def by_channel(brief: Brief, rate: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R K"]:
    """Sum rates by channel [currency/day]."""
    sums = np.zeros((len(rate), len(brief.channels)))
    for c, channel in enumerate(brief.channel.tolist()):  # campaign by campaign: one order whatever R
        sums[:, channel] += rate[:, c]
    return sums
