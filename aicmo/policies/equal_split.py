"""Equal split: the same for every campaign, at an even pace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies._pace import at_pace


@dataclass(frozen=True)
class EqualSplit:
    """The floor that anything which learns has to beat."""

    kind: ClassVar[str] = "equal_split"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[EqualSplit]:
        """Yield the only one."""
        yield cls()

    def init(self, brief: Brief) -> Brief:
        """Know the brief."""
        return brief

    def update(self, state: Brief, observation: Observation) -> Brief:  # noqa: ARG002 - nothing to learn
        """Keep the brief."""
        return state

    def act(self, state: Brief, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        """Return the same rate for all, (R, C) [currency/day]."""
        return at_pace(state, observation, np.ones(state.shape), exponent=0.0)
