"""What is believed of the parts of a day: a bandit whose arms all get some money every day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.core.bandits.evidence import Evidence
from aicmo.core.bandits.thompson import GammaThompson
from aicmo.messages import Brief, Observation

RIPE = 0.5
"""Share of conversions credited from which on a day counts: what hours won of each other needs no more."""
LEAST = 0.05
"""Least money in a part of the day, over an even share, so that it stays known."""


class Belief(NamedTuple):
    """What has been learned of each channel's hours.

    Attributes
    ----------
    until : int [tick]
        Origins before it have been learned from.
    expected, won : (R, K, D) [order]
        Orders that a part would have won at effect one, and those that it won; faded.
    """

    until: int
    expected: Float[np.ndarray, "R K D"]
    won: Float[np.ndarray, "R K D"]

    @classmethod
    def nothing(cls, brief: Brief) -> Belief:
        """Know nothing."""
        zero = np.zeros((brief.replications, len(brief.channels), brief.dayparts))
        return cls(-brief.history_ticks, zero, zero)


def learned(
    brief: Brief, belief: Belief, observation: Observation, prior: float, crowding: float, fade: float
) -> Belief:
    """Take in the origins that have matured since the last time, each once; campaigns of a channel pool.

    Orders of a part are counts around N · t^η · effect / Σ (the same of all), N the campaign's orders, so
    with a Gamma prior of mean one its effect is Gamma distributed.
    """
    seen = observation.hours
    if seen is None:
        return belief
    ripe = observation.delivered & (observation.maturity >= RIPE)
    first = int(observation.origin[0]) if len(observation.origin) else 0
    for row, tick in enumerate(seen.origin.tolist()):
        if tick < belief.until or not ripe[tick - first]:
            continue
        effect = ((prior + belief.won) / (prior + belief.expected))[:, brief.channel]
        work = seen.timing[row] ** (1.0 - crowding)
        count = observation.unified[tick - first][..., None]
        expected = count * work / (work * effect).sum(axis=2, keepdims=True)
        by_channel = [
            np.stack([part[:, brief.channel == k].sum(axis=1) for k in range(len(brief.channels))], axis=1)
            for part in (expected, count * seen.credit[row])
        ]
        belief = Belief(tick + 1, fade * belief.expected + by_channel[0], fade * belief.won + by_channel[1])
    return belief


def timing(
    brief: Brief, belief: Belief, prior: float, crowding: float, uniforms: Float[np.ndarray, "R K D"]
) -> Float[np.ndarray, "R C D"]:
    """Draw an effect for each part and split the day's money best for it: t ∝ effect^(1/crowding)."""
    shape, rows = belief.won.shape, (-1, belief.won.shape[2])
    rule = GammaThompson(prior, prior)
    known = Evidence(belief.expected.reshape(rows), belief.won.reshape(rows))
    drawn = rule.index(known, uniforms.reshape(rows)).reshape(shape)
    best = drawn ** (1.0 / crowding)
    best = np.maximum(best / best.mean(axis=2, keepdims=True), LEAST)
    return np.asarray((best / best.mean(axis=2, keepdims=True))[:, brief.channel])
