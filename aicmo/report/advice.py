"""Decisions in words that a CMO can read; amounts and intervals are the proposer's own beliefs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from babel.numbers import get_currency_name
from jaxtyping import Bool, Float
from scipy.special import ndtri

from aicmo.messages import Brief, Decision
from aicmo.report.money import LOCALE, money
from aicmo.report.sides import Sides, headline
from aicmo.report.words import count, listed, percent

LEVEL = 0.9
WEEK = 7.0
NOTHING = 1e-6
"""Share of a plan below which a move is rounding."""


@dataclass(frozen=True, eq=False)
class Move:
    """One world's decision.

    Attributes
    ----------
    campaigns : tuple of str
        As people speak of them.
    before, after, wish : (C,) [currency/day]
    held : mapping of str to int
        At how many limits of each guardrail the decision lies.
    expected : (profit, low, high) [currency/day], optional
        Where the proposer could tell.
    marginal, marginal_sd : (C,) [currency/currency], optional
        Same.
    side : tuple of str
        Objective and segment of each campaign; empty where nobody compares them.
    holds : mapping of str to (C,)
        Which campaigns each guardrail holds.
    """

    currency: str
    campaigns: tuple[str, ...]
    before: Float[np.ndarray, "C"]
    after: Float[np.ndarray, "C"]
    wish: Float[np.ndarray, "C"]
    held: Mapping[str, int]
    expected: tuple[float, float, float] | None = None
    marginal: Float[np.ndarray, "C"] | None = None
    marginal_sd: Float[np.ndarray, "C"] | None = None
    side: tuple[str, ...] = ()
    holds: Mapping[str, Bool[np.ndarray, "C"]] = field(default_factory=dict)

    @classmethod
    def of(cls, brief: Brief, decision: Decision, world: int) -> Move:
        """Take one world out of a decision."""
        told = decision.proposal.forecast
        return cls(
            brief.currency,
            tuple(campaign(brief, c) for c in range(len(brief.campaigns))),
            decision.before[world],
            decision.rate[world],
            decision.wish[world],
            {item.guardrail: int(item.limits[world]) for item in decision.bindings},
            None if told is None else (told.profit[world], told.low[world], told.high[world]),
            None if told is None else told.marginal[world],
            None if told is None else told.marginal_sd[world],
            tuple(side(brief, c) for c in range(len(brief.campaigns))),
            {item.guardrail: np.asarray(item.campaigns[world]) for item in decision.bindings},
        )

    @property
    def change(self) -> Float[np.ndarray, "C"]:
        """What moves [currency/day]."""
        return np.asarray(self.after - self.before)

    @property
    def moves(self) -> bool:
        """Whether anything does."""
        return bool(np.abs(self.change).sum() > NOTHING * self.after.sum())


def advice(move: Move) -> str:
    """Tell one world's decision: what moves, why, what holds it, and what it is expected to bring."""
    return " ".join(_sentences(move))


def _sentences(move: Move) -> Iterator[str]:
    if move.moves:
        yield from _compared(move)
        yield from _moved(move)
    else:
        yield "Nothing moves."
    held = [
        f"{name} ({count(limits, 'limit')})"
        for name, limits in move.held.items()
        if limits and name != "budget"
    ]
    if held:
        yield f"Held by {listed(held)}."
    beyond = np.abs(move.wish - move.after).sum() / 2.0
    if beyond > NOTHING * move.after.sum():
        yield f"Leadership is asked for {money(WEEK * beyond, move.currency, per='week')} more."
    if move.expected is not None:
        mean, low, high = (money(amount, move.currency) for amount in move.expected)
        yield f"Expected: {mean} of incremental gross profit a day ({LEVEL:.0%} interval {low} to {high})."


def _compared(move: Move) -> Iterator[str]:
    """Open with objectives and segments, where one surely returns more than another."""
    if move.marginal is None or move.marginal_sd is None or not move.side:
        return
    wanted = np.asarray(move.wish - move.before)
    said = headline(
        Sides(
            move.currency,
            move.side,
            move.after,
            move.change,
            wanted,
            move.marginal,
            move.marginal_sd,
            move.holds,
        )
    )
    if said:
        yield said


def _moved(move: Move) -> Iterator[str]:
    """Name what gains most and what loses most, and what a further unit of money brings in each."""
    change = move.change
    up, down = int(np.argmax(change)), int(np.argmin(change))
    gain, loss = (money(WEEK * change[c], move.currency, signed=True) for c in (up, down))
    if change[down] >= 0.0:
        yield f"All rates rise, most {move.campaigns[up]} ({gain} a week)."
    elif change[up] <= 0.0:
        yield f"All rates fall, most {move.campaigns[down]} ({loss} a week)."
    else:
        total = money(WEEK * np.abs(change).sum() / 2.0, move.currency)
        yield (
            f"Move {total} a week, most from {move.campaigns[down]} ({loss}) "
            f"to {move.campaigns[up]} ({gain})."
        )
        yield from _compare(move, up, down)


def _compare(move: Move, up: int, down: int) -> Iterator[str]:
    """Compare marginal returns after the move; their ratio is log-normal, campaigns err independently."""
    if move.marginal is None or move.marginal_sd is None:
        return
    mean, sd = move.marginal[[up, down]], move.marginal_sd[[up, down]]
    if not (mean > 0.0).all():
        return
    ratio = mean[0] / mean[1]
    width = np.exp(ndtri(0.5 + 0.5 * LEVEL) * np.sqrt(np.log1p((sd / mean) ** 2).sum()))
    low, high = (percent(bound - 1.0, signed=True, digits=0) for bound in (ratio / width, ratio * width))
    unit = get_currency_name(move.currency, count=1, locale=LOCALE)
    interval = f"({LEVEL:.0%} interval {low} to {high})"
    more = percent(abs(ratio - 1.0), digits=0)
    if ratio / width > 1.0:
        yield f"A further {unit} still returns {more} more there {interval}."
    elif ratio * width < 1.0:
        yield f"A further {unit} now returns {more} less there {interval}."
    else:
        yield f"After that a further {unit} returns about the same in both {interval}."


def campaign(brief: Brief, index: int) -> str:
    """Name a campaign as people speak of it.

    Returns
    -------
    str
        Such as ``retention of families through email``.
    """
    segment, channel = brief.segments[brief.segment[index]], brief.channels[brief.channel[index]]
    return spoken(segment, channel, retention=bool(brief.retention[index]))


def side(brief: Brief, index: int) -> str:
    """Name the objective and segment of a campaign, such as ``retention in families``."""
    objective = "retention" if brief.retention[index] else "acquisition"
    return f"{objective} in {brief.segments[brief.segment[index]]}"


def spoken(segment: str, channel: str, *, retention: bool) -> str:
    """Name a campaign by its parts."""
    return f"{'retention' if retention else 'acquisition'} of {segment} through {channel}"
