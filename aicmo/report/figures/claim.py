"""The promise against what was found: uplift in ROI by baseline, and with one thing changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aicmo.evaluation.verdict import PROMISE
from aicmo.report.blocks import Chart
from aicmo.report.canvas import svg
from aicmo.report.colours import BASELINE, HEADLINE, LOSS, QUIET, TEXT
from aicmo.report.words import percent, plain, shortened

WIDTH, ROW_HEIGHT, AXIS_HEIGHT = 420, 34, 50


@dataclass(frozen=True)
class Found:
    """One uplift in ROI relative to the baseline's; undefined without a mean."""

    name: str
    mean: float | None
    interval: tuple[float, float] | None
    verdict: str


def chart(summary: Mapping[str, Any], title: str) -> Chart:
    """Draw a dot and an interval for each row, beside the promise."""
    rows = tuple(_rows(summary))
    size = (WIDTH, ROW_HEIGHT * len(rows) + AXIS_HEIGHT)
    return Chart(
        name="claim",
        title=title,
        reading=(
            f"Dot and bar: uplift of {plain(summary['team'])} in ROI relative to the baseline's, with 90% "
            f"interval; band: the promise of {PROMISE[0]:.0%} to {PROMISE[1]:.0%}; line: no uplift. The "
            "first rows name the baseline; in the others one thing of the scenario is changed."
        ),
        pictures=(svg(partial(_draw, rows=rows), "claim", title, size),),
        columns=("row", "uplift in ROI", "low", "high", "verdict"),
        rows=tuple(
            (row.name, "" if row.mean is None else row.mean, *(row.interval or ("", "")), row.verdict)
            for row in rows
        ),
    )


def _rows(summary: Mapping[str, Any]) -> Iterator[Found]:
    for name, one in summary["baselines"].items():
        yield _found(f"over {plain(name)}", one)
    for one in summary["variations"]:
        yield _found(plain(f"{one['lever']} {one['value']}"), one)


def _found(name: str, one: Mapping[str, Any]) -> Found:
    metric = one["uplift"]["roi_relative"]
    ends = None if metric["low"] is None else (float(metric["low"]), float(metric["high"]))
    return Found(name, metric["mean"], ends, str(one["verdict"]))


def _draw(figure: Figure, *, rows: tuple[Found, ...]) -> None:
    axes = figure.add_subplot()
    axes.axvspan(*PROMISE, color=BASELINE.drawn, alpha=0.2, linewidth=0)
    axes.axvline(0.0, color=TEXT.drawn, linewidth=1)
    for at, row in enumerate(rows):
        _row(axes, at, row)
    axes.set_ylim(len(rows) - 0.4, -0.8)
    axes.set_yticks([])
    axes.margins(x=0.06)
    axes.xaxis.set_major_formatter(lambda share, _: percent(share, signed=True, digits=0))
    axes.set_xlabel("uplift in ROI")


def _row(axes: Axes, at: int, row: Found) -> None:
    label = "undefined" if row.mean is None else percent(row.mean, signed=True)
    axes.annotate(
        f"{shortened(row.name, 34)}  {label}",
        (0, at),
        xytext=(2, 7),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        fontsize=10,
    )
    if row.mean is None:
        return
    low, high = row.interval or (row.mean, row.mean)
    colour = HEADLINE if low > 0.0 else LOSS if high < 0.0 else QUIET.drawn
    axes.plot((low, high), (at, at), color=colour, linewidth=3, alpha=0.5, solid_capstyle="round")
    axes.plot([row.mean], [at], "o", color=colour, markersize=7)
