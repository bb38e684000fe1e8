"""Where the money goes, week by week: one panel a channel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Float, Shaped
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from aicmo.report.blocks import Chart
from aicmo.report.canvas import svg
from aicmo.report.colours import BASELINE, Stroke, strokes
from aicmo.report.evidence import Evidence
from aicmo.report.figures.axes import calendar
from aicmo.report.money import money
from aicmo.report.words import percent, plain, shortened

SIZE = (320, 170)
BAND = (0.05, 0.95)


@dataclass(frozen=True)
class Spend:
    """Weekly spend of one team on one channel over worlds: mean, and the band that holds 90 %."""

    mean: Float[np.ndarray, "weeks"]
    low: Float[np.ndarray, "weeks"]
    high: Float[np.ndarray, "weeks"]


@dataclass(frozen=True)
class Panel:
    """One channel: the team, the baseline beside it, and how they are drawn."""

    channel: str
    stroke: Stroke
    team: Spend
    baseline: Spend
    currency: str

    @property
    def moved(self) -> float:
        """Money that the team spends here beyond the baseline, whole horizon [currency]."""
        return float(self.team.mean.sum() - self.baseline.mean.sum())

    @property
    def change(self) -> str:
        """The move, relative to the baseline's spend."""
        before = float(self.baseline.mean.sum())
        return percent(self.moved / before, signed=True, digits=0) if before else "new"


def chart(evidence: Evidence, team: str) -> Chart:
    """Draw the weekly budget of `team` in colour and of the baseline in grey."""
    panels = _panels(evidence, team)
    weeks = evidence.weeks
    base = plain(evidence.baseline)
    return Chart(
        name="budget-by-channel",
        title=_finding(panels, plain(team)),
        reading=(
            f"Spend per week, each panel on its own scale from zero. Colour: {plain(team)}, mean and the "
            f"band that holds 90% of worlds; grey: {base}, mean. Above: the total against {base}."
        ),
        pictures=tuple(_picture(panel, weeks, index) for index, panel in enumerate(panels)),
        columns=(
            "channel",
            "week",
            f"{plain(team)} [{evidence.currency}/week]",
            f"{base} [{evidence.currency}/week]",
        ),
        rows=tuple(row for panel in panels for row in _rows(panel, weeks)),
    )


def _panels(evidence: Evidence, team: str) -> list[Panel]:
    spend = evidence.dataset["weekly_spend"]
    channels = [str(channel) for channel in spend["channel"].values]
    drawn = strokes(channels)

    def of(name: str, channel: str) -> Spend:
        worlds = spend.sel(team=name, channel=channel).transpose("replication", "week").to_numpy()
        low, high = np.quantile(worlds, BAND, axis=0)
        return Spend(worlds.mean(axis=0), low, high)

    return [
        Panel(
            plain(channel),
            drawn[channel],
            of(team, channel),
            of(evidence.baseline, channel),
            evidence.currency,
        )
        for channel in channels
    ]


def _finding(panels: list[Panel], team: str) -> str:
    total = sum(float(panel.baseline.mean.sum()) for panel in panels)
    moved = sum(abs(panel.moved) for panel in panels) / 2
    if not total or moved / total < 0.005:
        return f"{team} splits the money between channels as the baseline does"
    most, least = max(panels, key=lambda p: p.moved), min(panels, key=lambda p: p.moved)
    return (
        f"{team} moves {percent(moved / total)} of the money between channels: most to {most.channel} "
        f"({money(most.moved, most.currency, signed=True)}), most from {least.channel} "
        f"({money(least.moved, least.currency, signed=True)})"
    )


def _picture(panel: Panel, weeks: np.ndarray, index: int) -> str:
    label = f"Weekly spend on {panel.channel}: {panel.change} in total against the baseline"
    return svg(partial(_draw, panel=panel, weeks=weeks), f"budget-{index}", label, SIZE)


def _rows(panel: Panel, weeks: np.ndarray) -> list[tuple[str | float, ...]]:
    return [
        (panel.channel, str(week)[:10], float(mine), float(base))
        for week, mine, base in zip(weeks, panel.team.mean, panel.baseline.mean, strict=True)
    ]


def _draw(figure: Figure, *, panel: Panel, weeks: Shaped[np.ndarray, "weeks"]) -> None:
    axes = figure.add_subplot()
    axes.fill_between(
        weeks, panel.team.low, panel.team.high, color=panel.stroke.colour, alpha=0.25, linewidth=0
    )
    axes.plot(weeks, panel.baseline.mean, color=BASELINE.drawn, linewidth=1.6)
    axes.plot(weeks, panel.team.mean, color=panel.stroke.colour, linestyle=panel.stroke.dash, linewidth=2.2)
    axes.set_title(shortened(panel.channel, 28))
    axes.set_title(panel.change, loc="right", weight="bold")
    axes.set_ylim(bottom=0)
    axes.margins(x=0)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(lambda amount, _: money(amount, panel.currency))
    axes.tick_params(labelsize=10)
    calendar(axes)
