"""Policies: the rule inside the budget seat. One file a policy, named like its `kind`.

`at_pace` scales a plan to the period's money, `within` fits one into the limits: most policies end with one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Forecast, Observation
from aicmo.policies._pace import at_pace, within
from aicmo.shelf import Shelf

__all__ = ["SHELF", "Foresight", "Policy", "at_pace", "within"]

SHELF = Shelf("aicmo.policies", "policy")


class Policy(Protocol):
    """The contract of a budget policy; settings are the fields of a frozen dataclass.

    The three verbs are pure: state goes in and comes out, arrays that are handed over are read-only.
    """

    kind: ClassVar[str]
    """Name in scenario files; the file's name."""
    learns: ClassVar[bool]
    """Whether it must beat an equal split on an easy market."""

    @classmethod
    def examples(cls) -> Iterator[Policy]:
        """Instances on which the contracts are checked."""
        ...

    def init(self, brief: Brief) -> Any:
        """Return the state before anything is observed."""
        ...

    def act(self, state: Any, observation: Observation, draws: Draws) -> np.ndarray:
        """Return budgets (R, C) [currency/day], ≥ 0, within `observation.limits`."""
        ...

    def update(self, state: Any, observation: Observation) -> Any:
        """Return the state after learning from `observation`."""
        ...


@runtime_checkable
class Foresight(Protocol):
    """What a policy may offer beside the contract: an expectation that it can be held to."""

    def best(self, state: Any, observation: Observation) -> np.ndarray | None:
        """Return the plan that is best by what is believed, (R, C) [currency/day]; None where nothing is.

        What an agent orders away from it is exploration.
        """
        ...

    def forecast(self, state: Any, observation: Observation, rate: np.ndarray) -> Forecast | None:
        """Return what budgets (R, C) [currency/day] are expected to bring; None where nothing is known."""
        ...
