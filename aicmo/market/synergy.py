"""Synergy: attention on one channel makes another work better (model.md 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.scenario.market import Market as Truth
from aicmo.scenario.priors import Priors


@dataclass(frozen=True)
class Synergy:
    """Links between channels.

    Attributes
    ----------
    links : tuple of (int, int, (R, 1))
        Channel that works better, channel that helps, lift at full attention [1].
    """

    links: tuple[tuple[int, int, Float[np.ndarray, "R 1"]], ...]


def synergy_of(truth: Truth, priors: Priors) -> Synergy | None:
    """Read the scenario; none where no channel helps another."""
    index = {channel.name: k for k, channel in enumerate(truth.channels)}
    links = [
        (index[item.channel], index[name], item.lift * priors.factor("synergy", [item.channel]))
        for item in truth.synergies
        for name in item.channels
    ]
    return Synergy(tuple(links)) if links else None


def lifted(synergy: Synergy, attention: Float[np.ndarray, "R P"], channels: int) -> Float[np.ndarray, "R P"]:
    """Factor on pressure of every segment × channel, 1 + Σ_j syn_kj h_sj [1].

    Parameters
    ----------
    attention : (R, P) [1]
        h of the last tick, segment by segment: no channel waits for another within a tick.
    """
    by_segment = attention.reshape(attention.shape[0], -1, channels)
    factor = np.ones(by_segment.shape)
    for target, source, lift in synergy.links:
        factor[:, :, target] += lift * by_segment[:, :, source]
    return factor.reshape(attention.shape)
