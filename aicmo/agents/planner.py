"""The planner: people who follow a rule, look on a calendar, and need days to put what they want live."""

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
    answer_days : (float, float)
        Working days from a look to the changed budget being live, drawn evenly between both for each look
        of each world: U(2, 5) (model.md). A shock is so answered at the next look and these days.
    """

    kind: ClassVar[str] = "planner"
    seat: ClassVar[Seat] = "budget"

    policy: Policy = field(default_factory=ManualQuarterly)
    cadence: str = "1w"
    answer_days: tuple[float, float] = (2.0, 5.0)

    def __post_init__(self) -> None:
        if not 0.0 <= self.answer_days[0] <= self.answer_days[1]:
            raise ValueError(f"planner: answer_days rise from at least 0, got {self.answer_days}")

    @classmethod
    def examples(cls) -> Iterator[Planner]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(answer_days=(0.0, 0.0))

    def init(self, brief: Brief) -> Any:
        """Return the policy's state before anything is observed."""
        return self.policy.init(brief)

    def update(self, state: Any, observation: Observation) -> Any:
        """Read today's report."""
        return self.policy.update(state, observation)

    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        """Propose budgets that go live days later."""
        wish = self.policy.act(state, observation, draws)
        least, most = self.answer_days
        if most == 0.0:
            return Proposal(self.seat, wish)
        days = least + (most - least) * draws.uniform("answer", (len(observation.current),))
        return Proposal(self.seat, wish, working_days=days)


def pulled(observation: Observation, ticks: float) -> Observation:
    """Return a report that was pulled some ticks ago: what arrived since is masked."""
    known = observation.origin < observation.tick - round(ticks)
    zero = {
        name: getattr(observation, name) * known[:, None, None]
        for name in ("spend", "claimed", "unified", "orders")
    }
    return replace(observation, delivered=observation.delivered & known, **zero)
