"""The creative agent: serves what works, retires what does not, and orders new variants ahead of need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.agents._reading import afforded, rank
from aicmo.agents._variants import Belief, Judge, Wear
from aicmo.core.bandits.evidence import Evidence
from aicmo.core.bandits.thompson import GammaThompson
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Creatives, Mix, Observation, Proposal, Seat

WEEK_DAYS = 7.0
RECENT_DAYS = 14.0
"""What says how often heads are reached now."""
LEAST_DAYS = 1e-9
PIECES = 16
"""Into how many parts the traffic until a new variant arrives is split."""
SURE = 1.645
"""Standard deviations above its estimate below which a variant lies with 95 %."""


class Lessons(NamedTuple):
    """What the agent has learned.

    Attributes
    ----------
    brief : Brief
    before, tick : int or None
        Of the last decision, and of this one.
    belief : Belief
        About the variants that are live.
    """

    brief: Brief
    before: int | None
    tick: int | None
    belief: Belief


class Stock(NamedTuple):
    """The variants of all campaigns as a decision finds them, (R, C, V) each.

    Attributes
    ----------
    live :
        What may be served.
    exposure : [1]
        Exposures that an addressed head remembers.
    daily : (R, C, 1) [1/day]
        Exposures of an addressed head, all variants together.
    """

    live: Bool[np.ndarray, "R C V"]
    exposure: Float[np.ndarray, "R C V"]
    daily: Float[np.ndarray, "R C 1"]


@dataclass(frozen=True)
class Creative:
    """Thompson sampling over variants whose wear is reckoned; orders where one more is worth its price.

    A creative that works better by a share acts like so much more money, and where budgets are well split a
    further unit of money brings about the same everywhere. So one more variant is worth its expected gain
    over what will run when it arrives, times the campaign's spend while it serves: not its credit, which
    over-claim flatters.

    Parameters
    ----------
    wear : Wear
        How variants are believed to wear.
    spread : float
        Believed standard deviation of a variant's quality.
    dispersion : float
        Believed variance of a variant's orders ÷ mean.
    half_life_days : float
        How fast what was seen of a variant stops counting.
    samples : int
        Draws of which each sends its part of the traffic to the variant that is best in it, as worn as the
        parts before leave it.
    retire_below : float
        A variant goes when even rested it is surely below this share of the best of its campaign.
    life_days : float
        How long a new variant is expected to be worth something; an order must pay within it.
    damping : float
        Return of the next unit of money for a better creative, less what saturation takes of its gain.
    load : float
        Orders in the studio at most, as a share of its capacity: quality is held as velocity rises.
    veto : float
        Share of new variants that a person refuses to let run.
    cadence : str
    """

    kind: ClassVar[str] = "creative"
    seat: ClassVar[Seat] = "creative"

    wear: Wear = field(default_factory=Wear)
    spread: float = 0.35
    dispersion: float = 2.0
    half_life_days: float = 56.0
    samples: int = 64
    retire_below: float = 0.6
    life_days: float = 42.0
    damping: float = 0.5
    load: float = 1.0
    veto: float = 0.0
    cadence: str = "1w"

    def __post_init__(self) -> None:
        if not (self.spread > 0.0 and self.samples >= 1 and 0.0 <= self.veto < 1.0):
            wanted = "spread above 0, samples at least 1, veto from 0 to below 1"
            raise ValueError(f"creative: {wanted}; got {self.spread}, {self.samples}, {self.veto}")
        if not (self.dispersion > 0.0 and self.half_life_days > 0.0):
            given = f"{self.dispersion}, {self.half_life_days}"
            raise ValueError(f"creative: dispersion and half_life_days lie above 0; got {given}")

    @classmethod
    def examples(cls) -> Iterator[Creative]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(veto=0.3, samples=4, load=2.0)

    @property
    def judge(self) -> Judge:
        """Who learns what variants are worth."""
        return Judge(self.wear, self.spread, self.dispersion, self.half_life_days)

    def init(self, brief: Brief) -> Lessons:
        """Nothing has been learned."""
        return Lessons(brief, None, None, self.judge.nothing(brief))

    def update(self, state: Lessons, observation: Observation) -> Lessons:
        """Learn what variants won of each other."""
        learned = self.judge.learn(state.brief, state.belief, observation)
        return Lessons(state.brief, state.tick, observation.tick, learned)

    def act(self, state: Lessons, observation: Observation, draws: Draws) -> Proposal:
        """Serve, retire, order."""
        seen = observation.creatives
        if seen is None:
            raise ValueError("creative: this market has no creatives; leave the seat empty")
        brief, judge = state.brief, self.judge
        exposure = judge.exposure(brief, state.belief, seen)
        recent = seen.exposures[-max(round(RECENT_DAYS / brief.tick_days), 1) :]
        daily = recent.sum(axis=0).sum(axis=2, keepdims=True) / max(len(recent) * brief.tick_days, LEAST_DAYS)
        retire = self._refused(state, seen, draws) | self._outdone(state, seen, exposure)
        retire &= (seen.live & ~retire).any(axis=2, keepdims=True)
        stock = Stock(seen.live & ~retire, exposure, daily)
        traffic = self._served(self._drawn(state, draws), stock, WEEK_DAYS)
        return Proposal(self.seat, Mix(traffic, retire, self._orders(state, observation, seen, stock)))

    def _outdone(
        self, state: Lessons, seen: Creatives, exposure: Float[np.ndarray, "R C V"]
    ) -> Bool[np.ndarray, "R C V"]:
        """Mark live variants that even rested are surely far below what their campaign's best does now."""
        now = self.judge.quality(state.belief) * self.wear.left(exposure)
        best = np.where(seen.live, now, 0.0).max(axis=2, keepdims=True)
        return np.asarray(seen.live & (self.judge.surely(state.belief, SURE) < self.retire_below * best))

    def _refused(self, state: Lessons, seen: Creatives, draws: Draws) -> Bool[np.ndarray, "R C V"]:
        """Mark what has gone live since the last decision and a person does not want to see."""
        if self.veto == 0.0 or state.before is None:
            return np.zeros(seen.live.shape, dtype=bool)
        return np.asarray(
            seen.live & (seen.since > state.before) & (draws.uniform("veto", seen.live.shape) < self.veto)
        )

    def _drawn(self, state: Lessons, draws: Draws) -> Float[np.ndarray, "R Z C V"]:
        """Draw the quality of every variant, Z times."""
        rows, campaigns, variants = state.belief.won.shape
        shape = (rows, self.samples, campaigns, variants)
        uniforms = draws.uniform("traffic", (rows, self.samples * campaigns * variants))
        known = (values[:, None] for values in (state.belief.expected, state.belief.won))
        repeated = Evidence(*(np.broadcast_to(values, shape).reshape(-1, variants) for values in known))
        rule = GammaThompson(self.judge.prior, self.judge.prior)
        return rule.index(repeated, uniforms.reshape(-1, variants)).reshape(shape)

    def _served(
        self, drawn: Float[np.ndarray, "R Z C V"], stock: Stock, days: float
    ) -> Float[np.ndarray, "R C V"]:
        """Give each draw's part of some days' traffic to what is best in it, worn by the parts before."""
        traffic, pieces = np.zeros(stock.exposure.shape), np.moveaxis(drawn, 1, 0)
        for piece in pieces:
            worn = self.wear.after(stock.exposure, traffic * stock.daily, days)
            worth = np.where(stock.live, piece * self.wear.left(worn), -1.0)
            traffic += (worth.argmax(axis=2)[..., None] == np.arange(stock.live.shape[2])) / len(pieces)
        return traffic

    def _orders(
        self, state: Lessons, observation: Observation, seen: Creatives, stock: Stock
    ) -> Int[np.ndarray, "R C"] | None:
        """Order one more variant where it shall pay, the best first, while the studio has room."""
        if seen.studio is None:
            return None
        gain = np.where(seen.ordered > 0, 0.0, self._gain(state, observation, stock, seen.studio.lead_days))
        room = np.floor(self.load * seen.studio.capacity) - seen.ordered.sum(axis=1, keepdims=True)
        return afforded((gain > seen.studio.cost) & (rank(-gain) < room), gain, observation)

    def _gain(
        self, state: Lessons, observation: Observation, stock: Stock, lead_days: float
    ) -> Float[np.ndarray, "R C"]:
        """Expect gross profit of one more variant over its life, from when the studio delivers [currency]."""
        quality = self.judge.quality(state.belief)
        days = max(lead_days, WEEK_DAYS)
        traffic = self._served(np.repeat(quality[:, None], PIECES, axis=1), stock, days)
        then = self.wear.after(stock.exposure, traffic * stock.daily, days)
        level = (traffic * quality * self.wear.left(then)).sum(axis=2)
        return np.asarray(self.damping * self.judge.newcomer(level) * observation.current * self.life_days)
