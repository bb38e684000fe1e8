"""The business case of the leading model in words and as tables: money, the first 90 days, the road map."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from aicmo.report.estimates import Cell, estimate
from aicmo.report.money import money
from aicmo.report.organisation_tables import Summary, named
from aicmo.report.tables import Heading, Row, Table
from aicmo.report.words import percent, plain

PLAN = (
    Heading("Day", "median", "mean"),
    Heading("On", "date", "mean", rank=1),
    Heading("Within 90 days", "% of worlds", "mean"),
)
YEAR = (
    Heading("Live on", "median date", "mean"),
    Heading("Within a year", "% of worlds", "mean"),
    Heading("In use at the end", "% of seats", "mean", rank=1),
)


def money_facts(summary: Summary) -> tuple[tuple[str, str], ...]:
    """State investment, what it brings, and when it has paid back."""
    found, currency = summary["models"][summary["leader"]]["case"], str(summary["currency"])

    def cash(amount: float) -> str:
        return money(amount, currency)

    def spread(metric: dict[str, float]) -> str:
        cell = estimate(metric, cash)
        return f"{cell.value} ({cell.interval})" if cell.interval else cell.value

    parts = ", ".join(
        f"{kind} {cash(value['mean'])}" for kind, value in found["investment"].items() if kind != "total"
    )
    week = found["payback"]["week"]
    returned = found["return"]["mean"]
    return (
        ("Investment", f"{cash(found['investment']['total']['mean'])}: {parts}"),
        ("Brought, over the manual team", spread(found["brought"])),
        ("Left after the investment", spread(found["net"])),
        ("Return on the investment", "–" if returned is None else percent(returned, signed=True)),
        ("Furthest behind", cash(found["lowest"])),
        ("Payback", f"in week {week + 1}" if week is not None else str(found["payback"]["reason"])),
    )


def first_days(summary: Summary) -> Table:
    """Lay out the 90-day plan: case, structure, first value."""
    steps = summary["models"][summary["leader"]]["case"]["first_90_days"]
    rows = tuple(
        Row(f"{step['phase']}: {step['what']}", "contender", tuple(_day(step, summary))) for step in steps
    )
    return Table(PLAN, rows)


def road_map(summary: Summary) -> Table:
    """Lay out the 12-month road map."""
    found = summary["models"][summary["leader"]]["case"]["road_map"]
    rows = tuple(
        Row(
            named(name),
            "contender",
            (
                Cell(on(summary, item["median_week"] and 7.0 * item["median_week"])),
                Cell(percent(item["within_a_year"], digits=0)),
                Cell(percent(item["use_at_end"], digits=0)),
            ),
        )
        for name, item in found.items()
    )
    note = f"{plain(summary['leader'])}; in the median world; –: in half of the worlds or fewer"
    return Table(YEAR, rows, (note,))


def _day(step: dict[str, float | None], summary: Summary) -> Iterator[Cell]:
    day = step["median_day"]
    yield Cell("–" if day is None else f"{day:.0f}")
    yield Cell(on(summary, day))
    yield Cell(percent(step["within_90_days"] or 0.0, digits=0))


def on(summary: Summary, day: float | None) -> str:
    """Write the date of a day of the horizon."""
    if day is None:
        return "–"
    return (date.fromisoformat(str(summary["start"])) + timedelta(days=day)).isoformat()
