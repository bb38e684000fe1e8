"""Synergy: attention on one channel makes another work better (model.md 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from aicmo.scenario.market import Market as Truth
from aicmo.scenario.priors import Priors


@dataclass(frozen=True)
class Synergy:
    """Links between channels.

    Attributes
    ----------
    target, source : (L,)
        Channel that works better, and channel that helps, of each link.
    lift : (R, L) [1]
        At full attention.
    """

    target: Int[np.ndarray, "L"]
    source: Int[np.ndarray, "L"]
    lift: Float[np.ndarray, "R L"]


def synergy_of(truth: Truth, priors: Priors) -> Synergy | None:
    """Read the scenario; none where no channel helps another."""
    index = {channel.name: k for k, channel in enumerate(truth.channels)}
    links = [
        (index[item.channel], index[name], item.lift * priors.factor("synergy", [item.channel]))
        for item in truth.synergies
        for name in item.channels
    ]
    if not links:
        return None
    target, source, lift = zip(*links, strict=True)
    return Synergy(np.array(target), np.array(source), np.concatenate(lift, axis=1))


def lifted(synergy: Synergy, attention: Float[np.ndarray, "R P"], channels: int) -> Float[np.ndarray, "R P"]:
    """Factor on pressure of every segment × channel, 1 + Σ_j syn_kj h_sj [1].

    Parameters
    ----------
    attention : (R, P) [1]
        h of the last tick, segment by segment: no channel waits for another within a tick.
    """
    from aicmo.market.kernels.response import lift  # noqa: PLC0415 - Numba only where channels help each other

    factor = np.ones(attention.shape)
    lift(factor, attention, synergy.target, synergy.source, synergy.lift, channels)
    return factor
