"""Scheduled events: factors on demand, effectiveness, price, rivals or consent while they last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    return _product(events, lambda event: event.demand, lambda event: _named(event.segments, segments), line)


def rival_events(
    events: Iterable[Event], segments: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T S"]:
    """Product of all events' factors on rivals in each segment."""
    return _product(events, lambda event: event.rivals, lambda event: _named(event.segments, segments), line)


def price_events(
    events: Iterable[Event], channels: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T K"]:
    """Product of all events' factors on the media price of each channel."""
    return _product(events, lambda event: event.price, lambda event: _named(event.channels, channels), line)


def consent_events(events: Iterable[Event], line: Timeline) -> Float[np.ndarray, "T"]:
    """Product of all events' factors on the share of profiles that may be used."""
    return _product(events, lambda event: event.consent, lambda _: np.ones(1, dtype=bool), line)[:, 0]


def effectiveness_events(
    events: Iterable[Event], segment_of: Sequence[str], channel_of: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T C"]:
    """Product of all events' factors on campaigns, each in a segment and a channel that the event names."""

    def touched(event: Event) -> np.ndarray:
        return np.asarray(_named(event.segments, segment_of) & _named(event.channels, channel_of))

    return _product(events, lambda event: event.effectiveness, touched, line)


def _product(
    events: Iterable[Event],
    multiplier: Callable[[Event], float],
    touched: Callable[[Event], np.ndarray],
    line: Timeline,
) -> Float[np.ndarray, "T E"]:
    """Multiply the factors of all events, each on what it touches."""
    factor = np.ones((len(line.span), 1))
    for event in events:
        factor = factor * np.where(touched(event), event_factor(event, multiplier(event), line)[:, None], 1.0)
    return factor


def _named(wanted: Sequence[str], names: Sequence[str]) -> np.ndarray:
    """Mark the names that an event asks for; an empty wish means all."""
    return np.array([not wanted or name in wanted for name in names], dtype=bool)
