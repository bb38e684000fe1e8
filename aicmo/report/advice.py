"""Decisions in words that a CMO can read; amounts and intervals are the proposer's own beliefs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from babel.numbers import get_currency_name
from scipy.special import ndtri

from aicmo.messages import Brief, Decision, Forecast
from aicmo.report.money import LOCALE, money
from aicmo.report.words import count, listed, percent

LEVEL = 0.9
WEEK = 7.0
NOTHING = 1e-6
"""Share of a plan below which a move is rounding."""


def advice(brief: Brief, decision: Decision, world: int) -> str:
    """Tell one world's decision: what moves, why, what holds it, and what it is expected to bring."""
    return " ".join(_sentences(brief, decision, world))


def _sentences(brief: Brief, decision: Decision, world: int) -> Iterator[str]:
    before, after, wish = (values[world] for values in (decision.before, decision.rate, decision.wish))
    forecast = decision.proposal.forecast
    change = after - before
    if np.abs(change).sum() <= NOTHING * after.sum():
        yield "Nothing moves."
    else:
        yield from _move(brief, change, forecast, world)
    held = [
        f"{item.guardrail} ({count(int(item.limits[world]), 'limit')})"
        for item in decision.bindings
        if item.limits[world] and item.guardrail != "budget"
    ]
    if held:
        yield f"Held by {listed(held)}."
    beyond = np.abs(wish - after).sum() / 2.0
    if beyond > NOTHING * after.sum():
        yield f"Leadership is asked for {money(WEEK * beyond, brief.currency, per='week')} more."
    if forecast is not None:
        yield _expectation(brief, forecast, world)


def _move(brief: Brief, change: np.ndarray, forecast: Forecast | None, world: int) -> Iterator[str]:
    """Name what gains most and what loses most, and what a further unit of money brings in each."""
    up, down = int(np.argmax(change)), int(np.argmin(change))
    gain, loss = (money(WEEK * change[c], brief.currency, signed=True) for c in (up, down))
    if change[down] >= 0.0:
        yield f"All rates rise, most {campaign(brief, up)} ({gain} a week)."
    elif change[up] <= 0.0:
        yield f"All rates fall, most {campaign(brief, down)} ({loss} a week)."
    else:
        total = money(WEEK * np.abs(change).sum() / 2.0, brief.currency)
        yield (
            f"Move {total} a week, most from {campaign(brief, down)} ({loss}) "
            f"to {campaign(brief, up)} ({gain})."
        )
        if forecast is not None:
            yield from _compare(brief, forecast, world, up, down)


def _compare(brief: Brief, forecast: Forecast, world: int, up: int, down: int) -> Iterator[str]:
    """Compare marginal returns after the move; their ratio is log-normal, campaigns err independently."""
    mean, sd = forecast.marginal[world, [up, down]], forecast.marginal_sd[world, [up, down]]
    if not (mean > 0.0).all():
        return
    ratio = mean[0] / mean[1]
    width = np.exp(ndtri(0.5 + 0.5 * LEVEL) * np.sqrt(np.log1p((sd / mean) ** 2).sum()))
    low, high = (percent(bound - 1.0, signed=True, digits=0) for bound in (ratio / width, ratio * width))
    unit = get_currency_name(brief.currency, count=1, locale=LOCALE)
    interval = f"({LEVEL:.0%} interval {low} to {high})"
    more = percent(abs(ratio - 1.0), digits=0)
    if ratio / width > 1.0:
        yield f"A further {unit} still returns {more} more there {interval}."
    elif ratio * width < 1.0:
        yield f"A further {unit} now returns {more} less there {interval}."
    else:
        yield f"After that a further {unit} returns about the same in both {interval}."


def _expectation(brief: Brief, forecast: Forecast, world: int) -> str:
    mean, low, high = (
        money(values[world], brief.currency) for values in (forecast.profit, forecast.low, forecast.high)
    )
    return f"Expected: {mean} of incremental gross profit a day ({LEVEL:.0%} interval {low} to {high})."


def campaign(brief: Brief, index: int) -> str:
    """Name a campaign as people speak of it.

    Returns
    -------
    str
        Such as ``retention of families through email``.
    """
    objective = "retention" if brief.retention[index] else "acquisition"
    segment, channel = brief.segments[brief.segment[index]], brief.channels[brief.channel[index]]
    return f"{objective} of {segment} through {channel}"
