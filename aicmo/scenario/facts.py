"""What a scenario states as facts, as a brief: for guardrails that are asked before any world is drawn."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from aicmo.messages import Brief, Period
from aicmo.scenario.calendar import Budget, Calendar
from aicmo.scenario.market import Campaign, Market


def known_facts(calendar: Calendar, budget: Budget, market: Market, currency: str) -> Brief:
    """Return names, calendar and budgets for one replication; beliefs are neutral, history has no period.

    Arrays over time take no memory: this comes before anybody has asked whether they would fit.
    """
    segments, channels = [s.name for s in market.segments], [k.name for k in market.channels]
    ticks, history = calendar.horizon // calendar.tick, calendar.history // calendar.tick
    orders = {s.name: s for s in market.segments}
    shape = (1, len(market.campaigns))
    return Brief(
        currency=currency,
        minor_unit=0.01,
        campaigns=tuple(campaign.name for campaign in market.campaigns),
        segments=tuple(segments),
        channels=tuple(channels),
        segment=np.array([segments.index(c.segment) for c in market.campaigns]),
        channel=np.array([channels.index(c.channel) for c in market.campaigns]),
        retention=np.array([c.objective == "retention" for c in market.campaigns]),
        start=calendar.start,
        tick_minutes=calendar.tick,
        ticks=ticks,
        history_ticks=history,
        replications=1,
        periods=_periods(calendar, budget),
        value=np.array([orders[c.segment].order_value * orders[c.segment].margin for c in market.campaigns]),
        margin=np.array([orders[c.segment].margin for c in market.campaigns]),
        half_life=np.ones(shape),
        season=np.broadcast_to(1.0, (history + ticks, 1, len(segments))),
        maturation=np.ones(1),
        prior_return=1.0,
        prior_cv=1.0,
        available=np.broadcast_to(np.bool_(1), (history + ticks, len(market.campaigns))),
    )


def _periods(calendar: Calendar, budget: Budget) -> tuple[Period, ...]:
    edges = calendar.edges(calendar.horizon)
    amounts = budget.periods * (len(edges) - 1) if len(budget.periods) == 1 else budget.periods
    return tuple(
        Period(f"period {i + 1}", edges[i], edges[i + 1], amount) for i, amount in enumerate(amounts)
    )


def paused(calendar: Calendar, market: Market, tick: int) -> np.ndarray:
    """Mark campaigns that have not started or have stopped at `tick`, (1, C)."""
    today = calendar.start + timedelta(minutes=tick * calendar.tick)
    return np.array([[not _runs(campaign, today) for campaign in market.campaigns]])


def _runs(campaign: Campaign, today: date) -> bool:
    started = campaign.start is None or date.fromisoformat(campaign.start) <= today
    return started and (campaign.stop is None or today < date.fromisoformat(campaign.stop))
