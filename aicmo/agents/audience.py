"""The audience agent: how broadly each campaign addresses its segment, by a bandit over breadths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtr, ndtri

from aicmo.agents._reading import read
from aicmo.core.bandits.evidence import Evidence
from aicmo.core.bandits.thompson import GaussianThompson
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat


class Trials(NamedTuple):
    """What is known of each campaign at each breadth.

    Attributes
    ----------
    brief : Brief
    since, until : (R, C) [tick]
        Origins that the last decision can be judged by: from when its effect had come in, to its end.
    arm : (R, C)
        The breadth that was in force in them; −1 before anything was.
    evidence : Evidence, (R · C, A)
        Effect of a breadth beyond the prior, as a share, each decision weighted by how well it was measured.
    scale : (R, C)
        Effect of money at the breadths tried so far, with the prior taken out; 0 where nothing is known.
    """

    brief: Brief
    since: int
    arm: Int[np.ndarray, "R C"] | None
    evidence: Evidence
    scale: Float[np.ndarray, "R C"]


@dataclass(frozen=True)
class Audience:
    """Moves breadth one step at a time towards what brings more orders for the money.

    A narrow audience holds better prospects where profiles can be used, and is full sooner. So before
    anything is seen, effect ∝ b^((1 − e) − z(1 − γ)): e the elasticity of response, z the team's coverage.

    Parameters
    ----------
    breadths : tuple of float
        What can be chosen, rising, each from .1 to 1.
    elasticity : float
        e, believed.
    concentration : float
        γ, believed: 1 where all people of a segment are alike.
    doubt : float
        Standard deviation of the effect beyond that, as a share.
    exploration : float
        Standard deviation of draws over that of what is believed: 1 is Thompson sampling, 0 always takes what
        is believed best, which earns more where decisions are few (a year of them is thirteen).
    noise : float
        Standard deviation of what moves an effect between decisions beside counting, as a share.
    discount : float
        What a decision's evidence is worth at the next.
    settle_days : float
        How long a change takes to show; what comes before is not read.
    cadence : str
    """

    kind: ClassVar[str] = "audience"
    seat: ClassVar[Seat] = "targeting"

    breadths: tuple[float, ...] = (0.15, 0.25, 0.5, 0.75, 1.0)
    elasticity: float = 0.5
    concentration: float = 0.5
    doubt: float = 0.05
    exploration: float = 0.25
    noise: float = 0.1
    discount: float = 0.9
    settle_days: float = 7.0
    cadence: str = "4w"

    def __post_init__(self) -> None:
        arms = np.array(self.breadths)
        if len(arms) < 2 or not (np.diff(arms) > 0).all() or not (arms[0] >= 0.1 and arms[-1] <= 1.0):
            raise ValueError(f"audience: breadths rise from at least 0.1 to at most 1, got {self.breadths}")

    @classmethod
    def examples(cls) -> Iterator[Audience]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(breadths=(0.2, 1.0), cadence="1w")

    def init(self, brief: Brief) -> Trials:
        """Know nothing of any breadth but the prior."""
        rows, arms = brief.replications * len(brief.campaigns), len(self.breadths)
        nothing = Evidence(np.zeros((rows, arms)), np.zeros((rows, arms)))
        return Trials(brief, 0, None, nothing, np.zeros(brief.shape))

    def update(self, state: Trials, observation: Observation) -> Trials:
        """Judge the breadths in force since the last decision, as far as results have come."""
        if observation.breadth is None:
            return state
        arms = np.array(self.breadths)
        arm = np.abs(np.log(observation.breadth)[..., None] - np.log(arms)).argmin(axis=2)
        settle = round(self.settle_days / state.brief.tick_days)
        if state.arm is None:
            month = round(28.0 / state.brief.tick_days)
            return self._judged(state._replace(since=observation.tick - month), observation, arm)
        judged = self._judged(state, observation, arm)
        return judged._replace(since=observation.tick + settle)

    def act(self, state: Trials, observation: Observation, draws: Draws) -> Proposal:
        """Draw an effect for each breadth next to the one in force, and choose the best."""
        if observation.breadth is None or state.arm is None:
            raise ValueError("audience: this market has no targeting; leave the seat empty")
        arms = np.array(self.breadths)
        shape = (*state.brief.shape, len(arms))
        rule = GaussianThompson(mean=0.0, pulls=1.0 / self.doubt**2)
        uniforms = draws.uniform("breadth", shape).reshape(-1, len(arms))
        beyond = rule.index(state.evidence, ndtr(self.exploration * ndtri(uniforms)))
        effect = (1.0 + beyond.reshape(shape)) * self._prior(observation.coverage)
        near = np.abs(np.arange(len(arms)) - state.arm[..., None]) <= 1
        return Proposal(self.seat, arms[np.where(near, effect, -np.inf).argmax(axis=2)])

    def _prior(self, coverage: float) -> Float[np.ndarray, "A"]:
        exponent = (1.0 - self.elasticity) - coverage * (1.0 - self.concentration)
        return np.asarray(np.array(self.breadths) ** exponent)

    def _judged(self, state: Trials, observation: Observation, arm: Int[np.ndarray, "R C"]) -> Trials:
        """Book what the breadths in force since `state.since` have brought, against what was expected."""
        recent = read(state.brief, observation, state.since)
        days = observation.maturity[observation.since(state.since)].sum() * state.brief.tick_days
        known = (recent.money > 0.0) & (days > 0.0)
        daily = np.where(known, recent.money, 1.0) / max(days, state.brief.tick_days)
        effect = recent.orders / max(days, state.brief.tick_days) / daily**self.elasticity
        level = effect / self._prior(observation.coverage)[arm]
        scale = np.where(state.scale > 0.0, state.scale, level)
        beyond = np.divide(level, scale, out=np.ones_like(level), where=scale > 0.0) - 1.0
        weight = np.where(known, 1.0 / (1.0 / np.maximum(recent.orders, 1.0) + self.noise**2), 0.0)
        chosen = (weight[..., None] * (arm[..., None] == np.arange(len(self.breadths)))).reshape(
            -1, len(self.breadths)
        )
        old = state.evidence
        evidence = Evidence(
            self.discount * old.pulls + chosen, self.discount * old.sums + chosen * beyond.reshape(-1, 1)
        )
        # The level itself drifts: what is new counts like the evidence that it joins.
        share = np.divide(
            weight,
            evidence.pulls.sum(axis=1).reshape(weight.shape),
            out=np.zeros_like(weight),
            where=weight > 0.0,
        )
        moved = np.where(known, scale + share * (level - scale), scale)
        return state._replace(arm=arm, evidence=evidence, scale=moved)
