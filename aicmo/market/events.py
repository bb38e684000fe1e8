"""Scheduled events: factors on demand, effectiveness, price, rivals or consent while they last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from jaxtyping import Bool, Float

from aicmo.market.timeline import Timeline
from aicmo.messages import MINUTES_PER_DAY
from aicmo.scenario.market import Event


def event_factor(event: Event, multiplier: float, line: Timeline) -> Float[np.ndarray, "T"]:
    """Mean over each tick of a factor that is `multiplier` during the event and one otherwise."""
    first = line.day(date.fromisoformat(event.start))
    return 1.0 + (multiplier - 1.0) * line.overlap(first, first + event.duration / MINUTES_PER_DAY)


def demand_events(
    events: Sequence[Event], segments: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T S"]:
    """Product of all events' factors on the demand of each segment."""
    return _product(events, [event.demand for event in events], _named_segments(events, segments), line)


def rival_events(
    events: Sequence[Event], segments: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T S"]:
    """Product of all events' factors on rivals in each segment."""
    return _product(events, [event.rivals for event in events], _named_segments(events, segments), line)


def price_events(
    events: Sequence[Event], channels: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T K"]:
    """Product of all events' factors on the media price of each channel."""
    return _product(events, [event.price for event in events], _named_channels(events, channels), line)


def consent_events(events: Sequence[Event], line: Timeline) -> Float[np.ndarray, "T"]:
    """Product of all events' factors on the share of profiles that may be used."""
    everybody = np.ones((len(events), 1), dtype=bool)
    return _product(events, [event.consent for event in events], everybody, line)[:, 0]


def outages(events: Sequence[Event], line: Timeline) -> tuple[tuple[int, int], ...]:
    """When no data arrives, from and until [minute since the opening], in order of time."""
    silent = [event for event in events if event.data_outage]
    starts = [line.day(date.fromisoformat(event.start)) * MINUTES_PER_DAY for event in silent]
    return tuple(sorted((start, start + item.duration) for start, item in zip(starts, silent, strict=True)))


def effectiveness_events(
    events: Sequence[Event], segment_of: Sequence[str], channel_of: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T C"]:
    """Product of all events' factors on campaigns, each in a segment and a channel that the event names."""
    touched = _named_segments(events, segment_of) & _named_channels(events, channel_of)
    return _product(events, [event.effectiveness for event in events], touched, line)


def concentration_events(
    events: Sequence[Event], segment_of: Sequence[str], channel_of: Sequence[str], line: Timeline
) -> Float[np.ndarray, "T C"] | None:
    """Product of all events' factors on the concentration of each campaign; None where no event has one."""
    if all(event.concentration == 1.0 for event in events):
        return None
    touched = _named_segments(events, segment_of) & _named_channels(events, channel_of)
    return _product(events, [event.concentration for event in events], touched, line)


def _product(
    events: Sequence[Event], multipliers: Sequence[float], touched: Bool[np.ndarray, "V E"], line: Timeline
) -> Float[np.ndarray, "T E"]:
    """Multiply the factors of all events, each on what it touches."""
    factor = np.ones((len(line.span), touched.shape[1]))
    for event, multiplier, columns in zip(events, multipliers, touched, strict=True):
        factor[:, columns] *= event_factor(event, multiplier, line)[:, None]
    return factor


def _named_segments(events: Sequence[Event], names: Sequence[str]) -> Bool[np.ndarray, "V E"]:
    return _named([event.segments for event in events], names)


def _named_channels(events: Sequence[Event], names: Sequence[str]) -> Bool[np.ndarray, "V E"]:
    return _named([event.channels for event in events], names)


def _named(wishes: Sequence[Sequence[str]], names: Sequence[str]) -> Bool[np.ndarray, "V E"]:
    """Mark the names that each event asks for; an empty wish means all."""
    marks = [[not wished or name in wished for name in names] for wished in wishes]
    return np.array(marks, dtype=bool).reshape(len(wishes), len(names))
