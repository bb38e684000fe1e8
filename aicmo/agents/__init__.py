"""Agents: who fills the seats of a decision. One file an agent, named like its `kind`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Protocol

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat
from aicmo.shelf import Shelf

SHELF = Shelf("aicmo.agents", "agent", apart=("orchestrator", "containment"))
"""All agents; the orchestrator fills no seat, it joins what the seats propose, and contains what is none."""


class Agent(Protocol):
    """The contract of an agent: it fills one seat on a cadence; settings are fields of a frozen dataclass."""

    kind: ClassVar[str]
    seat: ClassVar[Seat]

    @property
    def cadence(self) -> str:
        """How often it decides: `1d`, `1w`, or `period` for the first tick of each budget period."""
        ...

    @classmethod
    def examples(cls) -> Iterator[Agent]:
        """Instances on which the contracts are checked."""
        ...

    def init(self, brief: Brief) -> Any:
        """Return the state before anything is observed."""
        ...

    def act(self, state: Any, observation: Observation, draws: Draws) -> Proposal:
        """Return a wish for its own seat."""
        ...

    def update(self, state: Any, observation: Observation) -> Any:
        """Return the state after learning from `observation`."""
        ...
