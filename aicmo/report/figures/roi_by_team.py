"""Return on spend and costs of each team, with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from aicmo.report.blocks import Chart
from aicmo.report.canvas import Draw, svg
from aicmo.report.colours import BASELINE, HEADLINE, PAPER, QUIET
from aicmo.report.evidence import Evidence, Role
from aicmo.report.words import percent, plain, shortened

WIDTH, ROW_HEIGHT, AXIS_HEIGHT = 400, 44, 50
COLOURS: dict[Role, str] = {
    "headline": HEADLINE,
    "contender": QUIET.drawn,
    "baseline": BASELINE.drawn,
    "reference": QUIET.drawn,
}


@dataclass(frozen=True)
class Return:
    """ROI of one team."""

    team: str
    role: Role
    mean: float
    interval: tuple[float, float] | None


def chart(evidence: Evidence) -> Chart:
    """Draw a dot and an interval for each team whose ROI is defined."""
    returns = tuple(_returns(evidence))
    title = _finding(returns)
    size = (WIDTH, ROW_HEIGHT * len(returns) + AXIS_HEIGHT)
    return Chart(
        name="roi-by-team",
        title=title,
        reading=(
            "Dot: (incremental gross profit - spend - costs) ÷ (spend + costs), sums over "
            f"{evidence.worlds}; bar: {evidence.interval}. Hollow: a reference, not a team. "
            "Teams meet the same worlds, so differences are surer than overlapping bars suggest: judge "
            "them by the uplift."
        ),
        pictures=(svg(drawing(evidence), "roi-by-team", title, size),),
        columns=("team", "roi", "low", "high"),
        rows=tuple((r.team, r.mean, *(r.interval or ("", ""))) for r in returns),
    )


def drawing(evidence: Evidence) -> Draw:
    """Return what draws it."""
    return partial(_draw, returns=tuple(_returns(evidence)))


def _returns(evidence: Evidence) -> list[Return]:
    found = [(team, evidence.teams[team]["roi"]) for team in evidence.ranking]
    return [
        Return(plain(team), evidence.role(team), roi["mean"], _ends(roi))
        for team, roi in found
        if roi["mean"] is not None
    ]


def _ends(roi: Mapping[str, Any]) -> tuple[float, float] | None:
    return None if roi["low"] is None or roi["high"] is None else (roi["low"], roi["high"])


def _finding(returns: tuple[Return, ...]) -> str:
    by_role = {r.role: r for r in returns}
    if "headline" in by_role and "baseline" in by_role:
        mine, base = by_role["headline"], by_role["baseline"]
        return f"{mine.team} returns {percent(mine.mean)}, {base.team} {percent(base.mean)}"
    if not returns:
        return "No team spends, so no return is defined"
    return f"{returns[0].team} returns {percent(returns[0].mean)}"


def _draw(figure: FigureBase, *, returns: tuple[Return, ...]) -> None:
    axes = figure.add_subplot()
    for row, item in enumerate(returns):
        _interval(axes, row, item)
    axes.set_ylim(len(returns) - 0.5, -0.8)
    axes.set_yticks([])
    axes.xaxis.set_major_formatter(lambda share, _: percent(share, digits=0))
    axes.margins(x=0.08)
    axes.set_xlabel("ROI after costs, whole horizon")


def _interval(axes: Axes, row: int, item: Return) -> None:
    colour = COLOURS[item.role]
    face = PAPER.drawn if item.role == "reference" else colour
    if item.interval is not None:
        axes.plot(item.interval, (row, row), color=colour, linewidth=3, alpha=0.55, solid_capstyle="round")
    axes.plot([item.mean], [row], "o", color=colour, markerfacecolor=face, markersize=8)
    label = f"{shortened(item.team, 30)}  {percent(item.mean)}"
    weight = "bold" if item.role == "headline" else "normal"
    axes.annotate(
        label,
        (0, row),
        xytext=(2, 11),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        weight=weight,
    )
