"""The clairvoyant's other seats: the best breadth and the best variants, by truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr

from aicmo.core.noise import Draws
from aicmo.evaluation.insight import Insight
from aicmo.market.creative import Creative, Variants, worn
from aicmo.messages import Brief, Creatives, Mix, Observation, Proposal, Seat

BREADTHS = np.linspace(0.1, 1.0, 19)
"""What the clairvoyant chooses from."""
PIECES = 16
"""Into how many pieces it splits a campaign's traffic."""
LIFE_DAYS = 42.0
"""How long it counts on a new variant."""
WEEK_DAYS = 7.0
SHARP = 1e-9
"""Spreads and levels below it are none."""


@dataclass(frozen=True)
class KnownBreadth:
    """Addresses the share of each segment that answers most to the money in force."""

    insight: Insight

    kind: ClassVar[str] = "known_breadth"
    seat: ClassVar[Seat] = "targeting"
    cadence: ClassVar[str] = "1w"

    @classmethod
    def examples(cls) -> Iterator[KnownBreadth]:
        """Yield none: without a world there is nothing to know."""
        yield from ()

    def init(self, brief: Brief) -> None:
        """Nothing to learn from."""

    def update(self, state: None, observation: Observation) -> None:
        """Nothing to learn."""

    def act(self, state: None, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        """Try every breadth on the true curves at a steady rate."""
        insight, market = self.insight, self.insight.world.market
        targeting = market.targeting
        if targeting is None or observation.breadth is None:
            raise ValueError("known_breadth: this market has no targeting; leave the seat empty")
        quality, price = insight.quality(), insight.price(observation.tick)
        most, best = np.full(observation.breadth.shape, -1.0), np.array(observation.breadth)
        for share in BREADTHS:
            breadth = np.full(best.shape, share)
            room = breadth ** (1.0 - targeting.premium)
            bought = np.minimum(observation.current, price * market.inventory * room)
            x = bought * quality / (price * market.half_saturation * room)
            orders = insight.response(x) * insight.found(targeting, breadth, observation.tick)
            better = orders > most
            most, best = np.where(better, orders, most), np.where(better, breadth, best)
        # Where no money is, no breadth is better than the one in force.
        return Proposal(self.seat, np.where(most > 0.0, best, observation.breadth))


@dataclass(frozen=True)
class KnownVariants:
    """Serves the true best as it wears, and orders where a new variant is worth its price."""

    insight: Insight

    kind: ClassVar[str] = "known_variants"
    seat: ClassVar[Seat] = "creative"
    cadence: ClassVar[str] = "1w"

    @classmethod
    def examples(cls) -> Iterator[KnownVariants]:
        """Yield none: without a world there is nothing to know."""
        yield from ()

    def init(self, brief: Brief) -> Brief:
        """Know what an order is worth."""
        return brief

    def update(self, state: Brief, observation: Observation) -> Brief:  # noqa: ARG002 - it learns nothing
        """Nothing to learn."""
        return state

    def act(self, state: Brief, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        """Split the week's traffic piece by piece, each to what would work best then."""
        creative, variants = self.insight.world.market.creative, self.insight.state.variants
        seen = observation.creatives
        if creative is None or variants is None or seen is None:
            raise ValueError("known_variants: this market has no creatives; leave the seat empty")
        pressure = self.insight.pressure(observation.current, observation.tick)
        week = creative.exposures * pressure * (WEEK_DAYS / state.tick_days)
        traffic = np.zeros(variants.quality.shape)
        for _ in range(PIECES):
            marginal = variants.quality * worn(creative, variants.exposure + traffic * week[..., None])
            chosen = np.where(seen.live, marginal, -1.0).argmax(axis=2)
            traffic += (chosen[..., None] == np.arange(state.variants)) / PIECES
        served = variants._replace(traffic=traffic)
        return Proposal(self.seat, Mix(traffic, None, self._orders(state, seen, creative, served, pressure)))

    def _orders(
        self,
        brief: Brief,
        seen: Creatives,
        creative: Creative,
        variants: Variants,
        pressure: Float[np.ndarray, "R C"],
    ) -> np.ndarray | None:
        """One variant where the expected gain of the best of it and what runs exceeds its price."""
        if seen.studio is None:
            return None
        market = self.insight.world.market
        q = (variants.traffic * variants.quality * worn(creative, variants.exposure)).sum(axis=2)
        better = expected_excess(q, creative.spread)
        gain = self.insight.response(pressure * (q + better)) - self.insight.response(pressure * q)
        worth = gain * market.ceiling * brief.value * LIFE_DAYS
        worth = np.where(seen.ordered > 0, 0.0, worth)
        room = seen.studio.capacity - seen.ordered.sum(axis=1, keepdims=True)
        rank = np.argsort(np.argsort(-worth, axis=1, kind="stable"), axis=1, kind="stable")
        return np.asarray(((worth > seen.studio.cost) & (rank < room)).astype(np.int64))


def expected_excess(
    level: Float[np.ndarray, "R C"], spread: Float[np.ndarray, "R 1"]
) -> Float[np.ndarray, "R C"]:
    """Return E[(Q − q)⁺] for quality Q lognormal with mean one and log standard deviation σ [1].

    Φ(d) − q Φ(d − σ) with d = σ/2 − ln(q)/σ (Black 1976).
    """
    sigma = np.maximum(spread, SHARP)
    d = 0.5 * sigma - np.log(np.maximum(level, SHARP)) / sigma
    return np.asarray(ndtr(d) - level * ndtr(d - sigma))
