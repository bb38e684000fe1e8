"""What experiments withhold: credit as it would have been had nobody been held out.

People who are held out order less, so credit dips while a test runs and for a while after. A readout is
compared with credit that is made whole, and so is what curves are learned from.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from aicmo.messages import Brief, Observation

LEAST = 0.05
"""Least share of matured conversions that is divided by."""
TINY = 1e-9
"""Half-life of none, in days."""


def counted_credit(brief: Brief, observation: Observation, row: int, slot: int) -> Float[np.ndarray, "K"]:
    """Unified credit by channel that a readout should be compared with, (K,) [order/day].

    Of the tested campaigns while orders were counted, matured, as if nobody had been held out; less what
    held-out people are believed to have still remembered, since the readout misses it too.
    """
    seen = observation.experiments
    counted = np.arange(seen.counted[row, slot], seen.end[row, slot])
    members, rows = np.flatnonzero(seen.tested[row, slot]), counted + brief.history_ticks
    missing = _missing(brief, observation, row, slot, counted)
    whole = observation.unified[rows, row][:, members] / (1.0 - missing)
    mature = np.maximum(observation.maturity[rows], LEAST)[:, None]
    daily = (whole * missing / mature).mean(axis=0) / (seen.share[row, slot] * brief.tick_days)
    return np.bincount(brief.channel[members], daily, minlength=len(brief.channels))


def as_if_whole(brief: Brief, observation: Observation, since: int) -> Observation:
    """Return the observation with unified credit as it would be had nobody been held out, from `since` on."""
    if not (observation.experiments.share > 0.0).any():
        return observation
    unified, rows = observation.unified.copy(), observation.since(since)
    unified[rows] /= 1.0 - withheld(brief, observation, since)
    return replace(observation, unified=unified)


def withheld(brief: Brief, observation: Observation, since: int) -> Float[np.ndarray, "W R C"]:
    """Share of each campaign's effect believed to be missing for experiments, from tick `since` on [1]."""
    ticks = observation.origin[observation.since(since)]
    out = np.zeros((len(ticks), *brief.shape))
    for row, slot in np.argwhere(observation.experiments.share > 0.0).tolist():
        members = np.flatnonzero(observation.experiments.tested[row, slot])
        out[:, row, members] += _missing(brief, observation, row, slot, ticks)
    return out


def _missing(
    brief: Brief, observation: Observation, row: int, slot: int, ticks: Int[np.ndarray, "W"]
) -> Float[np.ndarray, "W M"]:
    """Share missing for one experiment, f · (1 − 2^(−t/h)) while it runs and fading after: h is believed."""
    seen = observation.experiments
    start, end = seen.start[row, slot], seen.end[row, slot]
    half_life = np.maximum(brief.half_life[row, seen.tested[row, slot]], TINY)
    out = np.clip(ticks + 1 - start, 0, end - start)[:, None] * brief.tick_days
    after = np.maximum(ticks + 1 - end, 0)[:, None] * brief.tick_days
    rise = -np.expm1(-np.log(2.0) * out / half_life)
    return np.asarray(seen.share[row, slot] * rise * np.exp2(-after / half_life))
