"""A sweep in a terminal: one key as a list of cells, two as a grid, more as a long list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from aicmo.evaluation.sweep import Sweep
from aicmo.evaluation.sweep_finding import MEASURES, measure
from aicmo.report.estimates import Cell, Format, estimate, proportion
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table, reasons, whole
from aicmo.report.terminal import show_table
from aicmo.report.words import percent, plain, points
from aicmo.scenario.vary import spell_value, spelled

LONG = (
    Heading("Uplift in contribution", "%"),
    Heading("Uplift in contribution", "total", rank=3),
    Heading("Uplift in ROI", "points", rank=2),
    Heading("Uplift in ROI", "%", rank=1),
    Heading("P(better)", "%", "mean", rank=4),
)


def show(found: Sweep, console: Console) -> None:
    """Print the table and the finding."""
    summary, team = found.summary, found.team
    keys, paired = list(summary["axes"]), f"{plain(team)} over {plain(summary['baseline'])}"
    if len(keys) == 2:
        name = measure(summary, team)
        unit = "" if name == "contribution" else f", relative to that of {plain(summary['baseline'])}"
        console.print(Text(f"Uplift in {MEASURES[name]} of {paired}{unit}."))
        console.print(
            Text(f"Rows: {keys[0]}. Columns: {keys[1]}. Below each mean its 90% interval."), end="\n\n"
        )
        show_table(grid(summary, team), plain(keys[0].rpartition(".")[2]), console)
    else:
        console.print(Text(f"{paired}; below each mean its 90% interval"), end="\n\n")
        show_table(long(summary, team), "Cell", console)
    console.print(Text(plain(found.sentence), style="bold"))


def written(name: str, currency: str) -> Format:
    """Return how an uplift of this measure is written."""

    def cash(amount: float) -> str:
        return money(amount, currency, signed=True)

    def share(amount: float) -> str:
        return percent(amount, signed=True)

    return cash if name == "contribution" else share


def grid(summary: Mapping[str, Any], team: str) -> Table:
    """Lay out the uplift by two keys, the first down, the second across."""
    (_, rows), (_, columns) = summary["axes"].items()
    name = measure(summary, team)
    write = written(name, summary["currency"])
    cells = [estimate(cell["teams"][team]["uplift"][name], write) for cell in summary["cells"]]
    unit = summary["currency"] if name == "contribution" else "%"
    headings = tuple(Heading(plain(spell_value(value)), unit) for value in columns)
    across = len(columns)
    laid = tuple(
        Row(plain(spell_value(value)), "contender", tuple(cells[i * across : (i + 1) * across]))
        for i, value in enumerate(rows)
    )
    return Table(headings, laid, reasons(headings, laid))


def long(summary: Mapping[str, Any], team: str) -> Table:
    """Lay out one row a cell."""
    currency = str(summary["currency"])
    rows = tuple(
        Row(plain(spelled(cell["at"])), "contender", tuple(_uplifts(cell["teams"][team]["uplift"], currency)))
        for cell in summary["cells"]
    )
    return Table(LONG, rows, reasons(LONG, rows))


def _uplifts(uplift: Mapping[str, Any], currency: str) -> Iterator[Cell]:
    share: Callable[[float], str] = written("roi_relative", currency)
    yield estimate(uplift["contribution_relative"], share)
    yield estimate(uplift["contribution"], written("contribution", currency))
    yield estimate(uplift["roi_points"], points)
    yield estimate(uplift["roi_relative"], share)
    yield proportion(uplift["p_better"], whole)
