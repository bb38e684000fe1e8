"""The scorecard as a table: measured values beside the published benchmark, and what moved them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aicmo.report.estimates import Cell, estimate
from aicmo.report.money import money
from aicmo.report.organisation_tables import Summary, role_of
from aicmo.report.tables import Heading, Row, Table
from aicmo.report.words import percent, plain, ratio

CHANGED: Mapping[str, Callable[[float], str]] = {
    "relative": lambda change: percent(change, signed=True),
    "multiple": lambda times: f"{ratio(times)}×",
    "speed": lambda times: f"{ratio(times)}× as fast",
}


def spelled(value: float, unit: str, currency: str) -> str:
    """Write a value in its unit.

    >>> spelled(0.1893, "share", "EUR"), spelled(0.5, "day", "EUR"), spelled(21.6, "day", "EUR")
    ('18.9%', '12.0 h', '21.6 d')
    """
    if unit == "share":
        return percent(value)
    if unit == "day":
        return duration(value)
    if unit.startswith("currency"):
        return money(value, currency)
    return f"{ratio(value)}{'' if unit in ('1', '1/quarter', 'changes/1,000') else f' {unit}s'}"


def duration(days: float) -> str:
    """Write a time in the unit in which people speak of it."""
    if days >= 1.0:
        return f"{days:.1f} d"
    return f"{24.0 * days:.1f} h" if days >= 1.0 / 24.0 else f"{1440.0 * days:.0f} min"


def scorecard(summary: Summary, model: str) -> Table:
    """Lay out one row a measure for one model beside the manual team."""
    found = summary["models"][model]["scorecard"]
    headings = (
        Heading(plain(model), "mean"),
        Heading("By hand", "mean", "mean", rank=2),
        Heading("Change", "over by hand", "mean", rank=1),
        Heading("Published", "benchmark", "mean", rank=3),
        Heading("Verdict", "in this run", "mean"),
    )
    rows = tuple(
        Row(name, "contender", tuple(_cells(item, str(summary["currency"])))) for name, item in found.items()
    )
    unmeasured = tuple(dict.fromkeys(_missing(found)))
    return Table(headings, rows, unmeasured)


def comparison(summary: Summary) -> Table:
    """Lay out one row a measure and one column a model."""
    currency = str(summary["currency"])
    headings = tuple(
        Heading(plain(name), role_of(summary, name), "mean", rank=0 if name == summary["leader"] else 1)
        for name in summary["models"]
    )
    first = summary["models"][summary["leader"]]["scorecard"]
    rows = tuple(
        Row(name, "contender", tuple(_values(summary, name, currency)))
        for name, item in first.items()
        if item["value"]["mean"] is not None
    )
    return Table(headings, rows)


def definitions(summary: Summary) -> Iterator[tuple[str, str]]:
    """Yield each measure with what it is, and what in the leader's run moved it."""
    for name, item in summary["models"][summary["leader"]]["scorecard"].items():
        moved = f"Moved by {'; '.join(item['moved_by'])}" if item["moved_by"] else "No capability moves it"
        yield name, f"{item['meaning']}. Published: {item['published']}. {moved}."


def _values(summary: Summary, name: str, currency: str) -> Iterator[Cell]:
    for one in summary["models"].values():
        item = one["scorecard"][name]
        cell = estimate(item["value"], lambda value: spelled(value, item["unit"], currency))  # noqa: B023 - called now
        yield Cell(cell.value, cell.interval)


def _cells(item: Mapping[str, Any], currency: str) -> Iterator[Cell]:
    def write(value: float) -> str:
        return spelled(value, str(item["unit"]), currency)

    value, manual = estimate(item["value"], write), estimate(item["manual"], write)
    yield Cell(value.value, value.interval)
    yield Cell(manual.value)
    change = CHANGED.get(str(item["against"]))
    yield Cell("" if change is None else estimate(item["compared"], change).value)
    yield Cell(str(item["published"]))
    yield Cell(item["verdict"] or "–")


def _missing(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Say why a measure has no value, those with one reason together."""
    reasons: dict[str, list[str]] = {}
    for name, item in found.items():
        for part in ("value", "compared"):
            if item[part]["mean"] is None:
                reasons.setdefault(str(item[part]["reason"]), []).append(name)
                break
    for said, names in reasons.items():
        yield f"{', '.join(names)}: {said}"
