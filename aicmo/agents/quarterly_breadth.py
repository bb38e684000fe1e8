"""Breadth by hand: each quarter a test of the next audience on a few campaigns, undone where it failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from aicmo.agents._reading import Reading, per, rank, read, within_band
from aicmo.agents.planner import pulled
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat

BEFORE_DAYS = 91.0
"""What a test is compared with: the quarter before it."""
SETTLE_DAYS = 7.0
"""Days of a test that nobody reads: platforms learn, and old impressions still sell."""
FORGET_DAYS = 182.0
"""How long a refusal stands: markets change."""


class Tests(NamedTuple):
    """What people remember.

    Attributes
    ----------
    planned : int [tick]
        When tests were begun last.
    wish : (R, C) [1]
        Breadths wanted; none before the first look.
    began : (R, C) [tick]
        When the test that runs began, `never` where none does.
    before : (R, C)
        Which breadth stood before it.
    refused : (R, C, A) [tick]
        When a breadth lost a test last.
    """

    brief: Brief
    planned: int
    wish: Float[np.ndarray, "R C"] | None
    began: Int[np.ndarray, "R C"]
    before: Int[np.ndarray, "R C"]
    refused: Int[np.ndarray, "R C A"]

    def ticks(self, days: float) -> int:
        """Length of some days in ticks."""
        return round(days / self.brief.tick_days)

    @property
    def never(self) -> int:
        """A tick long before all others."""
        return -self.brief.history_ticks - self.ticks(FORGET_DAYS) - 1


@dataclass(frozen=True)
class QuarterlyBreadth:
    """People who test one step at a time, on their largest campaigns, and go back where it failed.

    An order is cheap where few are bought, and where reports credit what would have come anyway: both hold
    for narrow audiences. So people compare a campaign with itself at the volume that its budget buys: its
    orders over the root of its money, relative to campaigns that are not tested, against the quarter before.
    The root stands for response that grows half as fast as money, as at half-saturation. There half an
    audience must hold 1/√2 of what the whole brings, which takes profiles for nearly all of it: so wide is
    the default, and the burden of proof lies with what is narrow.

    Parameters
    ----------
    breadths : tuple of float
        What they choose from, rising.
    edits : int
        Among how many campaigns, the largest, they test.
    tries : int
        How many tests they begin in a quarter.
    test_days : float
        How long a test runs at least.
    margin : float
        By which share a campaign must do better for a narrower audience to be kept, or worse for a wider
        one to be undone.
    known : float
        Share of profiles, matched and consented, below which nobody narrows: the best half holds
        ½^(1 − z (1 − γ)) of the response, which at γ = .4 is about 1/√2 for z = .8.
    cadence : str
        How often they look.
    lead_days : int
        Age of the report that they read.
    """

    kind: ClassVar[str] = "quarterly_breadth"
    seat: ClassVar[Seat] = "targeting"

    breadths: tuple[float, ...] = (0.25, 0.5, 1.0)
    edits: int = 20
    tries: int = 3
    test_days: float = 84.0
    margin: float = 0.05
    known: float = 0.8
    cadence: str = "4w"
    lead_days: int = 5

    @classmethod
    def examples(cls) -> Iterator[QuarterlyBreadth]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(edits=2, tries=1)

    def init(self, brief: Brief) -> Tests:
        """Nothing has been tested."""
        nothing = np.zeros(brief.shape, np.int64)
        fresh = Tests(brief, 0, None, nothing, nothing, nothing[..., None])
        return fresh._replace(
            planned=fresh.never,
            began=nothing + fresh.never,
            refused=np.full((*brief.shape, len(self.breadths)), fresh.never),
        )

    def update(self, state: Tests, observation: Observation) -> Tests:
        """Judge the tests that have run long enough; begin others when a quarter has opened."""
        if observation.breadth is None:
            return state
        state = self._judged(state._replace(wish=np.array(observation.breadth)), observation)
        if observation.period.start > state.planned:
            state = self._begun(state, observation)._replace(planned=observation.tick)
        return state

    def act(self, state: Tests, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        """Want what the tests say."""
        if observation.breadth is None or state.wish is None:
            raise ValueError("quarterly_breadth: this market has no targeting; leave the seat empty")
        return Proposal(self.seat, within_band(np.asarray(state.wish), observation))

    def _judged(self, state: Tests, observation: Observation) -> Tests:
        """Keep what has passed its test, else go back; the other breadth is refused."""
        tick = observation.tick
        ended = (state.began > state.never) & (tick - state.began >= state.ticks(self.test_days))
        if state.wish is None or not ended.any():
            return state
        arm = self._arm(state.wish)
        bar = np.where(arm > state.before, -self.margin, self.margin)
        kept = self._gain(state, observation) > bar
        loser = np.where(kept, state.before, arm)[..., None] == np.arange(len(self.breadths))
        back = ended & ~kept
        return state._replace(
            wish=np.where(back, np.array(self.breadths)[state.before], state.wish),
            began=np.where(ended, state.never, state.began),
            refused=np.where(ended[..., None] & loser, tick, state.refused),
        )

    def _gain(self, state: Tests, observation: Observation) -> Float[np.ndarray, "R C"]:
        """How much better each campaign has done in its test than before, against those not tested."""
        report = pulled(observation, self.lead_days / state.brief.tick_days)
        others, gain = state.began == state.never, np.zeros(state.began.shape)
        for began in np.unique(state.began[~others]):
            first, since = int(began), int(began) + state.ticks(SETTLE_DAYS)
            during = _effect(read(state.brief, report, since), others, observation.tick - since)
            first_usual = first - state.ticks(BEFORE_DAYS)
            usual = _effect(read(state.brief, report, first_usual, first), others, first - first_usual)
            gain = np.where(state.began == began, per(during, usual) - 1.0, gain)
        return gain

    def _begun(self, state: Tests, observation: Observation) -> Tests:
        """Begin tests of the next breadth on the largest campaigns that have one left to test."""
        arm, top = self._arm(observation.breadth), len(self.breadths) - 1
        stale = state.refused <= observation.tick - state.ticks(FORGET_DAYS)
        wider, narrower = np.minimum(arm + 1, top), np.maximum(arm - 1, 0)
        can_widen = (arm < top) & _at(stale, wider)
        can_narrow = (arm > 0) & _at(stale, narrower) & (observation.coverage >= self.known)
        size = np.asarray(observation.current)
        open_ = (can_widen | can_narrow) & (state.began == state.never) & (rank(-size) < self.edits)
        if state.brief.targeted is not None:
            open_ &= state.brief.targeted
        chosen = open_ & (rank(np.where(open_, -size, 1.0)) < self.tries)
        next_ = np.where(can_widen, wider, narrower)
        return state._replace(
            wish=np.where(chosen, np.array(self.breadths)[next_], np.asarray(state.wish)),
            began=np.where(chosen, observation.tick, state.began),
            before=np.where(chosen, arm, state.before),
        )

    def _arm(self, breadth: np.ndarray | None) -> np.ndarray:
        """Which of their breadths is nearest, (R, C)."""
        distance = np.abs(np.log(np.asarray(breadth))[..., None] - np.log(self.breadths))
        return np.asarray(distance.argmin(axis=2))


def _effect(seen: Reading, others: np.ndarray, ticks: int) -> Float[np.ndarray, "R C"]:
    """Orders over the root of the money a tick, against campaigns that are not tested, if there are any."""
    control = Reading(*(np.where(others, values, 0.0).sum(axis=1, keepdims=True) for values in seen))
    own, usual = (each.rate * np.sqrt(each.money / ticks) for each in (seen, control))
    return np.where(usual > 0.0, per(own, usual), own)


def _at(known: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """Return what is known of one breadth of each campaign, (R, C)."""
    return np.asarray(np.take_along_axis(known, arm[..., None], axis=2)[..., 0])
