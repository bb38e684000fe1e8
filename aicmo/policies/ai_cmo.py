"""The AI CMO's budget rule: learn every response curve, then allocate exactly on what is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation
from aicmo.policies._calibration import Calibration, Credibility, as_if_whole
from aicmo.policies._learner import Belief, Learner
from aicmo.policies._pace import at_pace, total_rate
from aicmo.policies._plan import Choice, believed_curves, best_rates


class Mind(NamedTuple):
    """State of the policy: the brief, how far credit is believed, and once something was seen a belief."""

    brief: Brief
    credibility: Credibility
    belief: Belief | None = None


@dataclass(frozen=True)
class AiCmo:
    """Posterior grid → exact allocation (core.md).

    Parameters
    ----------
    learner : Learner
        How observations become beliefs.
    choice : {"mean", "mixture", "thompson"}
        Which curves are allocated on: over 50 decisions the posterior mean beats plain Thompson sampling.
    temperature : float
        Of the draw, where `choice` is "thompson"; 1 is plain Thompson sampling.
    calibration : Calibration
        How readouts of holdouts become belief in credit; without any readout credit is taken as it is.
    """

    kind: ClassVar[str] = "ai_cmo"
    learns: ClassVar[bool] = True

    learner: Learner = field(default_factory=Learner)
    choice: Choice = "mean"
    temperature: float = 0.3
    calibration: Calibration = field(default_factory=Calibration)

    @classmethod
    def examples(cls) -> Iterator[AiCmo]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(choice="mixture")
        yield cls(choice="thompson")

    def init(self, brief: Brief) -> Mind:
        """Know the brief and nothing else."""
        return Mind(brief, self.calibration.open(brief))

    def update(self, state: Mind, observation: Observation) -> Mind:
        """Learn from every origin that has matured, and from every readout."""
        belief = state.belief or self.learner.open(state.brief, observation)
        if belief is None:
            return state
        credibility = self.calibration.learn(state.brief, state.credibility, observation)
        whole = as_if_whole(state.brief, observation, belief.next_origin)
        return Mind(state.brief, credibility, self.learner.learn(state.brief, belief, whole))

    def act(self, state: Mind, observation: Observation, draws: Draws) -> np.ndarray:
        """Return the best rates for the curves believed in, at the period's pace."""
        if state.belief is None:
            return at_pace(state.brief, observation, observation.current)
        caused = state.credibility.factor[:, state.brief.channel]
        curves = believed_curves(
            state.brief, state.belief, observation, self.choice, caused, self.temperature, draws
        )
        return best_rates(curves, total_rate(state.brief, observation), observation.limits)
