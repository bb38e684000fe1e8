"""What is believed of each variant: a quality that stays, and a wear that reports of frequency tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtr

from aicmo.messages import Brief, Creatives, Observation

RIPE = 0.5
"""Share of conversions credited from which on a day counts: what variants won of each other needs no more."""
FIRST_DAYS = 7.0
"""How heads were reached before reports begin is taken from the first days reported."""
LEAST = 1e-9
"""Shares and rates below it are none."""


class Belief(NamedTuple):
    """What has been learned of the variants in each slot.

    Attributes
    ----------
    until : int [tick]
        Origins before it have been learned from.
    since : (R, C, V) [tick]
        Which variant it is: when it went live.
    expected, won : (R, C, V) [order]
        Orders that the variant would have won at quality one, worn as it was, and those that it won; faded.
    exposure : (R, C, V) [1]
        Exposures that an addressed head remembers when tick `until` opens.
    """

    until: int
    since: Int[np.ndarray, "R C V"]
    expected: Float[np.ndarray, "R C V"]
    won: Float[np.ndarray, "R C V"]
    exposure: Float[np.ndarray, "R C V"]


@dataclass(frozen=True)
class Wear:
    """How a variant wears and recovers, as advertisers believe: never the truth of a scenario.

    Parameters
    ----------
    exponent, floor : float
        Response after e exposures is floor + (1 − floor)(1 + e)^(−exponent) of the first (Meta analysis,
        quoted, weak; the floor is an assumption).
    recovery_days : float
        Half-life of exposures in memory (assumption).
    """

    exponent: float = 0.43
    floor: float = 0.1
    recovery_days: float = 28.0

    def __post_init__(self) -> None:
        if not (self.exponent >= 0.0 and 0.0 <= self.floor <= 1.0 and self.recovery_days > 0.0):
            wanted = "exponent at least 0, floor from 0 to 1, recovery_days above 0"
            raise ValueError(f"wear: {wanted}; got {self.exponent}, {self.floor}, {self.recovery_days}")

    def left(self, exposure: np.ndarray) -> np.ndarray:
        """Share of its effect that a variant keeps after so many remembered exposures."""
        return np.asarray(self.floor + (1.0 - self.floor) * (1.0 + exposure) ** -self.exponent)

    def kept(self, days: float) -> float:
        """Share of exposures that is remembered after some days."""
        return float(2.0 ** (-days / self.recovery_days))

    def after(self, exposure: np.ndarray, daily: np.ndarray, days: np.ndarray | float) -> np.ndarray:
        """Exposures remembered after some days at so many a day."""
        kept = 2.0 ** (-np.asarray(days) / self.recovery_days)
        return np.asarray(kept * exposure + daily * (1.0 - kept) / (1.0 - self.kept(1.0)))


@dataclass(frozen=True)
class Judge:
    """Learns the quality of variants from what each won of its campaign's orders, wear taken out.

    A platform credits to each variant its part of the campaign's pressure, share · quality · wear. So its
    orders are counts around N · share · wear · quality / Σ (the same of all), N the campaign's orders, and
    with a Gamma prior of mean one its quality is Gamma distributed. All variants of all campaigns start from
    that prior, which pools them: where newcomers keep losing, what runs is known to be good.

    Parameters
    ----------
    wear : Wear
    spread : float
        Believed standard deviation of quality.
    dispersion : float
        Variance of counts ÷ mean.
    half_life_days : float
        How fast what was seen stops counting: no belief about wear is exact.
    """

    wear: Wear
    spread: float
    dispersion: float
    half_life_days: float

    @property
    def prior(self) -> float:
        """Orders that the prior is worth: shape and rate of the Gamma."""
        return 1.0 / self.spread**2

    def nothing(self, brief: Brief) -> Belief:
        """Know nothing."""
        zero = np.zeros((*brief.shape, brief.variants))
        never = np.full(zero.shape, -brief.history_ticks - 1)
        return Belief(-brief.history_ticks, never, zero, zero, zero)

    def quality(self, belief: Belief) -> Float[np.ndarray, "R C V"]:
        """Believed mean quality."""
        return np.asarray((self.prior + belief.won) / (self.prior + belief.expected))

    def surely(self, belief: Belief, deviations: float) -> Float[np.ndarray, "R C V"]:
        """Quality so many standard deviations above the mean: √shape / rate is one."""
        error = np.sqrt(self.prior + belief.won) / (self.prior + belief.expected)
        return np.asarray(self.quality(belief) + deviations * error)

    def newcomer(self, level: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R C"]:
        """Return the expected gain of one more variant, served only if it is better: E[(Q − q)⁺] / q.

        Φ(d) − q Φ(d − σ) with d = σ/2 − ln(q)/σ for a quality Q that is lognormal with mean one, its
        logarithm's standard deviation σ (Black 1976).
        """
        q = np.maximum(level, LEAST)
        d = 0.5 * self.spread - np.log(q) / self.spread
        return np.asarray((ndtr(d) - q * ndtr(d - self.spread)) / q)

    def learn(self, brief: Brief, belief: Belief, observation: Observation) -> Belief:
        """Take in the origins that have matured since the last time, each once."""
        seen = observation.creatives
        if seen is None or len(seen.origin) == 0:
            return belief
        belief = self._renewed(brief, belief, seen)
        first = int(observation.origin[0])
        ripe = observation.delivered & (observation.maturity >= RIPE)
        for row, tick in enumerate(seen.origin.tolist()):
            if tick >= belief.until and ripe[tick - first]:
                belief = self._counted(brief, belief, seen, row, observation.unified[tick - first])
        return belief

    def exposure(self, brief: Brief, belief: Belief, seen: Creatives) -> Float[np.ndarray, "R C V"]:
        """Exposures that heads remember by now, days included whose orders are still to come."""
        remembered, kept = belief.exposure, self.wear.kept(brief.tick_days)
        for row in np.flatnonzero(seen.origin >= belief.until):
            shown = np.where(seen.since <= seen.origin[row], seen.exposures[row], 0.0)
            remembered = kept * remembered + shown
        return np.asarray(remembered)

    def _renewed(self, brief: Brief, belief: Belief, seen: Creatives) -> Belief:
        """Forget what was in slots that hold something new; exposures before the reports are reckoned."""
        new, first = seen.since != belief.since, int(seen.origin[0])
        reported = seen.exposures[: max(round(FIRST_DAYS / brief.tick_days), 1)]
        before = np.maximum((first - seen.since) * brief.tick_days, 0.0)
        settled = self.wear.after(np.zeros(before.shape), reported.mean(axis=0) / brief.tick_days, before)
        return Belief(
            max(belief.until, first),
            seen.since,
            np.where(new, 0.0, belief.expected),
            np.where(new, 0.0, belief.won),
            np.where(new, settled, belief.exposure),
        )

    def _counted(
        self, brief: Brief, belief: Belief, seen: Creatives, row: int, orders: Float[np.ndarray, "R C"]
    ) -> Belief:
        """Add one origin: what each variant won, and its part of pressure at quality one."""
        there = seen.since <= seen.origin[row]
        pressure = np.where(there, seen.served[row] * self.wear.left(belief.exposure), 0.0)
        total = (pressure * self.quality(belief)).sum(axis=2, keepdims=True)
        # What has gone since took its part of the orders with it.
        won = np.where(there & (total > LEAST), seen.credit[row] * orders[..., None], 0.0) / self.dispersion
        won_by_all = won.sum(axis=2, keepdims=True)
        expected = np.divide(won_by_all * pressure, total, out=np.zeros_like(won), where=total > LEAST)
        fade = 2.0 ** (-brief.tick_days / self.half_life_days)
        shown = np.where(there, seen.exposures[row], 0.0)
        return belief._replace(
            until=int(seen.origin[row]) + 1,
            expected=fade * belief.expected + expected,
            won=fade * belief.won + won,
            exposure=self.wear.kept(brief.tick_days) * belief.exposure + shown,
        )
