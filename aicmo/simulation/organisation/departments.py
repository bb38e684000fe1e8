"""A department for each channel: shares stand still, and everybody makes the most of the own credit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from aicmo.agents import Agent
from aicmo.agents.optimization import Optimization
from aicmo.agents.within_channels import by_channel, inside, shared_out
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat
from aicmo.policies.last_year_share import LastYearShare


@dataclass(frozen=True)
class Departments:
    """Lets a team's budget agent work for each channel apart.

    A channel keeps last year's share of the money, since nobody may take it away. Inside it the team's own
    agent decides, on what the channel's platform claims: that is what a department is judged by. There is no
    penalty; what is lost is what money could have brought elsewhere, and what claims do not tell.

    Parameters
    ----------
    agent : Agent
        The team's, of the budget seat.
    """

    agent: Agent = field(default_factory=Optimization)

    kind: ClassVar[str] = "departments"
    seat: ClassVar[Seat] = "budget"

    @property
    def cadence(self) -> str:
        """How often they decide."""
        return self.agent.cadence

    @property
    def policy(self) -> Any:
        """The rule that each of them follows, for the record."""
        return getattr(self.agent, "policy", self.agent)

    @classmethod
    def examples(cls) -> Iterator[Departments]:
        """Instances on which the contracts are checked."""
        yield cls()

    def init(self, brief: Brief) -> Any:
        """Return the states of the shares and of the agent."""
        return brief, LastYearShare().init(brief), self.agent.init(brief)

    def update(self, state: Any, observation: Observation) -> Any:
        """Learn from what platforms claim."""
        brief, shares, inner = state
        shares = LastYearShare().update(shares, observation)
        return brief, shares, self.agent.update(inner, _claimed(observation))

    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        """Propose budgets that give each channel its share."""
        brief, shares, inner = state
        plan = LastYearShare().act(shares, observation, draws)
        money = by_channel(brief, plan)
        wish = self.agent.act(inner, inside(brief, _claimed(observation), money), draws).value
        return Proposal(self.seat, shared_out(brief, plan, money, np.asarray(wish)))


def _claimed(observation: Observation) -> Observation:
    """Show claims in place of unified credit."""
    return replace(observation, unified=observation.claimed)
