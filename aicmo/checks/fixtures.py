"""Small synthetic briefs, standings and observations on which parts are checked, yours too."""

from __future__ import annotations

from datetime import date

import numpy as np

from aicmo.messages import (
    Brief,
    Creatives,
    Experiments,
    Hours,
    Limits,
    Observation,
    Period,
    Standing,
    StudioTerms,
    Terms,
)

SEGMENTS = ("young", "families")
CHANNELS = ("search", "social", "tv")
# Budget of a period [currency/day]; everything else is in proportion to it.
PACE = 1200.0
VARIANTS = 3
DAYPARTS = 3


def brief(
    *, replications: int = 4, history_weeks: int = 8, weeks: int = 26, tick_minutes: int = 1440, seed: int = 0
) -> Brief:
    """Make a brief with two segments, three channels and seven campaigns, one of them for retention.

    Parameters
    ----------
    replications : int
        R; the beliefs of a row do not depend on it.
    history_weeks, weeks : int
        Length of the history and of the horizon; budget periods are half horizons.
    seed : int
        Of the beliefs that differ between replications.
    """
    per_week = 7 * 1440 // tick_minutes
    past, ahead = history_weeks * per_week, weeks * per_week
    segment = np.array([0, 0, 0, 1, 1, 1, 1])
    channel = np.array([0, 1, 2, 0, 1, 2, 0])
    retention = np.array([False] * 6 + [True])
    goal = np.where(retention, "retention", "acquisition")
    rows = [np.random.default_rng((seed, r)) for r in range(replications)]
    return Brief(
        currency="EUR",
        minor_unit=0.01,
        campaigns=tuple(
            f"{SEGMENTS[s]}/{CHANNELS[k]}/{o}" for s, k, o in zip(segment, channel, goal, strict=True)
        ),
        segments=SEGMENTS,
        channels=CHANNELS,
        segment=segment,
        channel=channel,
        retention=retention,
        start=date(2024, 1, 1),
        tick_minutes=tick_minutes,
        ticks=ahead,
        history_ticks=past,
        replications=replications,
        periods=_periods(past, ahead, tick_minutes / 1440),
        value=np.where(segment == 0, 20.0, 30.0),
        margin=np.full(7, 0.4),
        half_life=np.stack([np.array([1.0, 3.0, 14.0])[channel] * rng.lognormal(0.0, 0.3) for rng in rows]),
        season=np.stack([_season(rng, past, ahead, per_week) for rng in rows], axis=1),
        maturation=np.minimum(1.0, 1.0 - 0.5 ** np.arange(1, 9) + (np.arange(1, 9) == 8)),
        prior_return=1.2,
        prior_cv=0.9,
        available=np.ones((past + ahead, 7), dtype=bool),
        breadth=np.array([1.0, 0.5, 0.25, 1.0, 0.5, 1.0, 0.1]),
        variants=VARIANTS,
        dayparts=DAYPARTS,
    )


def _periods(past: int, ahead: int, days: float) -> tuple[Period, ...]:
    half = ahead // 2
    cuts = [("before", -past, 0), ("first", 0, half), ("second", half, ahead)]
    return tuple(Period(name, start, end, PACE * (end - start) * days) for name, start, end in cuts)


def _season(rng: np.random.Generator, past: int, ahead: int, per_week: int) -> np.ndarray:
    """Demand index by tick, (T, S): a yearly wave that peaks at a believed week."""
    year = np.arange(-past, ahead)[:, None] / (52.0 * per_week)
    peak = rng.uniform(0.2, 0.4, size=2)
    return np.asarray(1.0 + 0.2 * np.cos(2 * np.pi * (year - peak)))


def standing(
    brief: Brief, tick: int = 0, *, current: np.ndarray | None = None, spent: float = 0.0
) -> Standing:
    """Make a standing in which a plan has been in force for long, an equal split unless told.

    Parameters
    ----------
    current : (R, C) [currency/day], optional
        The decision in force, also a week ago, at the opening, and when it was approved.
    spent : float
        Share of the running period's budget that is gone.
    """
    period = brief.period_at(tick)
    plan = np.full(brief.shape, PACE / brief.shape[1]) if current is None else current
    return Standing(
        tick=tick,
        period=period,
        current=plan,
        week_ago=plan,
        opening=plan,
        approved=plan,
        changed=np.full(brief.shape, tick - 10_000),
        remaining=np.full(brief.replications, period.budget * (1.0 - spent)),
        days_left=(period.end - tick) * brief.tick_days,
        paused=np.broadcast_to(~brief.available[brief.row(tick)], brief.shape),
    )


