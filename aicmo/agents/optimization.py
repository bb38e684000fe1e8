"""The optimization agent: learns every curve and proposes budgets, as often as its cadence says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Profile, Proposal, Seat
from aicmo.policies import Foresight, Policy
from aicmo.policies.ai_cmo import AiCmo


@dataclass(frozen=True)
class Optimization:
    """Hosts a policy in the budget seat.

    Parameters
    ----------
    policy : Policy
        The rule that turns observations into budgets; it owns its posterior.
    cadence : str
        How often it decides.
    """

    kind: ClassVar[str] = "optimization"
    seat: ClassVar[Seat] = "budget"

    policy: Policy = field(default_factory=AiCmo)
    cadence: str = "1w"

    @classmethod
    def examples(cls) -> Iterator[Optimization]:
        """Instances on which the contracts are checked."""
        yield cls()

    def init(self, brief: Brief) -> Any:
        """Return the policy's state before anything is observed."""
        return self.policy.init(brief)

    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        """Propose budgets, with what they are expected to bring where the policy can tell."""
        rate = self.policy.act(state, observation, draws)
        if not isinstance(self.policy, Foresight):
            return Proposal(self.seat, rate)
        return Proposal(self.seat, rate, self.policy.forecast(state, observation, rate))

    def best(self, state: Any, observation: Observation) -> np.ndarray | None:
        """Return the best plan by the policy's current estimate, where it can tell."""
        return self.policy.best(state, observation) if isinstance(self.policy, Foresight) else None

    def profile(self, state: Any, observation: Observation, rate: np.ndarray) -> Profile | None:
        """Return what each campaign is believed to bring at rates (G, R, C), where the policy can tell."""
        tell = getattr(self.policy, "profile", None)
        return None if tell is None else tell(state, observation, rate)

    def update(self, state: Any, observation: Observation) -> Any:
        """Learn from what has arrived."""
        return self.policy.update(state, observation)
