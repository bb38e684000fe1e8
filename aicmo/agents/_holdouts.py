"""Holdouts of whole channels: what is tested together, and how long until it is forgotten."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.messages import Brief, Holdouts, Observation


def busy(brief: Brief, observation: Observation) -> Bool[np.ndarray, "R K"]:
    """Whether a channel has a campaign that is in an experiment now."""
    held = observation.experiments.held_out(observation.tick) > 0.0
    return np.stack([held[:, brief.channel == k].any(axis=1) for k in range(len(brief.channels))], axis=1)


def may_begin(brief: Brief, observation: Observation) -> Bool[np.ndarray, "R"]:
    """Whether capacity and slots are left for one more."""
    seen = observation.experiments
    slots = (
        (seen.share == 0.0).any(axis=1) if seen.share.shape[1] else np.zeros(brief.replications, dtype=bool)
    )
    return np.asarray(observation.due & slots & (seen.free(observation.tick) > 0))


def wash_out_days(brief: Brief, half_lives: float) -> Float[np.ndarray, "R K"]:
    """Days until carried-over pressure has gone, so many of the longest believed half-life of the channel."""
    members = [brief.channel == k for k in range(len(brief.channels))]
    return np.stack(
        [half_lives * brief.half_life[:, inside].max(axis=1, initial=0.0) for inside in members], axis=1
    )


def of_channels(
    brief: Brief,
    chosen: Int[np.ndarray, "R"],
    share: Float[np.ndarray, "R"],
    days: Float[np.ndarray, "R"],
    wash_out: Float[np.ndarray, "R"],
) -> Holdouts:
    """Hold people out of all campaigns of one channel in each world; −1 begins nothing."""
    begun = chosen >= 0
    tested = (brief.channel == chosen[:, None]) & begun[:, None]
    return Holdouts(tested, *(np.where(begun, given, 0.0) for given in (share, days, wash_out)))