def observation(
    brief: Brief,
    tick: int = 0,
    *,
    spend: np.ndarray | None = None,
    orders: np.ndarray | None = None,
    current: np.ndarray | None = None,
    remaining: np.ndarray | None = None,
    limits: Limits | None = None,
) -> Observation:
    """Make an observation of everything up to `tick`, mature according to the brief.

    Parameters
    ----------
    spend : (W, R, C) [currency], optional
        Money spent in each tick before `tick`; an equal split unless told.
    orders : (W, R, C) [order], optional
        Orders that the spending caused once mature, one for each 40 spent unless told; claims exceed them
        by a half.
    current, remaining, limits
        As in the observation; by default an equal split, all that an even pace leaves, and no limits.
    """
    window = brief.row(tick)
    if spend is None:
        spend = np.full((window, *brief.shape), PACE * brief.tick_days / brief.shape[1])
    if orders is None:
        orders = spend / 40.0
    maturity = brief.maturation[np.minimum(np.arange(window)[::-1], len(brief.maturation) - 1)]
    credited = orders * maturity[:, None, None]
    now = standing(brief, tick, current=current)
    even = now.period.budget * now.days_left / (now.period.ticks * brief.tick_days)
    return Observation(
        tick=tick,
        due=np.ones(brief.replications, dtype=bool),
        origin=np.arange(-brief.history_ticks, tick),
        delivered=np.ones(window, dtype=bool),
        maturity=maturity,
        spend=spend,
        price=np.ones((window, brief.replications, len(brief.channels))),
        claimed=1.5 * credited,
        unified=credited,
        orders=np.stack(
            [orders[:, :, brief.segment == s].sum(axis=2) for s in range(len(brief.segments))], axis=2
        ),
        current=now.current,
        remaining=np.full(brief.replications, even) if remaining is None else remaining,
        days_left=now.days_left,
        period=now.period,
        limits=Limits.none(*brief.shape) if limits is None else limits,
        experiments=Experiments.none(*brief.shape, slots=6, terms=Terms(2, 7.0, 100.0)),
        coverage=0.6,
        breadth=None if brief.breadth is None else np.tile(brief.breadth, (brief.replications, 1)),
        creatives=creatives(brief, tick),
        frequency=np.full(brief.shape, 0.2),
        hours=hours(brief, tick),
    )


def hours(brief: Brief, tick: int = 0) -> Hours:
    """Make days of which the last part brings twice as much as the others."""
    origin = np.arange(max(tick - 28, -brief.history_ticks), tick)
    even = np.ones((len(origin), *brief.shape, brief.dayparts))
    better = np.where(np.arange(brief.dayparts) == brief.dayparts - 1, 2.0, 1.0)
    return Hours(origin, even, even * better / max(better.sum(), 1.0))


def creatives(brief: Brief, tick: int = 0) -> Creatives:
    """Make creatives of which the first is better than the others, and the last is new or not there yet."""
    shape = (*brief.shape, brief.variants)
    live = np.ones(shape, dtype=bool)
    live[:, 1::2, -1] = False
    since = np.full(shape, -brief.history_ticks)
    since[:, ::2, -1] = tick - 14
    origin = np.arange(max(tick - 56, -brief.history_ticks), tick)
    served = np.broadcast_to(live / live.sum(axis=2, keepdims=True), (len(origin), *shape))
    better = np.where(np.arange(brief.variants) == 0, 1.5, 1.0)
    credit = served * better / (served * better).sum(axis=-1, keepdims=True)
    return Creatives(
        live=live,
        since=since,
        traffic=live / live.sum(axis=2, keepdims=True),
        ordered=np.zeros(brief.shape, dtype=np.int64),
        origin=origin,
        served=served,
        credit=credit,
        exposures=0.1 * served,
        studio=StudioTerms(capacity=2, lead_days=14.0, cost=500.0),
    )
