"""The text of a scenario file, refused while that is cheap: size, encoding, lines endless or too many."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aicmo.scenario.problems import Place, Problem, ScenarioError

MOST_BYTES = 1_048_576
MOST_ITEMS = 50_000
"""Lines and commas together: a parser needs some 30 µs for each, so that this is what bounds its time."""
LONGEST_LINE = 10_000
MOST_OPEN = 32
"""Brackets in a row, whatever stands between: a scanner's work for each grows with those that are open."""


@dataclass(frozen=True)
class Source:
    """A text and the name under which problems report it."""

    name: str
    text: str

    def problem(self, message: str, place: Place | None = None, path: str = "") -> Problem:
        """Return a problem at `place`, with its line."""
        return Problem(self.name, place, path, message, self.line(place.line) if place else "")

    def refuse(self, message: str, place: Place | None = None) -> ScenarioError:
        """Return an error with this one problem."""
        return ScenarioError([self.problem(message, place)])

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return self.text.split("\n")

    def line(self, number: int) -> str:
        """Return line `number`, counted from 1; empty past the end."""
        return self.lines[number - 1] if number <= len(self.lines) else ""


def read(path: Path) -> Source:
    """Read a file that may be a scenario.

    Raises
    ------
    ScenarioError
        When it is missing, a directory, too large, not UTF-8, empty, or has endless lines.
    """
    name = str(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Source(name, "").refuse(f"cannot be read: {error.strerror or error}") from None
    if len(raw) > MOST_BYTES:
        raise Source(name, "").refuse(
            f"expected at most {MOST_BYTES:,} bytes, got more. Is this a scenario file?"
        )
    return checked(Source(name, _decode(name, raw)))


def _decode(name: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        got = f"byte 0x{raw[error.start]:02x} on line {line}"
        message = f"expected text in UTF-8, got {got}. Save the file as UTF-8."
        raise Source(name, "").refuse(message) from None


def checked(source: Source) -> Source:
    """Return `source` when a parser may be let loose on it.

    Raises
    ------
    ScenarioError
        When it is empty, or so long or so wide that parsing would take seconds.
    """
    if not source.text.strip():
        raise source.refuse("the file is empty. `aicmo init` writes one to start from.")
    items = source.text.count("\n") + source.text.count(",")
    if items > MOST_ITEMS:
        raise source.refuse(
            f"expected at most {MOST_ITEMS:,} lines and commas, got {items:,}. Is this a scenario file?"
        )
    for number, line in enumerate(source.lines, start=1):
        if len(line) > LONGEST_LINE:
            said = f"expected lines of at most {LONGEST_LINE:,} characters, got {len(line):,}"
            raise source.refuse(said, Place(number, LONGEST_LINE))
    brackets = re.sub(r"[^\[\]{}]+", "", source.text)
    deepest = max(map(len, re.findall(r"[\[{]+", brackets)), default=0)
    if deepest > MOST_OPEN:
        raise source.refuse(
            f"expected at most {MOST_OPEN} brackets to open before one closes, got {deepest:,}"
        )
    return source
