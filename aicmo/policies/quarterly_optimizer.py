"""The AI's own learner and optimiser in human hands: run when a quarter opens, perhaps re-solved between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies._ahead import Weeks, plan_weeks, rates_of_week
from aicmo.policies._pace import at_pace
from aicmo.policies.ai_cmo import AiCmo, Mind


class Desk(NamedTuple):
    """State: the optimiser's mind, when it was last run (tick; None = never), and the weeks it planned."""

    mind: Mind
    solved: int | None = None
    run_now: bool = True
    weeks: Weeks | None = None


@dataclass(frozen=True)
class QuarterlyOptimizer:
    """Isolates cadence: the same posterior and allocator as `ai_cmo`, used by people once a quarter.

    Parameters
    ----------
    optimizer : AiCmo
        The rule that is run.
    resolve_weeks : int
        Weeks between runs inside a quarter; 0 = only when it opens.
    horizon : {"now", "quarter"}
        Whether a run plans today's rates, which then follow demand, or all weeks left of the quarter at once,
        with their season and what each leaves to the next.
    """

    kind: ClassVar[str] = "quarterly_optimizer"
    learns: ClassVar[bool] = True

    optimizer: AiCmo = field(default_factory=AiCmo)
    resolve_weeks: int = 0
    horizon: Literal["now", "quarter"] = "now"

    def __post_init__(self) -> None:
        if self.horizon == "quarter" and self.optimizer.choice.rule == "thompson":
            raise ValueError(
                'quarterly_optimizer: horizon "quarter" plans on one curve for all weeks; '
                'choose the rule "mean", "ucb" or "knowledge_gradient", got "thompson"'
            )

    @classmethod
    def examples(cls) -> Iterator[QuarterlyOptimizer]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(resolve_weeks=4)
        yield cls(resolve_weeks=4, horizon="quarter")

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
        weeks = self._planned(mind, observation) if due else state.weeks
        return Desk(mind, observation.tick if due else state.solved, due, weeks)

    def act(self, state: Desk, observation: Observation, draws: Draws) -> np.ndarray:
        """Return the running week's plan; without one today's optimum, or the decision in force at pace."""
        if state.weeks is not None:
            return rates_of_week(state.mind.brief, state.weeks, observation)
        if state.run_now:
            return self.optimizer.act(state.mind, observation, draws)
        return at_pace(state.mind.brief, observation, observation.current)

    def _planned(self, mind: Mind, observation: Observation) -> Weeks | None:
        """Plan the weeks that are left; None where nothing is believed yet or only today counts."""
        if self.horizon == "now" or mind.belief is None:
            return None
        curves = self.optimizer.curves(mind.brief, mind.belief, observation)
        return plan_weeks(mind.brief, mind.belief, observation, curves)
