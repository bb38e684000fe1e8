"""The answer to a claim on one page of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from aicmo.evaluation.claim import PEOPLE, Claim
from aicmo.report.estimates import Cell, Format, estimate
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table, whole
from aicmo.report.terminal import show_table
from aicmo.report.words import percent, plain

HEADINGS = (
    Heading("Uplift in ROI", "%, 90% interval", "mean"),
    Heading("Promise", "15–25 %", "mean"),
    Heading("Uplift in contribution", "%, 90% interval", "mean", rank=1),
    Heading("Uplift in contribution", "total", "mean", rank=3),
    Heading("P(better)", "%", "mean", rank=2),
)
READING = (
    "ROI: contribution ÷ (spend + costs), sums over worlds; its uplift relative to the baseline's, paired by "
    "world. Kept: the interval begins at 15 % or more; on average: the mean does. One thing is changed at a "
    "time; the baseline below is manual_quarterly, typical."
)


def show(found: Claim, console: Console) -> None:
    """Print who is beaten by how much, what decides it, and the answer."""
    summary = found.summary
    console.print(Text(f"{plain(summary['team'])} in the scenario as it is"), end="\n\n")
    show_table(baselines(summary), "Against", console)
    show_table(variations(summary), "If", console)
    for one in summary["refused"]:
        console.print(
            Text(f"Not possible here: {one['lever']} {one['value']}: {plain(one['reason'])}", style="dim")
        )
    console.print(Text(READING, style="dim"), end="\n\n")
    console.print(Text(plain(found.sentence), style="bold"))


def baselines(summary: Mapping[str, Any]) -> Table:
    """Lay out one row a baseline."""
    return _table({f"{name} ({PEOPLE[name]})": one for name, one in summary["baselines"].items()}, summary)


def variations(summary: Mapping[str, Any]) -> Table:
    """Lay out one row a variation."""
    return _table({f"{one['lever']} {one['value']}": one for one in summary["variations"]}, summary)


def _table(found: Mapping[str, Mapping[str, Any]], summary: Mapping[str, Any]) -> Table:
    currency = str(summary["currency"])
    rows = tuple(Row(plain(name), "contender", tuple(_cells(one, currency))) for name, one in found.items())
    spent = tuple(
        f"Spend differs by more than 0.5 %, so judge by contribution: {name}"
        for name, one in found.items()
        if not one["same_spend"]
    )
    return Table(HEADINGS, rows, (*_undivided(found, currency), *spent))


def _undivided(found: Mapping[str, Mapping[str, Any]], currency: str) -> Iterator[str]:
    """Say in one line what rows without a ratio gain in money."""
    without = {
        name: one["uplift"] for name, one in found.items() if one["uplift"]["roi_relative"]["mean"] is None
    }
    if without:
        gains = (
            f"{name} {_inline(one['contribution'], _cash(currency)).value}" for name, one in without.items()
        )
        yield f"–: the baseline earns too little to divide by. In contribution instead: {', '.join(gains)}"


def _cash(currency: str) -> Format:
    return lambda amount: money(amount, currency, signed=True)


def _cells(one: Mapping[str, Any], currency: str) -> Iterator[Cell]:
    uplift = one["uplift"]

    def share(value: float) -> str:
        return percent(value, signed=True)

    yield _inline(uplift["roi_relative"], share)
    yield Cell(one["verdict"])
    yield _inline(uplift["contribution_relative"], share)
    yield estimate(uplift["contribution"], _cash(currency))
    yield Cell(whole(uplift["p_better"]["share"]))


def _inline(metric: Mapping[str, Any], write: Format) -> Cell:
    """Put the interval beside the mean, so that a page holds all rows."""
    cell = estimate(metric, write)
    return Cell(f"{cell.value} ({cell.interval})" if cell.interval else cell.value, reason=cell.reason)
