"""What leadership is asked, grants and declines, week by week."""

from __future__ import annotations

from functools import partial

import numpy as np
from jaxtyping import Float, Shaped
from matplotlib.figure import Figure

from aicmo.report.blocks import Chart
from aicmo.report.canvas import svg
from aicmo.report.colours import HEADLINE, LOSS, QUIET
from aicmo.report.evidence import Evidence
from aicmo.report.figures.axes import calendar
from aicmo.report.words import percent, plain

SIZE = (400, 250)
KINDS = {"asked": QUIET.drawn, "granted": HEADLINE, "declined": LOSS}


def chart(evidence: Evidence, team: str) -> Chart | None:
    """Draw a timeline of requests and answers; None where nobody was ever asked."""
    counts = {
        kind: evidence.dataset[f"weekly_{kind}"].sel(team=team).mean("replication").to_numpy()
        for kind in KINDS
    }
    asked = float(counts["asked"].sum())
    if asked == 0.0:
        return None
    title = (
        f"{plain(team)} asks leadership {asked:.1f} times a world; "
        f"{percent(float(counts['granted'].sum()) / asked, digits=0)} are granted"
    )
    draw = partial(_draw, counts=counts, weeks=evidence.weeks)
    return Chart(
        name="approvals",
        title=title,
        reading=(
            "Requests (grey, upwards), and below the line what came back in that week: granted (blue) and "
            f"declined (orange). Means over {evidence.worlds}; what is left was not answered in time."
        ),
        pictures=(svg(draw, "approvals", title, SIZE),),
        columns=("week", *KINDS),
        rows=tuple(
            (str(week)[:10], *(float(counts[kind][w]) for kind in KINDS))
            for w, week in enumerate(evidence.weeks)
        ),
    )


def _draw(
    figure: Figure, *, counts: dict[str, Float[np.ndarray, "weeks"]], weeks: Shaped[np.ndarray, "weeks"]
) -> None:
    axes = figure.add_subplot()
    width = np.timedelta64(5, "D")
    axes.bar(weeks, counts["asked"], width, color=KINDS["asked"])
    axes.bar(weeks, -counts["granted"], width, color=KINDS["granted"])
    axes.bar(weeks, -counts["declined"], width, bottom=-counts["granted"], color=KINDS["declined"])
    axes.grid(visible=False, axis="x")
    axes.margins(x=0.01)
    axes.yaxis.set_major_formatter(lambda number, _: f"{abs(number):.2g}")
    axes.set_ylabel("a week and world")
    calendar(axes)
