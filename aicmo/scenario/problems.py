"""What is wrong with a scenario file: where, what was expected, what came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Path = tuple[str | int, ...]

SHOWN = 20
"""Problems spelled out in one error; the rest are counted."""


@dataclass(frozen=True, order=True)
class Place:
    """A place in a text: line and column count from 1, `width` is how many columns are meant."""

    line: int
    column: int
    width: int = 1


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, with its place.

    Attributes
    ----------
    file : str
        The file as the user named it.
    place : Place or None
        None where the file as a whole is meant, such as one that does not exist.
    path : str
        Which field, such as ``market.campaigns[2].curve.kind``; empty for the file as a whole.
    message : str
        What was expected and what came.
    source : str
        The offending line, without its line end.
    """

    file: str
    place: Place | None
    path: str
    message: str
    source: str = ""

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        where = f"{self.file}:{self.place.line}:{self.place.column}" if self.place else self.file
        yield f"{where} {self.path}: {self.message}" if self.path else f"{where}: {self.message}"
        if self.place and self.source.strip():
            yield from caret(self.source, self.place)


def caret(source: str, place: Place, longest: int = 100) -> tuple[str, str]:
    """Return the line, cut where it is long, and below it carets under the columns that are meant."""
    line = source.expandtabs(1).rstrip()
    begin = place.column - 1
    first = max(0, begin - longest // 2) if len(line) > longest else 0
    shown = line[first : first + longest]
    width = max(1, min(place.width, len(shown) - (begin - first)))
    return f"    {shown}", f"    {' ' * (begin - first)}{'^' * width}"


def spell_path(path: Path) -> str:
    """Spell a path as people read it.

    >>> spell_path(("market", "campaigns", 2, "curve", "kind"))
    'market.campaigns[2].curve.kind'
    """
    spelled = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return spelled.removeprefix(".")


class InvalidFileError(ValueError):
    """A file that cannot be used, with everything that is wrong about it.

    Attributes
    ----------
    problems : tuple of Problem
        In the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.place or Place(0, 0)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        shown = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            shown.append(f"… and {len(self.problems) - SHOWN} more.")
        return "\n".join(shown)


class ScenarioError(InvalidFileError):
    """A scenario that cannot be used, with everything that is wrong about it."""


class InfeasibleError(ScenarioError):
    """A scenario that is sound but for guardrails that cannot all hold."""
