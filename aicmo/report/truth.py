"""Truth runs as people read them: claimed, credited and true returns by channel, window by window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from aicmo.evaluation.truth import Truth
from aicmo.evaluation.truth_summary import ALL
from aicmo.report.estimates import Cell, estimate
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table, reasons
from aicmo.report.terminal import show_table
from aicmo.report.words import percent, plain, ratio

HEADINGS = (
    Heading("Spend", "total", rank=4),
    Heading("Share of spend", "%", rank=5),
    Heading("Claimed ROAS", "ratio", "mean"),
    Heading("Unified ROAS", "ratio", "mean", rank=2),
    Heading("True iROAS", "ratio"),
    Heading("True mROAS", "ratio", "mean", rank=1),
    Heading("Over-claim", "factor", "mean", rank=3),
    Heading("Share of effect", "%", rank=6),
    Heading("After the end", "profit", "mean", rank=7),
)
READING = (
    "ROAS: revenue ÷ spend, as platforms claim it and as the CDP credits it. True iROAS: what is lost when "
    "the channel is left out, all decisions as they were, with its interval below; true mROAS: what 1 % more "
    "of it adds. Over-claim: claimed ÷ true. After the end: gross profit of the year after, discounted."
)
NO_INTERACTION = 1e-6
"""Of the joint effect: below it the residual is rounding."""
LEFT_OUT = "Interaction residual {}: left out one by one, the channels add up to"
LATER = "What a budget period's money sells after the period, to the end of the horizon, is credited to it."


def show(truth: Truth, console: Console, *, by_quarter: bool = False) -> None:
    """Print the table of the horizon, on request those of its budget periods, and the finding."""
    summary = truth.summary
    windows = list(summary["windows"]) if by_quarter else list(summary["windows"])[:1]
    for window in windows:
        show_table(table(summary, window), plain(window) if by_quarter else "Channel", console)
        console.print(Text(_together(summary["windows"][window], summary["currency"])), end="\n\n")
    for line in (READING, LATER) if by_quarter else (READING,):
        console.print(Text(line, style="dim"), end="\n\n")
    console.print(Text(plain(truth.sentence), style="bold"))


def table(summary: Mapping[str, Any], window: str) -> Table:
    """Lay out a window, one row a channel and one for all of them."""
    found, currency = summary["windows"][window], str(summary["currency"])
    rows = [
        Row(plain(name), "contender", tuple(_cells(item, currency)))
        for name, item in found["channels"].items()
    ]
    rows.append(Row(ALL, "headline", tuple(_cells(found["total"], currency))))
    return Table(HEADINGS, tuple(rows), reasons(HEADINGS, rows))


def _cells(item: Mapping[str, Any], currency: str) -> Iterator[Cell]:
    def cash(amount: float) -> str:
        return money(amount, currency)

    yield Cell(cash(item["spend"]["mean"]))
    yield _share(item["spend_share"])
    for name in ("claimed_roas", "unified_roas", "true_iroas", "true_mroas"):
        yield estimate(item[name], ratio)
    yield estimate(item["overclaim"], lambda factor: f"{ratio(factor)}×")
    yield _share(item["effect_share"])
    yield estimate(item["terminal_value"], cash)


def _share(value: float | None) -> Cell:
    return Cell("–" if value is None else percent(value, digits=0))


def _together(found: Mapping[str, Any], currency: str) -> str:
    """State the interaction residual: what knock-outs add up to beyond what the channels bring together."""
    whole, residual = found["total"]["incremental_revenue"]["mean"], found["interaction"]["mean"]
    said, together = money(residual, currency, signed=True), money(whole, currency)
    if abs(residual) < NO_INTERACTION * abs(whole) or residual == 0.0:
        return f"{LEFT_OUT.format(money(0.0, currency))} what they bring together, {together}."
    share = found["interaction_share"]["mean"]
    told = "" if share is None else f" ({percent(share, signed=True)})"
    more, why = ("more", "they help each other") if residual > 0 else ("less", "they stand in for each other")
    return f"{LEFT_OUT.format(said + told)} {more} than they bring together, {together}: {why}."
