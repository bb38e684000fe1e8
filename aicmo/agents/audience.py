"""The audience agent: how broadly each campaign addresses its segment, by a bandit over steps of breadth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtr, ndtri

from aicmo.agents._reading import read, within_band
from aicmo.core.bandits.evidence import Evidence
from aicmo.core.bandits.thompson import GaussianThompson
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat

LOOK_DAYS = 28.0
"""What the first look reads."""
LEAST = 1e-9


class Level(NamedTuple):
    """How well each campaign did over some weeks, (R, C).

    Attributes
    ----------
    arm :
        The breadth that was in force.
    effect :
        Logarithm of the effect of its money, the prior of that breadth taken out; 0 where nothing is known.
    variance :
        Of that, by counting; infinite where nothing is known.
    """

    arm: Int[np.ndarray, "R C"]
    effect: Float[np.ndarray, "R C"]
    variance: Float[np.ndarray, "R C"]


class Trials(NamedTuple):
    """What is known.

    Attributes
    ----------
    brief : Brief
    since : int [tick]
        From when the last decision can be judged: its effect had come in.
    level : Level or None
        What the decision before it brought; None before any.
    evidence : Evidence, (R, C, A − 1)
        What each step from one breadth to the next changed beyond the prior, weighted by how well it was
        measured.
    """

    brief: Brief
    since: int
    level: Level | None
    evidence: Evidence


@dataclass(frozen=True)
class Audience:
    """Moves breadth one step at a time towards what brings more orders for the money.

    A narrow audience holds better prospects where profiles can be used, and is full sooner. So before
    anything is seen, effect ∝ b^((1 − e) − z(1 − γ)): e the elasticity of response, z the team's coverage.

    Campaigns drift by more than a step of breadth is worth. So a step is judged by what changed with it, in
    the campaign that took it against those that did not (difference in differences; Card & Krueger 1994): a
    campaign that stays as it is teaches nothing about breadth, whatever happens to it.

    Parameters
    ----------
    breadths : tuple of float
        What can be chosen, rising, each from .1 to 1.
    elasticity : float
        e, believed.
    concentration : float
        γ, believed: 1 where all people of a segment are alike.
    doubt : float
        Standard deviation of γ: a step's effect is doubted in proportion to coverage and to the size of the
        step, since what nobody can find matters to nobody.
    exploration : float
        Standard deviation of draws over that of what is believed: 1 is Thompson sampling, 0 always takes what
        is believed best, which earns more where decisions are few (a year of them is thirteen).
    noise : float
        Standard deviation of what changes a campaign between decisions beside counting, as a share.
    pooling : float
        What a step of another campaign on the channel counts: 1 as one's own, 0 nothing.
    discount : float
        What evidence is worth at the next decision.
    settle_days : float
        How long a change takes to show; what comes before is not read.
    cadence : str
    """

    kind: ClassVar[str] = "audience"
    seat: ClassVar[Seat] = "targeting"

    breadths: tuple[float, ...] = (0.15, 0.25, 0.5, 0.75, 1.0)
    elasticity: float = 0.5
    concentration: float = 0.5
    doubt: float = 0.3
    exploration: float = 0.25
    noise: float = 0.2
    pooling: float = 0.5
    discount: float = 0.95
    settle_days: float = 7.0
    cadence: str = "4w"

    def __post_init__(self) -> None:
        arms = np.array(self.breadths)
        if len(arms) < 2 or not (np.diff(arms) > 0).all() or not (arms[0] >= 0.1 and arms[-1] <= 1.0):
            raise ValueError(f"audience: breadths rise from at least 0.1 to at most 1, got {self.breadths}")
        if not (self.doubt > 0.0 and 0.0 <= self.pooling <= 1.0):
            raise ValueError(
                f"audience: doubt lies above 0, pooling from 0 to 1; got {self.doubt}, {self.pooling}"
            )

    @classmethod
    def examples(cls) -> Iterator[Audience]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(breadths=(0.2, 1.0), cadence="1w")

    def init(self, brief: Brief) -> Trials:
        """Know nothing of any breadth but the prior."""
        shape = (*brief.shape, len(self.breadths) - 1)
        return Trials(brief, 0, None, Evidence(np.zeros(shape), np.zeros(shape)))

    def update(self, state: Trials, observation: Observation) -> Trials:
        """Judge the steps taken at the last decision, as far as results have come."""
        if observation.breadth is None:
            return state
        month, settle = (round(days / state.brief.tick_days) for days in (LOOK_DAYS, self.settle_days))
        since = observation.tick - month if state.level is None else state.since
        level = self._level(state.brief, observation, since)
        state = state if state.level is None else self._learned(state, state.level, level)
        return state._replace(since=observation.tick + settle, level=level)

    def act(self, state: Trials, observation: Observation, draws: Draws) -> Proposal:
        """Draw what each step to a next breadth would change, and take the better one if it is any good."""
        if observation.breadth is None or state.level is None:
            raise ValueError("audience: this market has no targeting; leave the seat empty")
        known = self._pooled(state)
        shape, rows = known.pulls.shape, (-1, len(self.breadths) - 1)
        uniforms = ndtr(self.exploration * ndtri(draws.uniform("breadth", shape).reshape(rows)))
        # In units of the doubt about each step, in which all have the same prior.
        unit = max(observation.coverage, LEAST) * self.doubt * np.diff(np.log(np.array(self.breadths)))
        rule = GaussianThompson(mean=0.0, pulls=1.0)
        doubted = Evidence((known.pulls * unit**2).reshape(rows), (known.sums * unit).reshape(rows))
        rises = unit * rule.index(doubted, uniforms).reshape(shape) + np.diff(
            self._prior(observation.coverage)
        )
        effect = np.concatenate([np.zeros((*shape[:2], 1)), np.cumsum(rises, axis=2)], axis=2)
        near = np.abs(np.arange(len(self.breadths)) - state.level.arm[..., None]) <= 1
        wish = np.array(self.breadths)[np.where(near, effect, -np.inf).argmax(axis=2)]
        return Proposal(self.seat, within_band(wish, observation))

    def _prior(self, coverage: float) -> Float[np.ndarray, "A"]:
        """Logarithm of the effect of each breadth before anything is seen."""
        exponent = (1.0 - self.elasticity) - coverage * (1.0 - self.concentration)
        return np.asarray(exponent * np.log(np.array(self.breadths)))

    def _level(self, brief: Brief, observation: Observation, since: int) -> Level:
        """Read what the breadths in force since a tick have brought."""
        recent = read(brief, observation, since)
        days = max(observation.maturity[observation.since(since)].sum(), LEAST) * brief.tick_days
        arms = np.array(self.breadths)
        arm = np.abs(np.log(np.asarray(observation.breadth))[..., None] - np.log(arms)).argmin(axis=2)
        known = (recent.money > 0.0) & (recent.orders > 0.0)
        orders, money = (np.where(known, values, 1.0) for values in (recent.orders, recent.money))
        # Orders at the volume that the budget buys: response grows by e per cent for a per cent of money.
        effect = np.log(orders / days) - self.elasticity * np.log(money / days)
        effect -= self._prior(observation.coverage)[arm]
        return Level(arm, np.where(known, effect, 0.0), np.where(known, 1.0 / orders, np.inf))

    def _learned(self, state: Trials, before: Level, after: Level) -> Trials:
        """Add what changed in campaigns that took one step, against those that took none."""
        weight = 1.0 / (before.variance + after.variance + self.noise**2)
        changed, taken = after.effect - before.effect, after.arm - before.arm
        still = np.where(taken == 0, weight, 0.0)
        total, control = (values.sum(axis=1, keepdims=True) for values in (still * changed, still))
        usual = np.divide(total, control, out=np.zeros_like(total), where=control > 0.0)
        weight = np.where(np.abs(taken) == 1, weight, 0.0)
        which = np.minimum(before.arm, after.arm)[..., None] == np.arange(len(self.breadths) - 1)
        pulls = weight[..., None] * which
        sums = pulls * (taken * (changed - usual))[..., None]
        old, kept = state.evidence, self.discount
        return state._replace(evidence=Evidence(kept * old.pulls + pulls, kept * old.sums + sums))

    def _pooled(self, state: Trials) -> Evidence:
        """Let steps of other campaigns on the channel count in part."""
        alike = state.brief.channel[:, None] == state.brief.channel
        pulls, sums = (
            (1.0 - self.pooling) * own
            + self.pooling * np.stack([own[:, row].sum(axis=1) for row in alike], axis=1)
            for own in (state.evidence.pulls, state.evidence.sums)
        )
        return Evidence(pulls, sums)
