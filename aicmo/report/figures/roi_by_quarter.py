"""Return by quarter under each operating model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from aicmo.report.blocks import Chart
from aicmo.report.canvas import svg
from aicmo.report.colours import BASELINE, OKABE_ITO, TEXT
from aicmo.report.words import percent, plain

SIZE = (420, 330)
DASHES = ("-", "--", "-.", ":")


def chart(summary: Mapping[str, Any]) -> Chart:
    """Draw a line for each model, the manual team in grey, the leader bold."""
    found = {name: one["roi_by_quarter"] for name, one in summary["models"].items()}
    title = _finding(found, summary["leader"], summary["baseline"])
    draw = partial(_draw, found=found, leader=summary["leader"], baseline=summary["baseline"])
    return Chart(
        name="roi-by-quarter",
        title=title,
        reading=(
            "(Incremental gross profit - spend - costs) ÷ (spend + costs) of each quarter of 13 weeks, sums "
            "over worlds; what a quarter's money sells later counts later. Costs hold salaries, tools and "
            "integration work. Bar at the leader: 90% interval."
        ),
        pictures=(svg(draw, "roi-by-quarter", title, SIZE),),
        columns=("model", "quarter", "roi", "low", "high"),
        rows=tuple(
            (name, number + 1, *("" if roi[key] is None else roi[key] for key in ("mean", "low", "high")))
            for name, quarters in found.items()
            for number, roi in enumerate(quarters)
        ),
    )


def _finding(found: Mapping[str, Any], leader: str, baseline: str) -> str:
    last = {name: quarters[-1]["mean"] for name, quarters in found.items()}
    mine, base = last[leader], last[baseline]
    if mine is None or base is None:
        return "Return by quarter"
    told = f"{percent(mine, digits=0)}, {plain(baseline)} {percent(base, digits=0)}"
    return f"In the last quarter {plain(leader)} returns {told}"


def _draw(figure: Figure, *, found: Mapping[str, Any], leader: str, baseline: str) -> None:
    axes = figure.add_subplot()
    number = 0
    for name, quarters in found.items():
        if name == baseline:
            _line(axes, name, quarters, BASELINE.drawn, "-", 2.2)
            continue
        colour, dash = OKABE_ITO[number % 6], DASHES[number // 3 % len(DASHES)]
        _line(axes, name, quarters, colour, dash, 2.6 if name == leader else 1.5)
        if name == leader:
            _bars(axes, quarters, colour)
        number += 1
    axes.axhline(0.0, color=TEXT.drawn, linewidth=1)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(lambda share, _: percent(share, digits=0))
    axes.margins(x=0.06)
    axes.set_xlabel("quarter")
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)


def _line(axes: Axes, name: str, quarters: Any, colour: str, dash: str, width: float) -> None:
    known = [(number + 1, roi["mean"]) for number, roi in enumerate(quarters) if roi["mean"] is not None]
    across, up = zip(*known, strict=True) if known else ((), ())
    # the boldest line, the leader's, lies on top of those that fall together with it
    axes.plot(
        across, up, dash, color=colour, linewidth=width, marker="o", label=plain(name), zorder=2 + width
    )


def _bars(axes: Axes, quarters: Any, colour: str) -> None:
    for number, roi in enumerate(quarters):
        if roi["low"] is not None:
            axes.vlines(number + 1, roi["low"], roi["high"], color=colour, linewidth=4, alpha=0.35)
