"""The AI's own learner and optimiser in human hands: run when a quarter opens, perhaps re-solved between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies._pace import at_pace
from aicmo.policies.ai_cmo import AiCmo, Mind


class Desk(NamedTuple):
    """State: the optimiser's mind, and when it was last run (tick; None = never)."""

    mind: Mind
    solved: int | None = None
    run_now: bool = True


@dataclass(frozen=True)
class QuarterlyOptimizer:
    """Isolates cadence: the same posterior and allocator as `ai_cmo`, used by people once a quarter.

    Parameters
    ----------
    optimizer : AiCmo
        The rule that is run.
    resolve_weeks : int
        Weeks between runs inside a quarter; 0 = only when it opens.
    """

    kind: ClassVar[str] = "quarterly_optimizer"
    learns: ClassVar[bool] = True

    optimizer: AiCmo = field(default_factory=AiCmo)
    resolve_weeks: int = 0

    @classmethod
    def examples(cls) -> Iterator[QuarterlyOptimizer]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(resolve_weeks=4)

    def init(self, brief: Brief) -> Desk:
        """Know the brief and nothing else."""
        return Desk(self.optimizer.init(brief))

    def update(self, state: Desk, observation: Observation) -> Desk:
        """Learn, and note whether the optimiser is run today."""
        mind = self.optimizer.update(state.mind, observation)
        due = state.solved is None or state.solved < observation.period.start
        if self.resolve_weeks and state.solved is not None:
            waited = (observation.tick - state.solved) * state.mind.brief.tick_days
            due = due or waited >= 7 * self.resolve_weeks
        return Desk(mind, observation.tick if due else state.solved, due)

    def act(self, state: Desk, observation: Observation, draws: Draws) -> np.ndarray:
        """Return the optimum where it was just solved, else the decision in force at the period's pace."""
        if state.run_now:
            return self.optimizer.act(state.mind, observation, draws)
        return at_pace(state.mind.brief, observation, observation.current)
