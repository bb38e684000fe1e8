"""What a section of the page is made of: plain data, turned into HTML by one template."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from aicmo.report.tables import Table


@dataclass(frozen=True)
class Paragraph:
    """A sentence or two."""

    block: ClassVar[str] = "paragraph"
    text: str
    strong: bool = False


@dataclass(frozen=True)
class Facts:
    """Names and values, side by side."""

    block: ClassVar[str] = "facts"
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Code:
    """Text to copy; folded away where it has a summary."""

    block: ClassVar[str] = "code"
    text: str
    summary: str = ""


@dataclass(frozen=True)
class Items:
    """What happened, one dated sentence after the other; folded away where it has a summary."""

    block: ClassVar[str] = "items"
    items: tuple[tuple[str, str], ...]
    summary: str = ""


@dataclass(frozen=True)
class Ranking:
    """A table, of teams unless it says otherwise.

    Attributes
    ----------
    name : str
        Unique on the page.
    first : str
        Heads the column of names.
    label : str
        What the table is, for those who have it read aloud.
    summary : str
        Folds the table away, where it has one.
    """

    block: ClassVar[str] = "ranking"
    table: Table
    caption: str
    name: str = "teams"
    first: str = "Team"
    label: str = "Table of teams"
    summary: str = ""


@dataclass(frozen=True)
class Chart:
    """A picture with its finding, how to read it, and its numbers.

    Attributes
    ----------
    name : str
        Unique on the page; also the name of the file with the numbers.
    title : str
        States the finding.
    reading : str
        One line that says how to read it.
    pictures : tuple of str
        `<svg>` elements, side by side where there is room.
    columns, rows :
        The numbers that are drawn.
    wide : bool
        Whether the picture keeps its size where a screen is narrower, and is moved there instead.
    """

    block: ClassVar[str] = "chart"
    name: str
    title: str
    reading: str
    pictures: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    wide: bool = False

    @property
    def download(self) -> str:
        """The numbers as a `data:` address of a CSV file."""
        text = io.StringIO()
        csv.writer(text).writerows([self.columns, *self.rows])
        return f"data:text/csv;charset=utf-8,{quote(text.getvalue())}"


Block = Paragraph | Facts | Code | Items | Ranking | Chart


@dataclass(frozen=True)
class Section:
    """A part of the page under one heading."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
