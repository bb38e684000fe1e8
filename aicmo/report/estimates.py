"""One estimate as text: its mean, its interval, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Format = Callable[[float], str]


@dataclass(frozen=True)
class Cell:
    """One cell of a table."""

    value: str
    interval: str = ""
    reason: str = ""


def estimate(metric: Mapping[str, Any], write: Format) -> Cell:
    """Write an M of the JSON: `mean`, `low`, `high`, and a `reason` where one of them is undefined."""
    return _cell(metric["mean"], metric, write)


def proportion(metric: Mapping[str, Any], write: Format) -> Cell:
    """Write a P of the JSON: `share` with its Wilson interval."""
    return _cell(metric["share"], metric, write)


def _cell(value: float | None, metric: Mapping[str, Any], write: Format) -> Cell:
    """Mark a number that comes with a caveat by a star, one that is undefined by a dash."""
    reason = str(metric.get("reason", ""))
    if value is None:
        return Cell("–", reason=f"–: {reason}")
    spread = interval(metric["low"], metric["high"], write)
    return Cell(f"{write(value)}*", spread, f"*: {reason}") if reason else Cell(write(value), spread)


def interval(low: float | None, high: float | None, write: Format) -> str:
    """Write an interval; empty where it has no ends, as with one replication.

    >>> interval(0.021, 0.045, "{:+.1%}".format)
    '2.1 … 4.5'
    """
    return "" if low is None or high is None else f"{_bare(write(low))} … {_bare(write(high))}"


def _bare(text: str) -> str:
    """Drop the unit and the plus, which the mean above already shows."""
    return text.removeprefix("+").removesuffix("%").removesuffix(" pp")
