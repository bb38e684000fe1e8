"""The AI CMO's budget rule: learn every response curve, then allocate exactly on what is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from aicmo.core.curves import Curves
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Forecast, Observation, Profile
from aicmo.policies._choice import Choice
from aicmo.policies._learner import Belief, Learner
from aicmo.policies._outlook import forecast, profile, surely_better
from aicmo.policies._pace import at_pace, total_rate, within
from aicmo.policies._plan import believed_curves, best_rates, last_price, worth


class Mind(NamedTuple):
    """State of the policy: the brief and, once something was seen, a belief."""

    brief: Brief
    belief: Belief | None = None


@dataclass(frozen=True)
class AiCmo:
    """Track every curve → allocate exactly on what is believed.

    Parameters
    ----------
    learner : Learner
        How observations become beliefs.
    choice : Choice
        Which curves are allocated on.
    variation : float
        Deliberate variation of every rate from decision to decision, as a log standard deviation, so that
        saturation shows (Dew, Padilla & Shchetkina 2024).
    guard : float
        The plan in force stays unless the new one is better by so many standard deviations; 0 moves on what
        is expected.

    Raises
    ------
    ValueError
        When variation or guard is negative.
    """

    kind: ClassVar[str] = "ai_cmo"
    learns: ClassVar[bool] = True

    learner: Learner = field(default_factory=Learner)
    choice: Choice = field(default_factory=Choice)
    variation: float = 0.0
    guard: float = 0.0

    def __post_init__(self) -> None:
        for name in ("variation", "guard"):
            if not getattr(self, name) >= 0.0:
                raise ValueError(f"ai_cmo: {name} must not be negative, got {getattr(self, name)}")

    @classmethod
    def examples(cls) -> Iterator[AiCmo]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(choice=Choice(whole=True), guard=0.5)
        yield cls(choice=Choice(rule="thompson"), variation=0.1)
        yield cls(Learner(pooling=0.0), Choice(rule="mean"))
        yield cls(choice=Choice(rule="knowledge_gradient"))

    def init(self, brief: Brief) -> Mind:
        """Know the brief and nothing else."""
        return Mind(brief)

    def update(self, state: Mind, observation: Observation) -> Mind:
        """Learn from every origin that has matured."""
        belief = state.belief or self.learner.open(state.brief, observation)
        if belief is None:
            return state
        return state._replace(belief=self.learner.learn(state.brief, belief, observation))

    def act(self, state: Mind, observation: Observation, draws: Draws) -> np.ndarray:
        """Return the best rates for the curves believed in, at the period's pace."""
        brief, belief = state
        stay = at_pace(brief, observation, observation.current)
        if belief is None:
            return stay
        curves = self.curves(brief, belief, observation, draws)
        plan = best_rates(curves, total_rate(brief, observation), observation.limits)
        if self.guard:
            moves = surely_better(brief, belief, observation, plan, stay, self.guard)
            plan = np.where(moves[:, None], plan, stay)
        if self.variation:
            factor = np.exp(self.variation * draws.normal("variation", brief.shape))
            plan = within(observation.limits, plan * factor, plan.sum(axis=1))
        return plan

    def curves(
        self, brief: Brief, belief: Belief, observation: Observation, draws: Draws | None = None
    ) -> Curves:
        """Return the curves that are planned on; draws are for the rule that wants them."""
        price = last_price(observation)[:, brief.channel]
        pressure, gain = np.asarray(observation.current) / price, worth(brief, belief, observation) / price
        mixture = self.choice.of(belief, pressure, gain, draws)
        return believed_curves(brief, belief, observation, mixture, whole=self.choice.whole)

    def best(self, state: Mind, observation: Observation) -> np.ndarray | None:
        """Return the plan that is best by the mean of what is believed, seeking nothing; None before that."""
        brief, belief = state
        if belief is None:
            return None
        curves = believed_curves(brief, belief, observation, belief.curves, whole=self.choice.whole)
        return best_rates(curves, total_rate(brief, observation), observation.limits)

    def forecast(self, state: Mind, observation: Observation, rate: np.ndarray) -> Forecast | None:
        """Return what `rate` is expected to bring; None before anything was seen."""
        if state.belief is None:
            return None
        return forecast(state.brief, state.belief, observation, rate)

    def profile(self, state: Mind, observation: Observation, rate: np.ndarray) -> Profile | None:
        """Return what each campaign is believed to bring at rates (G, R, C); None where nothing is."""
        if state.belief is None:
            return None
        return profile(state.brief, state.belief, observation, rate)
