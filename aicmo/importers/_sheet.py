"""A CSV file as rows of named cells that know their place: problems are told by line and column, together."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from aicmo.importers._number import parse
from aicmo.scenario.problems import InvalidFileError, Place, Problem
from aicmo.shelf import did_you_mean

MOST_BYTES = 64 * 2**20
DELIMITERS = (",", ";", "\t")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

Range = Callable[[float], str]
"""What was expected instead of a number; empty where it will do."""


class SheetError(InvalidFileError):
    """A CSV file that cannot be used, with everything that is wrong about it."""


@dataclass(frozen=True)
class Row:
    """One line that is not empty; `cells` holds a stripped text for each column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Sheet:
    """The lines of a file, its columns, and the problems found so far.

    Attributes
    ----------
    name : str
        The file as the user named it.
    lines : list of str
        Without their ends; line n of the file is ``lines[n - 1]``.
    head : int
        Number of the line with the columns.
    """

    name: str
    lines: list[str]
    head: int
    delimiter: str
    columns: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)

    def report(self, message: str, line: int, column: str = "") -> None:
        """Note a problem at a cell, at the end of the line if its column is missing, or at a whole line."""
        source = self.lines[line - 1]
        index = self.columns.index(column) if column in self.columns else len(self.columns)
        begin, end = _span(source, self.delimiter, index) if column else (0, 1)
        place = Place(line, begin + 1, max(1, end - begin))
        self.problems.append(Problem(self.name, place, column, message, source))

    def refuse(self, message: str, line: int, column: str = "") -> NoReturn:
        """Raise with this problem and all noted before."""
        self.report(message, line, column)
        raise SheetError(self.problems)

    def require_sound(self) -> None:
        """Raise if any problem was noted.

        Raises
        ------
        SheetError
            With all of them.
        """
        if self.problems:
            raise SheetError(self.problems)

    def require_columns(self, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Raise if a column is missing, unknown or there twice."""
        known = [*required, *optional]
        for column in dict.fromkeys(self.columns):
            if column not in known:
                hint = did_you_mean(column.lower().replace(" ", "_"), known)
                self.report(f"no column named {column!r}. {hint}", self.head, column)
            elif self.columns.count(column) > 1:
                self.report(f"expected column {column!r} once, got it twice", self.head, column)
        for column in required:
            if column not in self.columns:
                got = ", ".join(self.columns)
                self.report(f"expected a column {column!r}, got only: {got}", self.head, column)
        self.require_sound()

    def rows(self) -> Iterator[Row]:
        """Yield every line below the columns that holds something; one of the wrong length is a problem."""
        for line in range(self.head + 1, len(self.lines) + 1):
            cells = self._cells(line)
            if any(cells):
                while len(cells) > len(self.columns) and not cells[-1]:
                    cells.pop()
                if len(cells) == len(self.columns):
                    yield Row(line, dict(zip(self.columns, cells, strict=True)))
                else:
                    self.report(self._length(len(cells)), line)

    def name_in(self, row: Row, column: str) -> str:
        """Text of a cell that must not be empty."""
        if not row[column]:
            self.report(f"expected a name, got an empty cell. Give the {column} its name.", row.line, column)
        return row[column]

    def number(self, row: Row, column: str, allowed: Range) -> float:
        """Read a number, NaN where it is none that will do: that is a problem."""
        try:
            value = parse(row[column], comma_is_free=self.delimiter != ",")
            if wanted := allowed(value):
                raise ValueError(f"expected {wanted}, got {row[column]}")  # noqa: TRY301 - one way to report
        except ValueError as error:
            self.report(str(error), row.line, column)
            return float("nan")
        return value

    def _cells(self, line: int) -> list[str]:
        try:
            return split(self.lines[line - 1], self.delimiter)
        except csv.Error as error:
            self.report(f"cannot be split into cells: {error}. Is a quote left open?", line)
            return []

    def _length(self, got: int) -> str:
        message = f"expected {len(self.columns)} cells ({', '.join(self.columns)}), got {got}"
        if self.delimiter == "," and got > len(self.columns):
            message += ". A comma inside a number splits it: write 1234.5, or put it in quotes"
        return message


def read(path: Path, noun: str) -> Sheet:
    """Open a CSV file whose first line that is not empty names the columns.

    Parameters
    ----------
    path : Path
        UTF-8, with or without a byte order mark; cells divided by commas, semicolons or tabs.
    noun : str
        What is in the file, for messages.

    Raises
    ------
    SheetError
        When it is no such text, or has no lines.
    OSError
        When it cannot be opened.
    """
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise _whole(path, f"expected at most {MOST_BYTES:,} bytes of {noun}, got more")
    lines = _decode(path, raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head = next((n for n, line in enumerate(lines, start=1) if line.strip(" \t,;")), 0)
    if not head:
        raise _whole(path, f"the file is empty; expected {noun} below a line that names the columns")
    sheet = Sheet(str(path), lines, head, max(DELIMITERS, key=lines[head - 1].count), ())
    sheet.columns = tuple(sheet._cells(head))  # noqa: SLF001 - its own making
    while sheet.columns and not sheet.columns[-1]:
        sheet.columns = sheet.columns[:-1]  # spreadsheets leave empty columns at the right
    sheet.require_sound()
    return sheet


def split(line: str, delimiter: str) -> list[str]:
    """Split one line into stripped cells; an open quote is an error, not a cell of many lines."""
    cells = next(csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True), [])
    return [cell.strip() for cell in cells]


def _decode(path: Path, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        got = f"byte 0x{raw[error.start]:02x} on line {line}"
        message = f"expected text in UTF-8, got {got}. Save the file as CSV in UTF-8."
        raise _whole(path, message) from None
    odd = _CONTROL.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        raise _whole(path, f"expected text, got control character {odd[0]!r} on line {line}")
    return text


def _whole(path: Path, message: str) -> SheetError:
    return SheetError([Problem(str(path), None, "", message)])


def _span(line: str, delimiter: str, index: int) -> tuple[int, int]:
    """Begin and end of a cell in its line, without the space around it."""
    d = re.escape(delimiter)
    found = list(re.finditer(rf'(?:^|{d})[ ]*("(?:[^"]|"")*"|[^{d}]*)', line))
    if index >= len(found):
        return len(line), len(line) + 1
    begin, cell = found[index].start(1), found[index][1]
    return begin, begin + len(cell.rstrip())
