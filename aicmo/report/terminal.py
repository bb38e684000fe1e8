"""A comparison in a terminal: tables as wide as the window, the finding, remarks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

import xarray as xr
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from aicmo.report import changes, further, predictors, tables, waterfall
from aicmo.report.evidence import Comparison, Evidence, Role
from aicmo.report.words import count, plain

NAME_WIDTH = 20
LEAST_HEADING = 5
GAP = 2
STYLES: dict[Role, str] = {"headline": "bold", "contender": "", "baseline": "", "reference": "dim"}


def show(comparison: Comparison, console: Console) -> None:
    """Print the ranking, remarks, and the sentence that states the finding."""
    evidence = Evidence(comparison)
    basis = f"{evidence.worlds}, seed {evidence.summary['seed']}; below each mean its {evidence.interval}"
    console.print(Text(basis), end="\n\n")
    show_table(tables.ranking(evidence), "Team", console)
    show_table(further.table(evidence), "Beside it", console)
    show_predictors(evidence, console)
    show_waterfall(evidence, console)
    console.print(Text(plain(comparison.sentence), style="bold"))


def show_predictors(evidence: Evidence, console: Console) -> None:
    """Print in which worlds the headline team is better, if that can be told, and what size would bring."""
    team, found = evidence.headline, evidence.further
    if team is not None and found["decides"][team]["traits"]:
        show_table(predictors.table(found["decides"][team], team), "What decides it", console)
    console.print(Text(predictors.size(found["size"], evidence.currency), style="dim"), end="\n\n")


def show_waterfall(evidence: Evidence, console: Console) -> None:
    """Print where the uplift comes from, where that was asked for."""
    found = evidence.further.get("waterfall")
    if found is not None:
        show_table(waterfall.steps(found, evidence.currency), "Where it comes from", console)
        show_table(waterfall.frictions(found, evidence.currency), "What it costs", console)


def show_changes(run: xr.Dataset, console: Console) -> None:
    """Print the budget of each period by channel, and how it changed."""
    worlds = count(run.sizes["replication"], "replication")
    console.print(Text(f"Means over {worlds}; below a share the range that holds 90% of them"), end="\n\n")
    for period, table in changes.tables(run):
        show_table(table, period, console)


def show_table(table: tables.Table, first: str, console: Console) -> None:
    """Print a table that fits the window, below it what was left out and its remarks.

    `first` heads the column of names.
    """
    columns = fitting(table, first, console.width)
    console.print(_rich(table, first, columns, console.width))
    console.print()
    for note in (*_left_out(table, columns), *table.notes):
        console.print(Text(plain(note), style="dim"))
    if table.notes or _left_out(table, columns):
        console.print()


def fitting(table: tables.Table, first: str, width: int) -> list[int]:
    """Choose the columns that fit into `width` characters, one at least.

    The highest rank leaves first, of equal ones the last; what stays is never broken or cut.
    """
    columns = _offered(table)
    while len(columns) > 1:
        needed = _name_width(table, first, width) + sum(_width(table, index) + GAP for index in columns)
        if needed <= width:
            break
        columns.remove(max(columns, key=lambda index: (table.headings[index].rank, index)))
    return columns


def _offered(table: tables.Table) -> list[int]:
    return [index for index, heading in enumerate(table.headings) if heading.detail != "page"]


def _left_out(table: tables.Table, columns: Sequence[int]) -> tuple[str, ...]:
    """Name the columns that a wider window would show."""
    names = [
        f"{table.headings[index].title} ({table.headings[index].unit})"
        for index in _offered(table)
        if index not in columns
    ]
    return (f"In a wider window also: {', '.join(names)}",) if names else ()


def _rich(table: tables.Table, first: str, columns: Sequence[int], width: int) -> RichTable:
    shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 0, 0, 1))
    names = _name_width(table, first, width)
    shown.add_column(Text(first), width=names, overflow="fold")
    for index in columns:
        shown.add_column(Text(_heading(table, index)), justify="right", no_wrap=True)
    for row in table.rows:
        cells = (Text(_lines(table, row, index)) for index in columns)
        shown.add_row(
            Text(folded(row.name, _name_width(table, first, width))), *cells, style=STYLES[row.role]
        )
    return shown


def _heading(table: tables.Table, index: int) -> str:
    """Break a heading so that it is no wider than its cells, but break no word."""
    heading, unit = table.headings[index], f"({table.headings[index].unit})"
    cells = [line for row in table.rows for line in _lines(table, row, index).split("\n")]
    widest = max(cell_len(text) for text in (unit, *cells))
    return "\n".join([*wrap(heading.title, max(widest, LEAST_HEADING), break_long_words=False), unit])


def _lines(table: tables.Table, row: tables.Row, index: int) -> str:
    """Write a cell, its interval below where the column has one."""
    cell = row.cells[index]
    spread = cell.interval and table.headings[index].detail == "essential"
    return f"{cell.value}\n{cell.interval}" if spread else cell.value


def _width(table: tables.Table, index: int) -> int:
    texts = [_heading(table, index), *(_lines(table, row, index) for row in table.rows)]
    return max(cell_len(line) for text in texts for line in text.split("\n"))


def folded(name: str, width: int) -> str:
    r"""Break a name that is too long after a space or one of its joints.

    >>> folded("paid_social_prospecting", 20)
    'paid_social_\nprospecting'
    """
    lines = [""]
    for part in re.split(r"(?<=[\s_/-])", name):
        if lines[-1] and cell_len(lines[-1] + part.rstrip()) > width:
            lines.append(part)
        else:
            lines[-1] += part
    return "\n".join(lines)


def _name_width(table: tables.Table, first: str, width: int) -> int:
    """Return the width of the names' column; names longer than a quarter of the window are folded."""
    longest = max(cell_len(name) for name in (first, *(row.name for row in table.rows)))
    return min(longest, max(NAME_WIDTH, width // 4))
