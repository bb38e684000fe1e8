"""Cumulative spend against plan: how far ahead or behind, week by week."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Float, Shaped
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, MultipleLocator

from aicmo.report.blocks import Chart
from aicmo.report.canvas import svg
from aicmo.report.colours import AMBER, BASELINE, HEADLINE, RED, TEXT
from aicmo.report.evidence import Evidence
from aicmo.report.figures.axes import calendar
from aicmo.report.words import percent, plain

SIZE = (400, 250)
CORRIDOR = (0.05, 0.10)
"""Deviations from plan at which pacing turns amber, and red."""
BAND = (0.05, 0.95)
WEEK_DAYS = 7.0


@dataclass(frozen=True, eq=False)
class Pace:
    """Spend so far over the plan so far, less one, by week."""

    mean: Float[np.ndarray, "weeks"]
    low: Float[np.ndarray, "weeks"]
    high: Float[np.ndarray, "weeks"]


def chart(evidence: Evidence, team: str) -> Chart:
    """Draw the deviation of `team` from an even plan, and of the baseline in grey."""
    plan = planned(evidence)
    mine, base = (_pace(evidence, name, plan) for name in (team, evidence.baseline))
    title = _finding(plain(team), mine, evidence, team)
    draw = partial(_draw, mine=mine, base=base, weeks=evidence.weeks)
    return Chart(
        name="pacing",
        title=title,
        reading=(
            "Cumulative spend over cumulative plan, less one. The plan spreads each period's budget evenly. "
            f"Blue: {plain(team)}, mean and the band that holds 90% of worlds; grey: "
            f"{plain(evidence.baseline)}. Dotted: ±5% (amber) and ±10% (red)."
        ),
        pictures=(svg(draw, "pacing", title, SIZE),),
        columns=("week", f"{plain(team)}", "low", "high", plain(evidence.baseline)),
        rows=tuple(
            (str(week)[:10], *(float(values[w]) for values in (mine.mean, mine.low, mine.high, base.mean)))
            for w, week in enumerate(evidence.weeks)
        ),
    )


def planned(evidence: Evidence) -> Float[np.ndarray, "weeks"]:
    """Cumulative plan at the end of each week [currency]: every period's budget, spread evenly."""
    data = evidence.dataset
    opening, closing, budget = (data[f"period_{name}"].values for name in ("start", "end", "budget"))
    until = WEEK_DAYS * (np.arange(data.sizes["week"]) + 1.0)
    until[-1] = closing[-1]  # the last week may be cut short
    passed = (until[:, None] - opening) / np.maximum(closing - opening, np.finfo(float).tiny)
    return np.asarray((np.clip(passed, 0.0, 1.0) * budget).sum(axis=1))


def _pace(evidence: Evidence, team: str, plan: Float[np.ndarray, "weeks"]) -> Pace:
    spend = evidence.dataset["weekly_spend"].sel(team=team).sum("channel").transpose("replication", "week")
    ahead = np.cumsum(spend.to_numpy(), axis=1) / np.maximum(plan, np.finfo(float).tiny) - 1.0
    low, high = np.quantile(ahead, BAND, axis=0)
    return Pace(ahead.mean(axis=0), low, high)


def _finding(name: str, mine: Pace, evidence: Evidence, team: str) -> str:
    spent = evidence.dataset["period_spend"].sel(team=team).sum("period").mean()
    share = percent(float(spent) / float(evidence.dataset["period_budget"].sum()))
    farthest = int(np.argmax(np.abs(mine.mean)))
    off, week = percent(float(mine.mean[farthest]), signed=True), farthest + 1
    return f"{name} spends {share} of the budget; it is farthest from an even plan in week {week} ({off})"


def _draw(figure: Figure, *, mine: Pace, base: Pace, weeks: Shaped[np.ndarray, "weeks"]) -> None:
    axes = figure.add_subplot()
    for level, colour in zip(CORRIDOR, (AMBER, RED), strict=True):
        for end in (-level, level):
            axes.axhline(end, color=colour, linestyle=":", linewidth=1.6)
    axes.axhline(0.0, color=TEXT.drawn, linewidth=0.8)
    axes.fill_between(weeks, mine.low, mine.high, color=HEADLINE, alpha=0.25, linewidth=0)
    axes.plot(weeks, base.mean, color=BASELINE.drawn, linewidth=1.6)
    axes.plot(weeks, mine.mean, color=HEADLINE, linewidth=2.2)
    reach = 1.1 * max(CORRIDOR[1], *(float(np.abs(pace.mean).max()) for pace in (mine, base)))
    axes.set_ylim(-reach, reach)
    axes.margins(x=0)
    axes.yaxis.set_major_locator(MultipleLocator(CORRIDOR[0]) if reach < 0.4 else MaxNLocator(6))
    axes.yaxis.set_major_formatter(lambda share, _: percent(share, signed=True, digits=0))
    calendar(axes)
