"""The creative agent: serves what works, retires what does not, and orders new variants where they pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr

from aicmo.agents._reading import Reading, per, read, read_variants
from aicmo.core.bandits.evidence import Evidence
from aicmo.core.bandits.thompson import GaussianThompson
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Creatives, Mix, Observation, Proposal, Seat

DAMPING = 0.5
"""Orders gained for more effect of the same money, as a share: response saturates (assumption)."""
DEBUT_DAYS = 14.0
"""How long a variant counts as new."""
LOOK_DAYS = 28.0
"""What current results are read from."""
SURE = 1.645
"""Standard deviations above its estimate below which a variant lies with 95 %."""


class Lessons(NamedTuple):
    """What the agent has learned.

    Attributes
    ----------
    brief : Brief
    before, tick : int or None
        Of the last decision, and of this one.
    expected, won : (R, C) [order]
        Orders that newcomers would have won at their campaign's rate, and those that they won.
    """

    brief: Brief
    before: int | None
    tick: int | None
    expected: Float[np.ndarray, "R C"]
    won: Float[np.ndarray, "R C"]

    def ticks(self, days: float) -> int:
        """Length of some days in ticks."""
        return round(days / self.brief.tick_days)


@dataclass(frozen=True)
class Creative:
    """Thompson sampling over the live variants; orders by the value of one more, ahead of need.

    Parameters
    ----------
    spread : float
        Believed standard deviation of a variant's effect, relative to its campaign's.
    half_life_days : float
        How fast what was seen of a variant stops counting: it wears out.
    floor : float
        Least share of traffic that a live variant gets, so that it stays known.
    samples : int
        Draws of which each sends its part of the traffic to the variant that is best in it.
    retire_below : float
        A variant goes when it is surely below this share of the best of its campaign.
    life_days : float
        How long a new variant is expected to be worth something; an order must pay within it.
    newcomer : float
        What a new variant is believed to do relative to what runs, before any has been seen: it is not worn.
    load : float
        Orders in the studio at most, as a share of its capacity: quality is held as velocity rises.
    veto : float
        Share of new variants that a person refuses to let run.
    cadence : str
    """

    kind: ClassVar[str] = "creative"
    seat: ClassVar[Seat] = "creative"

    spread: float = 0.3
    half_life_days: float = 21.0
    floor: float = 0.03
    samples: int = 16
    retire_below: float = 0.6
    life_days: float = 42.0
    newcomer: float = 1.15
    load: float = 1.0
    veto: float = 0.0
    cadence: str = "1w"

    def __post_init__(self) -> None:
        if not (self.spread > 0.0 and self.samples >= 1 and 0.0 <= self.veto < 1.0):
            wanted = "spread above 0, samples at least 1, veto from 0 to below 1"
            raise ValueError(f"creative: {wanted}; got {self.spread}, {self.samples}, {self.veto}")

    @classmethod
    def examples(cls) -> Iterator[Creative]:
        """Instances on which the contracts are checked."""
        yield cls()
        yield cls(veto=0.3, samples=4, load=2.0)

    def init(self, brief: Brief) -> Lessons:
        """Nothing has been learned about newcomers."""
        return Lessons(brief, None, None, np.zeros(brief.shape), np.zeros(brief.shape))

    def update(self, state: Lessons, observation: Observation) -> Lessons:
        """Learn from each newcomer once, when its first weeks have been reported."""
        seen, before = observation.creatives, state.tick
        state = state._replace(before=before, tick=observation.tick)
        if seen is None or before is None:
            return state
        reported = seen.since + state.ticks(2.0 * DEBUT_DAYS)
        ripe = seen.live & (reported <= observation.tick) & (reported > before)
        if not ripe.any():
            return state
        origin = seen.origin[:, None, None, None]
        debut = ripe & (origin >= seen.since) & (origin < seen.since + state.ticks(DEBUT_DAYS))
        first = read_variants(state.brief, observation, seen, debut.astype(np.float64))
        usual = self._recent(state, observation).rate
        return state._replace(
            expected=state.expected + first.money.sum(axis=2) * usual,
            won=state.won + first.orders.sum(axis=2),
        )

    def act(self, state: Lessons, observation: Observation, draws: Draws) -> Proposal:
        """Serve, retire, order."""
        seen = observation.creatives
        if seen is None:
            raise ValueError("creative: this market has no creatives; leave the seat empty")
        evidence = self._evidence(state, observation, seen)
        retire = self._refused(state, seen, draws) | self._outdone(evidence, seen)
        retire &= (seen.live & ~retire).any(axis=2, keepdims=True)
        traffic = self._traffic(evidence, seen.live & ~retire, draws)
        return Proposal(self.seat, Mix(traffic, retire, self._orders(state, observation, seen)))

    def _recent(self, state: Lessons, observation: Observation) -> Reading:
        return read(state.brief, observation, observation.tick - state.ticks(LOOK_DAYS))

    def _novelty(self, state: Lessons) -> Float[np.ndarray, "R C"]:
        """Believe what a newcomer does relative to what runs beside it: pooled, then by campaign."""
        weight = 1.0 / self.spread**2
        expected, won = (values.sum(axis=1, keepdims=True) for values in (state.expected, state.won))
        pooled = (weight * self.newcomer + won) / (weight + expected)
        return np.asarray((weight * pooled + state.won) / (weight + state.expected))

    def _evidence(self, state: Lessons, observation: Observation, seen: Creatives) -> Evidence:
        """Orders of each variant, and those that it would have at its campaign's rate, (R · C, V).

        A young one starts from what newcomers do, and as it ages from what all do.
        """
        age = (observation.tick - seen.origin) * state.brief.tick_days
        fresh = 0.5 ** (age / self.half_life_days)
        of_this = seen.origin[:, None, None, None] >= seen.since
        found = read_variants(state.brief, observation, seen, fresh[:, None, None, None] * of_this)
        usual = per(found.orders.sum(axis=2), found.money.sum(axis=2))
        lived = np.maximum(observation.tick - seen.since, 0) * state.brief.tick_days
        ahead = (self._novelty(state) - 1.0)[..., None] * 0.5 ** (lived / self.half_life_days)
        rows = (-1, seen.live.shape[2])
        expected = (found.money * usual[..., None]).reshape(rows)
        return Evidence(expected, found.orders.reshape(rows) + (ahead / self.spread**2).reshape(rows))

    def _outdone(self, evidence: Evidence, seen: Creatives) -> np.ndarray:
        """Mark live variants that are surely far below the best of their campaign, (R, C, V)."""
        weight = 1.0 / self.spread**2 + evidence.pulls
        mean = ((1.0 / self.spread**2 + evidence.sums) / weight).reshape(seen.live.shape)
        high = mean + SURE / np.sqrt(weight).reshape(seen.live.shape)
        best = np.where(seen.live, mean, 0.0).max(axis=2, keepdims=True)
        return np.asarray(seen.live & (high < self.retire_below * best))

    def _refused(self, state: Lessons, seen: Creatives, draws: Draws) -> np.ndarray:
        """Mark what has gone live since the last decision and a person does not want to see, (R, C, V)."""
        if self.veto == 0.0 or state.before is None:
            return np.zeros(seen.live.shape, dtype=bool)
        return np.asarray(
            seen.live & (seen.since > state.before) & (draws.uniform("veto", seen.live.shape) < self.veto)
        )

    def _traffic(self, evidence: Evidence, live: np.ndarray, draws: Draws) -> Float[np.ndarray, "R C V"]:
        """Share of draws in which each variant is the best, above a floor for all that are live."""
        rows, campaigns, variants = live.shape
        uniforms = draws.uniform("traffic", (rows, self.samples * campaigns * variants))
        shape = (rows, self.samples, campaigns, variants)
        rule = GaussianThompson(mean=1.0, pulls=1.0 / self.spread**2)
        known = (values.reshape(rows, 1, campaigns, variants) for values in (evidence.pulls, evidence.sums))
        repeated = Evidence(*(np.broadcast_to(values, shape).reshape(-1, variants) for values in known))
        index = rule.index(repeated, uniforms.reshape(-1, variants)).reshape(shape)
        best = np.where(live[:, None], index, -np.inf).argmax(axis=3)
        share = (best[..., None] == np.arange(variants)).mean(axis=1)
        least = np.minimum(self.floor, 1.0 / variants)
        return np.asarray(live * least + share * (1.0 - least * live.sum(axis=2, keepdims=True)))

    def _orders(self, state: Lessons, observation: Observation, seen: Creatives) -> np.ndarray | None:
        """Order one more variant where it shall pay, the best first, while the studio has room, (R, C)."""
        if seen.studio is None:
            return None
        young = (seen.live & (observation.tick - seen.since < state.ticks(DEBUT_DAYS))).any(axis=2)
        gain = np.where(young | (seen.ordered > 0), 0.0, self._gain(state, observation))
        room = np.floor(self.load * seen.studio.capacity) - seen.ordered.sum(axis=1, keepdims=True)
        rank = np.argsort(np.argsort(-gain, axis=1, kind="stable"), axis=1, kind="stable")
        return np.asarray(((gain > seen.studio.cost) & (rank < room)).astype(np.int64))

    def _gain(self, state: Lessons, observation: Observation) -> Float[np.ndarray, "R C"]:
        """Expect gross profit of one more variant over its life [currency].

        Its effect is N(m, spread²) relative to what runs, and it is served only if it is better: the expected
        improvement (m − 1) Φ(z) + spread φ(z), z = (m − 1) / spread (Jones, Schonlau & Welch 1998).
        """
        recent, brief = self._recent(state, observation), state.brief
        days = observation.maturity[observation.since(observation.tick - state.ticks(LOOK_DAYS))].sum()
        daily = recent.orders * brief.value / max(days * brief.tick_days, brief.tick_days)
        ahead = self._novelty(state) - 1.0
        z = ahead / self.spread
        better = ahead * ndtr(z) + self.spread * np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
        return np.asarray(DAMPING * better * daily * self.life_days)
