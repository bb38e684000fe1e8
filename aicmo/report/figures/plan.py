"""Response curves with the point of today and of the plan: one panel a campaign."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from aicmo.report import picture, prices
from aicmo.report.colours import BASELINE, QUIET, strokes
from aicmo.report.money import money
from aicmo.report.plan import Reallocation
from aicmo.report.words import percent, told_apart

MOST = 24
PANEL = (250, 180)
HEADER = 95
POINTS = 161
TITLE = 22
MARGIN = 1.12
"""How far a panel reaches beyond the last spend that it shows."""


@dataclass(frozen=True, eq=False)
class Panel:
    """One campaign: its curve over a grid of spend, the two points, bounds, and how far it was observed."""

    title: str
    colour: str
    spend: Float[np.ndarray, "grid"]
    response: Float[np.ndarray, "grid"]
    new: tuple[float, float]
    current: tuple[float, float] | None
    bounds: tuple[float, float]
    observed: float

    @property
    def bounded(self) -> bool:
        """Whether a bound lies within what is shown."""
        return self.bounds[0] > 0.0 or self.bounds[1] < float(self.spend[-1])

    @property
    def change(self) -> str:
        """The move, relative to today."""
        if self.current is None:
            return ""
        before = self.current[0]
        return percent(self.new[0] / before - 1.0, signed=True, digits=0) if before else "new"


def save(change: Reallocation, stem: Path) -> tuple[Path, Path]:
    """Draw the plan into ``stem.svg`` and ``stem.png``; of very many campaigns, those that change most."""
    panels = _panels(change)
    columns = _columns(len(panels))
    rows = math.ceil(len(panels) / columns)
    size = (PANEL[0] * max(columns, 3), PANEL[1] * rows + HEADER)
    return picture.save(partial(_draw, panels=panels, change=change), stem, size)


def _panels(change: Reallocation) -> list[Panel]:
    moved = change.spend if change.current is None else np.abs(change.spend - change.current)
    shown = sorted(np.argsort(-moved, kind="stable")[:MOST].tolist())
    grid = np.linspace(0.0, 1.0, POINTS)[:, None] * _reach(change)
    response = np.stack([change.given.curves.value(spend) for spend in grid])
    colours = strokes(list(change.given.campaigns))
    return [
        Panel(
            title,
            colours[change.given.campaigns[c]].colour,
            grid[:, c],
            response[:, c],
            (float(change.spend[c]), float(change.response[1][c])),
            _today(change, c),
            (float(change.allocation.lower[c]), float(change.allocation.upper[c])),
            _observed(change, c),
        )
        for c, title in zip(shown, told_apart([change.campaigns[c] for c in shown], TITLE), strict=True)
    ]


def _reach(change: Reallocation) -> np.ndarray:
    """How much spend each panel shows: (C,) [currency]."""
    known = [change.spend, np.nan_to_num(change.given.observed)]
    known += [] if change.current is None else [change.current]
    seen = np.max(known, axis=0)
    upper = change.allocation.upper
    shown = np.where(upper <= 2.0 * seen, np.maximum(seen, upper), seen) * MARGIN
    scale = float(shown.max()) or 1.0
    return np.where(shown > 0.0, shown, scale)


def _today(change: Reallocation, c: int) -> tuple[float, float] | None:
    if change.current is None or change.response[0] is None:
        return None
    return float(change.current[c]), float(change.response[0][c])


def _observed(change: Reallocation, c: int) -> float:
    """Where the solid line ends: what was observed, else what is spent today, else nowhere."""
    observed = float(change.given.observed[c])
    if math.isnan(observed):
        return math.inf if change.current is None else float(change.current[c])
    return observed


def _draw(figure: Figure, *, panels: list[Panel], change: Reallocation) -> None:
    columns = _columns(len(panels))
    grid = figure.subplots(math.ceil(len(panels) / columns), columns, squeeze=False)
    for axes, panel in zip(grid.flat, panels, strict=False):
        _curve(axes, panel, change.currency)
    for axes in grid.flat[len(panels) :]:
        axes.remove()
    part = f"\nThe {len(panels)} that change most" if len(panels) < len(change.campaigns) else ""
    figure.suptitle(f"{prices.finding(change)}{part}", x=0.01, ha="left", fontsize=13, weight="bold")
    bounded = any(panel.bounded for panel in panels)
    figure.legend(
        handles=_legend(change, bounded=bounded),
        loc="outside lower left",
        ncols=5,
        frameon=False,
        fontsize=10,
    )


def _columns(panels: int) -> int:
    """Three or four, whichever leaves fewer gaps."""
    return min(panels, min((4, 3), key=lambda columns: -panels % columns))


def _curve(axes: Axes, panel: Panel, currency: str) -> None:
    seen = panel.spend <= panel.observed
    first = int(np.argmin(seen)) - 1 if not seen.all() else len(seen)
    axes.plot(panel.spend[seen], panel.response[seen], color=panel.colour, linewidth=2.2)
    axes.plot(
        panel.spend[max(first, 0) :], panel.response[max(first, 0) :], color=panel.colour, linestyle="--"
    )
    end = float(panel.spend[-1])
    lower, upper = panel.bounds
    if panel.bounded:
        axes.axvspan(lower, min(upper, end), color=picture.printed(BASELINE), alpha=0.14, linewidth=0)
    if panel.current is not None:
        axes.plot(
            *panel.current,
            "o",
            color=picture.printed(QUIET),
            markerfacecolor="white",
            markersize=8,
            clip_on=False,
        )
    axes.plot(*panel.new, "o", color=panel.colour, markersize=8, zorder=4, clip_on=False)
    axes.set_title(panel.title)
    axes.set_title(panel.change, loc="right", weight="bold")
    axes.set_xlim(0.0, end)
    axes.set_ylim(bottom=0.0)
    _ticks(axes, currency)


def _ticks(axes: Axes, currency: str) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(lambda amount, _: money(amount, currency))
    axes.yaxis.set_major_formatter(lambda amount, _: _short(amount))
    axes.tick_params(labelsize=9)


def _short(amount: float) -> str:
    """Write an outcome on an axis."""
    for size, unit in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(amount) >= size:
            return f"{amount / size:.3g}{unit}"
    return f"{amount:.3g}"


def _legend(change: Reallocation, *, bounded: bool) -> list[Line2D]:
    grey = picture.printed(QUIET)
    today = Line2D([], [], marker="o", color="none", markeredgecolor=grey, label="today")
    said = bool(np.isfinite(change.given.observed).any())
    end = "observed" if said else "what is spent today" if change.current is not None else ""
    beyond = Line2D([], [], color=grey, linestyle="--", label=f"beyond {end}")
    within = Line2D([], [], color=picture.printed(BASELINE), alpha=0.25, linewidth=8, label="within bounds")
    return [
        Line2D([], [], color=grey, linewidth=2.2, label="incremental outcome by spend"),
        *([beyond] if end else []),
        *([within] if bounded else []),
        *([today] if change.current is not None else []),
        Line2D([], [], marker="o", color="none", markerfacecolor=grey, markeredgecolor=grey, label="plan"),
    ]
