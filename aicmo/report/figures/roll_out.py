"""The roll-out of capabilities under each operating model: stage gates as a Gantt chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from aicmo.report.blocks import Chart
from aicmo.report.canvas import svg
from aicmo.report.colours import BASELINE, OKABE_ITO, TEXT
from aicmo.report.organisation_tables import named
from aicmo.report.words import listed, plain

WIDTH, ROW_HEIGHT, AXIS_HEIGHT = 420, 34, 66
BAR = 0.36
BLUE, AMBER, GREEN, SKY, PURPLE = OKABE_ITO[0], OKABE_ITO[1], OKABE_ITO[2], OKABE_ITO[4], OKABE_ITO[5]
PHASES = {"purpose": PURPLE, "test": SKY, "waiting": BASELINE.drawn, "integration": AMBER, "live": GREEN}
"""What a capability is in, and its colour; waiting is grey, as nothing happens."""


@dataclass(frozen=True)
class Span:
    """One phase of one capability in the median world [week]."""

    capability: str
    phase: str
    begins: float
    ends: float


def chart(summary: Mapping[str, Any], weeks: int) -> Chart:
    """Draw one picture a model, a row for each capability."""
    owned = {name: one for name, one in summary["models"].items() if one["capabilities"]}
    spans = {name: tuple(_spans(one["capabilities"], weeks)) for name, one in owned.items()}
    title = _finding(owned)
    return Chart(
        name="roll-out",
        title=title,
        reading=(
            "The median world. Purple: purpose and users; light blue: test; grey: waiting, for security, a "
            "plan or a place in IT's queue; amber: integration; green: live. What has no green is live by "
            "the end in half of the worlds or fewer."
        ),
        pictures=tuple(_picture(name, number, spans[name], weeks) for number, name in enumerate(owned)),
        columns=("model", "capability", "phase", "begins [week]", "ends [week]"),
        rows=tuple(
            (name, span.capability, span.phase, span.begins, span.ends)
            for name, found in spans.items()
            for span in found
        ),
    )


def _finding(owned: Mapping[str, Mapping[str, Any]]) -> str:
    count = {
        plain(name): sum(item["median_week"] is not None for item in one["capabilities"].values())
        for name, one in owned.items()
    }
    most, least = max(count.values()), min(count.values())
    if most == least:
        return f"Every model has {most} capabilities live by the end"
    best = [name for name, number in count.items() if number == most]
    worst = [name for name, number in count.items() if number == least]
    none = "none" if least == 0 else str(least)
    return f"{listed(best)}: {most} capabilities live by the end; {listed(worst)}: {none}"


def _spans(found: Mapping[str, Mapping[str, Any]], weeks: int) -> Iterator[Span]:
    for name, item in found.items():
        gates = item["gates"]
        marks = (
            ("purpose", _at(gates, "define", "asked")),
            ("test", _at(gates, "test", "asked")),
            ("waiting", _at(gates, "test", "done")),
            ("integration", _at(gates, "integration", "began")),
            ("live", _at(gates, "live", "done")),
        )
        known = [(phase, week) for phase, week in marks if week is not None]
        ends = [*(week for _, week in known[1:]), _at(gates, "retired", "done") or float(weeks)]
        for (phase, begins), end in zip(known, ends, strict=False):  # nothing has begun: nothing ends
            yield Span(name, phase, begins, max(begins, end))


def _at(gates: Mapping[str, Mapping[str, float | None]], gate: str, when: str) -> float | None:
    return gates.get(gate, {}).get(when)


def _picture(name: str, number: int, spans: tuple[Span, ...], weeks: int) -> str:
    order = list(dict.fromkeys(span.capability for span in spans))
    size = (WIDTH, ROW_HEIGHT * max(len(order), 1) + AXIS_HEIGHT)
    label = f"Roll-out of capabilities, {plain(name)}"
    draw = partial(_draw, name=plain(name), order=order, spans=spans, weeks=weeks)
    return svg(draw, f"roll-out-{number}", label, size)


def _draw(figure: Figure, *, name: str, order: list[str], spans: tuple[Span, ...], weeks: int) -> None:
    axes = figure.add_subplot()
    for span in spans:
        row = order.index(span.capability) + 0.22
        axes.barh(row, span.ends - span.begins, BAR, left=span.begins, color=PHASES[span.phase])
    for row, capability in enumerate(order):
        _name(axes, row, capability)
    axes.set_title(name)
    axes.set_xlim(0, weeks)
    axes.set_ylim(max(len(order), 1) - 0.4, -0.5)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_xlabel("week")


def _name(axes: Axes, row: int, capability: str) -> None:
    axes.annotate(
        named(capability),
        (0, row),
        xytext=(2, 1),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="bottom",
        fontsize=10,
        color=TEXT.drawn,
    )
