"""Scheduled events: factors on demand, effectiveness or price while they last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from jaxtyping import Float

from aicmo.market.timeline import Timeline
from aicmo.messages import MINUTES_PER_DAY
from aicmo.scenario.market import Event


def event_factor(event: Event, multiplier: float, line: Timeline) -> Float[np.ndarray, "T"]:
    """Mean over each tick of a factor that is `multiplier` during the event and one otherwise."""
    first = line.day(date.fromisoformat(event.start))
    return 1.0 + (multiplier - 1.0) * line.overlap(first, first + event.duration / MINUTES_PER_DAY)


def demand_events(
    events: Iterable[Event], segments: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T S"]:
    """Product of all events' factors on the demand of each segment."""
    factor = np.ones((len(line.span), len(segments)))
    for event in events:
        factor[:, _named(event.segments, segments)] *= event_factor(event, event.demand, line)[:, None]
    return factor


def price_events(
    events: Iterable[Event], channels: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T K"]:
    """Product of all events' factors on the media price of each channel."""
    factor = np.ones((len(line.span), len(channels)))
    for event in events:
        factor[:, _named(event.channels, channels)] *= event_factor(event, event.price, line)[:, None]
    return factor


def effectiveness_events(
    events: Iterable[Event], segment_of: Sequence[str], channel_of: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T C"]:
    """Product of all events' factors on campaigns, each in a segment and a channel that the event names."""
    factor = np.ones((len(line.span), len(segment_of)))
    for event in events:
        touched = _named(event.segments, segment_of) & _named(event.channels, channel_of)
        factor[:, touched] *= event_factor(event, event.effectiveness, line)[:, None]
    return factor


def _named(wanted: Sequence[str], names: Sequence[str]) -> np.ndarray:
    """Mark the names that an event asks for; an empty wish means all."""
    return np.array([not wanted or name in wanted for name in names], dtype=bool)
