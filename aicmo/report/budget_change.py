"""The change table of a comparison: the baseline's money against the team's, by channel and by campaign."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from jaxtyping import Float

from aicmo.core.intervals import mean_interval
from aicmo.report.change_table import marginal
from aicmo.report.close_up import CloseUp
from aicmo.report.estimates import Cell, estimate
from aicmo.report.evidence import Evidence
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table
from aicmo.report.words import percent, plain

TOTAL = "Total"
WEEK_DAYS = 7.0
SHOWN = 40
"""Campaigns on the page; of more, those that differ most."""


def by_channel(evidence: Evidence, team: str) -> Table:
    """Compare totals over the horizon, means over worlds, differences paired with their intervals."""
    spend = evidence.dataset["weekly_spend"].sum("week").transpose("team", "replication", "channel")
    mine, base = (spend.sel(team=name).to_numpy() for name in (team, evidence.baseline))
    names = [plain(str(name)) for name in spend["channel"].values]
    headings = (
        *_spend_headings(evidence.baseline, team, "total"),
        Heading("Δ", f"total, {evidence.interval}"),
        Heading("Δ", "%"),
        *_share_headings(evidence.baseline, team),
    )
    together = mine.sum(axis=1), base.sum(axis=1)
    totals = float(together[1].mean()), float(together[0].mean())
    rows = (
        Row(name, "contender", tuple(_channel(mine[:, k], base[:, k], totals, evidence)))
        for k, name in enumerate(names)
    )
    total = Row(TOTAL, "headline", tuple(_channel(together[0], together[1], totals, evidence)))
    return Table(headings, (*rows, total))


def by_campaign(close: CloseUp, currency: str) -> Table:
    """Compare rates of the last week in the first world, with what one more unit of money brings there."""
    headings = (
        *_spend_headings(close.baseline, close.team, "a week"),
        Heading("Δ", "a week"),
        Heading("Δ", "%"),
        *_share_headings(close.baseline, close.team),
        Heading("True mROAS", f"at {close.baseline}'s"),
        Heading("True mROAS", f"at {close.team}'s"),
        Heading("Held by", "% of decisions"),
    )
    shown = close.order[:SHOWN]
    rows = [Row(close.campaigns[c], "contender", tuple(_campaign(close, c, currency))) for c in shown]
    left = len(close.campaigns) - len(shown)
    notes = (
        (f"… and {left:,} campaigns that differ less: in the numbers of the curves below.",) if left else ()
    )
    return Table(headings, tuple(rows), notes)


def _spend_headings(baseline: str, team: str, per: str) -> Iterator[Heading]:
    yield Heading("Spend", f"{plain(baseline)}, {per}")
    yield Heading("Spend", f"{plain(team)}, {per}")


def _share_headings(baseline: str, team: str) -> Iterator[Heading]:
    yield Heading("Share", plain(baseline))
    yield Heading("Share", plain(team))


def _channel(
    own: Float[np.ndarray, "R"],
    theirs: Float[np.ndarray, "R"],
    totals: tuple[float, float],
    evidence: Evidence,
) -> Iterator[Cell]:
    cash = partial(money, currency=evidence.currency)
    before, after = float(theirs.mean()), float(own.mean())
    yield Cell(cash(before))
    yield Cell(cash(after))
    yield estimate(mean_interval(own - theirs, evidence.level).to_json(), partial(cash, signed=True))
    yield _relative(before, after)
    yield from _shares(before, after, totals)


def _campaign(close: CloseUp, c: int, currency: str) -> Iterator[Cell]:
    before, after = WEEK_DAYS * float(close.before[c]), WEEK_DAYS * float(close.after[c])
    yield Cell(money(before, currency))
    yield Cell(money(after, currency))
    yield Cell(money(after - before, currency, signed=True))
    yield _relative(before, after)
    totals = WEEK_DAYS * float(close.before.sum()), WEEK_DAYS * float(close.after.sum())
    yield from _shares(before, after, totals)
    for value in close.mroas[:, c]:
        yield Cell(marginal(float(value)))
    yield Cell(close.held_by(c))


def _relative(before: float, after: float) -> Cell:
    if before > 0.0:
        return Cell(percent(after / before - 1.0, signed=True))
    return Cell("new" if after > 0.0 else "–")


def _shares(before: float, after: float, totals: tuple[float, float]) -> Iterator[Cell]:
    for amount, total in zip((before, after), totals, strict=True):
        yield Cell(percent(amount / total) if total > 0.0 else "–")
