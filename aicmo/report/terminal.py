"""A comparison in a terminal: tables as wide as the window, the finding, remarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

import xarray as xr
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from aicmo.report import changes, tables
from aicmo.report.evidence import Comparison, Evidence, Role
from aicmo.report.words import count, plain

NAME_WIDTH = 20
HEADING_WIDTH = 12
STYLES: dict[Role, str] = {"headline": "bold", "contender": "", "baseline": "", "reference": "dim"}


def show(comparison: Comparison, console: Console) -> None:
    """Print the ranking, remarks, and the sentence that states the finding."""
    evidence = Evidence(comparison)
    basis = f"{evidence.worlds}, seed {evidence.summary['seed']}; below each mean its {evidence.interval}"
    console.print(Text(basis), end="\n\n")
    show_table(tables.ranking(evidence), "Team", console)
    console.print(Text(plain(comparison.sentence), style="bold"))


def show_changes(run: xr.Dataset, console: Console) -> None:
    """Print the budget of each period by channel, and how it changed."""
    worlds = count(run.sizes["replication"], "replication")
    console.print(Text(f"Means over {worlds}; below a share the range that holds 90% of them"), end="\n\n")
    for period, table in changes.tables(run):
        show_table(table, period, console)


def show_table(table: tables.Table, first: str, console: Console) -> None:
    """Print a table as wide as the window, its remarks below; `first` heads the column of names."""
    for columns in fitting(table, first, console.width):
        console.print(_rich(table, first, columns))
        console.print()
    for note in table.notes:
        console.print(Text(plain(note), style="dim"))
    if table.notes:
        console.print()


def fitting(table: tables.Table, first: str, width: int) -> Iterator[list[int]]:
    """Deal the columns, in order, to as many tables as it takes for each to fit `width` characters."""
    left = _name_width(table, first)
    dealt: list[int] = []
    used = left
    for index, heading in enumerate(table.headings):
        if heading.detail == "page":
            continue
        needs = _width(table, index) + 2
        if dealt and used + needs > width:
            yield dealt
            dealt, used = [], left
        dealt.append(index)
        used += needs
    yield dealt


def _rich(table: tables.Table, first: str, columns: Sequence[int]) -> RichTable:
    shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 0, 0, 1))
    shown.add_column(Text(first), width=_name_width(table, first), overflow="fold")
    for index in columns:
        shown.add_column(Text(_heading(table, index)), justify="right", no_wrap=True)
    for row in table.rows:
        cells = (Text(_lines(table, row, index)) for index in columns)
        shown.add_row(Text(row.name), *cells, style=STYLES[row.role])
    return shown


def _heading(table: tables.Table, index: int) -> str:
    """Break a heading so that it is no wider than it must be."""
    heading = table.headings[index]
    return "\n".join([*wrap(heading.title, HEADING_WIDTH, break_long_words=False), f"({heading.unit})"])


def _lines(table: tables.Table, row: tables.Row, index: int) -> str:
    """Write a cell, its interval below where the column has one."""
    cell = row.cells[index]
    spread = cell.interval and table.headings[index].detail == "essential"
    return f"{cell.value}\n{cell.interval}" if spread else cell.value


def _width(table: tables.Table, index: int) -> int:
    texts = [_heading(table, index), *(_lines(table, row, index) for row in table.rows)]
    return max(cell_len(line) for text in texts for line in text.split("\n"))


def _name_width(table: tables.Table, first: str) -> int:
    return min(NAME_WIDTH, max(cell_len(name) for name in (first, *(row.name for row in table.rows))))
