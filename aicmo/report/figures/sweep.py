"""Where it pays: uplift by one key as a line, by two as a map with break-even and promised contours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure

from aicmo.evaluation.sweep_finding import MEASURES, measure
from aicmo.evaluation.verdict import PROMISE
from aicmo.report import picture
from aicmo.report.blocks import Chart
from aicmo.report.canvas import POINTS_PER_INCH, svg
from aicmo.report.colours import HEADLINE, LINE, LOSS, QUIET, TEXT
from aicmo.report.estimates import interval
from aicmo.report.sweep import written
from aicmo.report.words import plain, shortened
from aicmo.scenario.vary import spell_value

CELL, LEAST, HEADER = (112, 62), (620, 330), 200
MARGIN = (120, 60)
"""Around the cells of a map on a page [CSS pixel]."""
LETTER = 5.2
"""Width of a small letter [point]."""
LINES = {0.0: "-", PROMISE[0]: "--", PROMISE[1]: ":"}
"""Break-even, and the ends of the promise."""
MEANING = {
    0.0: "line: break-even",
    PROMISE[0]: f"dashed: {PROMISE[0]:.0%}",
    PROMISE[1]: f"dotted: {PROMISE[1]:.0%}",
}
STRONG = 0.3
"""Beyond this distance from the middle of the colours, of one half, letters are white."""
DIVERGING = LinearSegmentedColormap.from_list("loss to gain", [LOSS, "#ffffff", HEADLINE])


@dataclass(frozen=True, eq=False)
class Map:
    """The uplift of a team over one or two keys.

    Attributes
    ----------
    mean, low, high : (A, B)
        NaN where undefined; B is 1 with one key.
    """

    team: str
    baseline: str
    name: str
    currency: str
    keys: tuple[str, ...]
    ticks: tuple[tuple[str, ...], ...]
    mean: Float[np.ndarray, "A B"]
    low: Float[np.ndarray, "A B"]
    high: Float[np.ndarray, "A B"]

    @classmethod
    def of(cls, summary: Mapping[str, Any], team: str) -> Map:
        """Read the uplift that every cell has."""
        name, axes = measure(summary, team), summary["axes"]
        shape = (*(len(values) for values in axes.values()), 1)[:2]
        found = [cell["teams"][team]["uplift"][name] for cell in summary["cells"]]
        ends = (
            np.array([np.nan if one[end] is None else one[end] for one in found], dtype=float).reshape(shape)
            for end in ("mean", "low", "high")
        )
        ticks = tuple(tuple(shortened(plain(spell_value(value)), 18) for value in axes[key]) for key in axes)
        keys = tuple(plain(key) for key in axes)
        return cls(team, summary["baseline"], name, summary["currency"], keys, ticks, *ends)

    @property
    def levels(self) -> tuple[float, ...]:
        """Of the contours: the promise is one of ROI, so that contribution has its break-even alone."""
        return tuple(LINES) if self.name == "roi_relative" else (0.0,)

    @property
    def reached(self) -> tuple[float, ...]:
        """Levels that are worth a line: those that the map passes, those that a course comes near."""
        if len(self.keys) > 1:
            return tuple(
                level for level in self.levels if np.nanmin(self.mean) < level < np.nanmax(self.mean)
            )
        most = np.nanmax([*self.mean.ravel(), *self.high.ravel()])
        return tuple(level for level in self.levels if level == 0.0 or level < 1.5 * most)

    @property
    def reading(self) -> str:
        """How to read the drawing."""
        where = "" if self.name == "contribution" else f" relative to that of {plain(self.baseline)}"
        lines = ", ".join(MEANING[level] for level in self.reached)
        if len(self.keys) == 1:
            return f"Dot: uplift in {MEASURES[self.name]}{where}; bar: 90% interval; {lines}."
        return (
            f"Cell: uplift in {MEASURES[self.name]}{where}, mean with 90% interval, bold where it is surely "
            f"not zero; blue gain, orange loss; {lines or 'no line: all are on one side of break-even'}."
        )

    @cached_property
    def title(self) -> str:
        """State the finding."""
        pair = f"{plain(self.team)} over {plain(self.baseline)}"
        cells = self.mean.size
        gains, losses = int((self.low > 0).sum()), int((self.high < 0).sum())
        if gains == cells:
            said = f"{pair}: surely more {MEASURES[self.name]} in all {cells} cells"
        else:
            counts = f"in {gains or 'none'} of {cells} cells, less in {losses or 'none'}"
            said = f"{pair}: surely more {MEASURES[self.name]} {counts}"
        if self.name != "roi_relative":
            return said
        kept = int((self.mean >= PROMISE[0]).sum())
        promise = f"{PROMISE[0]:.0%} better ROI in {kept or 'none'} of them"
        return f"{said};\n{promise}"


def save(summary: Mapping[str, Any], team: str, stem: Path) -> tuple[Path, Path]:
    """Draw a sweep of one or two keys into ``stem.svg`` and ``stem.png``.

    Raises
    ------
    ValueError
        When more keys vary than paper has directions.
    """
    _require_flat(summary)
    found = Map.of(summary, team)
    rows, columns = found.mean.shape
    size = max(LEAST[0], CELL[0] * columns + 210), max(LEAST[1], CELL[1] * rows + HEADER)
    return picture.save(partial(_told, found=found), stem, LEAST if len(found.keys) == 1 else size)


def chart(summary: Mapping[str, Any], team: str) -> Chart:
    """Draw a sweep of one or two keys for a page.

    Raises
    ------
    ValueError
        When more keys vary than a page has directions.
    """
    _require_flat(summary)
    found = Map.of(summary, team)
    rows, columns = found.mean.shape
    one = len(found.keys) == 1
    size = (400, 260) if one else (MARGIN[0] + CELL[0] * columns, MARGIN[1] + CELL[1] * rows)
    ends = ("mean", "low", "high")
    return Chart(
        name="sweep",
        title=found.title.replace("\n", " "),
        reading=found.reading,
        pictures=(svg(partial(_drawn, found=found, ink=TEXT.drawn), "sweep", found.title, size),),
        columns=(*found.keys, *(f"{end} uplift in {MEASURES[found.name]}" for end in ends)),
        rows=tuple(
            (
                *(found.ticks[axis][at] for axis, at in enumerate(place[: len(found.keys)])),
                *(float(getattr(found, end)[place]) for end in ends),
            )
            for place in np.ndindex(*found.mean.shape)
        ),
        wide=not one,
    )


def _require_flat(summary: Mapping[str, Any]) -> None:
    if len(summary["axes"]) > 2:
        raise ValueError(
            f"a map has one or two keys, got {len(summary['axes'])}: {', '.join(summary['axes'])}"
        )


def _drawn(figure: Figure, *, found: Map, ink: str) -> None:
    """Draw a map, or the course of one key; `ink` is that of lines outside cells."""
    if len(found.keys) == 1:
        _course(figure, found=found, ink=ink)
    else:
        _heat(figure, found=found)


def contour(axes: Axes, field: Float[np.ndarray, "A B"], level: float) -> list[Float[np.ndarray, "P 2"]]:
    """Draw where a field passes a level, straight between the centres of cells; return the lines.

    Returns
    -------
    lines : list of (P, 2)
        Column and row, counted from 0 at the centre of the first cell and ending at the edge of the map; none
        where the level is not reached.
    """
    known = np.ma.masked_invalid(field)
    if min(field.shape) < 2 or not known.min() < level < known.max():
        return []
    # Cells reach half a step beyond their centres: the outermost values hold there.
    across, down = (np.array([-0.5, *range(size), size - 0.5]) for size in (field.shape[1], field.shape[0]))
    wide = np.ma.masked_invalid(np.pad(field, 1, mode="edge"))
    ink = picture.printed(TEXT)
    drawn = axes.contour(across, down, wide, levels=[level], colors=ink, linestyles=LINES[level])
    drawn.set_linewidth(2.0)
    return [np.asarray(line) for line in drawn.allsegs[0] if len(line)]


def _heat(figure: Figure, *, found: Map) -> None:
    axes = figure.add_subplot()
    reach = float(np.nanmax(np.abs(found.mean), initial=0.0)) or 1.0
    norm = TwoSlopeNorm(0.0, -reach, reach)
    axes.set_facecolor(picture.printed(LINE))
    rows, columns = found.mean.shape
    edges = np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5
    axes.pcolormesh(*edges, np.ma.masked_invalid(found.mean), cmap=DIVERGING, norm=norm)
    axes.set_ylim(rows - 0.5, -0.5)
    for level in found.levels:
        contour(axes, found.mean, level)
    for place in np.ndindex(*found.mean.shape):
        _number(axes, place, found, norm)
    for axis, key, ticks in zip((axes.yaxis, axes.xaxis), found.keys, found.ticks, strict=True):
        axis.set_ticks(range(len(ticks)), ticks)
        axis.set_label_text(shortened(key, 60))
    axes.grid(visible=False)


def _number(axes: Axes, place: tuple[int, ...], found: Map, norm: TwoSlopeNorm) -> None:
    """Write mean and interval into a cell; what cannot be told from zero is not bold."""
    row, column = place
    mean, low, high = (float(part[place]) for part in (found.mean, found.low, found.high))
    if np.isnan(mean):
        axes.text(column, row, "–", ha="center", va="center", color=picture.printed(TEXT))
        return
    write, shade = written(found.name, found.currency), float(norm(mean))
    style: dict[str, Any] = {
        "ha": "center",
        "textcoords": "offset points",
        "color": "white" if abs(shade - 0.5) > STRONG else picture.printed(TEXT),
        "bbox": {"facecolor": DIVERGING(shade), "edgecolor": "none", "pad": 1.0},  # contours pass behind
    }
    weight = "bold" if low > 0.0 or high < 0.0 else "normal"
    axes.annotate(write(mean), (column, row), (0, 3), weight=weight, va="bottom", **style)
    if not np.isnan(low):
        axes.annotate(interval(low, high, write), (column, row), (0, -3), fontsize=8, va="top", **style)


def _course(figure: Figure, *, found: Map, ink: str) -> None:
    axes = figure.add_subplot()
    across, mean = np.arange(len(found.mean)), found.mean[:, 0]
    for level in found.reached:
        axes.axhline(level, color=ink, linestyle=LINES[level], linewidth=1.2)
    axes.plot(across, mean, "o-", color=HEADLINE, linewidth=2.2, markersize=7)
    axes.vlines(across, found.low[:, 0], found.high[:, 0], color=HEADLINE, linewidth=4, alpha=0.4)
    write = written(found.name, found.currency)
    axes.yaxis.set_major_formatter(lambda value, _: write(value))
    axes.xaxis.set_ticks(across.tolist(), found.ticks[0])
    axes.set_xlabel(shortened(found.keys[0], 60))
    axes.margins(x=0.08)


def _told(figure: Figure, *, found: Map) -> None:
    """Draw with the finding above and how to read it below, for a picture that stands alone."""
    _drawn(figure, found=found, ink=picture.printed(TEXT))
    figure.suptitle(found.title, x=0.01, ha="left", fontsize=12, weight="bold")
    reading = fill(found.reading, int(figure.get_figwidth() * POINTS_PER_INCH / LETTER))
    figure.supxlabel(reading, x=0.01, ha="left", fontsize=9, color=picture.printed(QUIET))
