"""From the baseline to the team, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from aicmo.report.blocks import Chart
from aicmo.report.canvas import svg
from aicmo.report.colours import BASELINE, HEADLINE, LOSS, TEXT
from aicmo.report.money import money
from aicmo.report.words import plain, shortened

WIDTH, ROW_HEIGHT, AXIS_HEIGHT = 420, 46, 44
BAR = 0.42


@dataclass(frozen=True)
class Bar:
    """One step [currency], where it begins, and its interval around where it ends."""

    name: str
    label: str
    begins: float
    amount: float
    interval: tuple[float, float] | None
    colour: str


def chart(found: Mapping[str, Any], currency: str, name: str = "waterfall") -> Chart:
    """Draw the baseline, each step where the one before has ended, and the team."""
    bars = _bars(found, currency)
    title = _finding(found, currency)
    size = (WIDTH, ROW_HEIGHT * len(bars) + AXIS_HEIGHT)
    team, baseline = plain(found["team"]), plain(found["baseline"])
    return Chart(
        name=name,
        title=title,
        reading=(
            f"Contribution beyond {baseline}, whole horizon. Each bar is what a difference between the two "
            "teams adds, its mean over all orders of taking them over (Shapley), so that the bars add up to "
            f"{team}'s uplift, the last bar; blue adds, orange takes away; line: interval of the step."
        ),
        pictures=(svg(partial(_draw, bars=bars, currency=currency), name, title, size),),
        columns=("step", f"contribution [{currency}]", "low", "high", "before", "after"),
        rows=tuple(
            (name, step["contribution"]["mean"], *_ends(step["contribution"]), step["before"], step["after"])
            for name, step in found["steps"].items()
        ),
    )


def _ends(metric: Mapping[str, Any]) -> tuple[float | str, float | str]:
    return ("", "") if metric["low"] is None else (metric["low"], metric["high"])


def _finding(found: Mapping[str, Any], currency: str) -> str:
    steps = {name: float(step["contribution"]["mean"]) for name, step in found["steps"].items()}
    whole = money(found["uplift"]["mean"], currency, signed=True)
    most = max(steps, key=lambda name: abs(steps[name]))
    part = money(steps[most], currency, signed=True)
    if steps[most] * found["uplift"]["mean"] > 0.0:
        return f"Of {plain(found['team'])}'s {whole} the largest step is {most} ({part})"
    return f"{plain(found['team'])} brings {whole}; its largest step, {most}, goes the other way ({part})"


def _bars(found: Mapping[str, Any], currency: str) -> list[Bar]:
    signed = partial(money, currency=currency, signed=True)
    base = money(found["contribution"][found["baseline"]]["mean"], currency)
    bars = [Bar(plain(found["baseline"]), base, 0.0, 0.0, None, BASELINE.drawn)]
    at = 0.0
    for name, step in found["steps"].items():
        metric = step["contribution"]
        mean, ends = float(metric["mean"]), None
        if metric["low"] is not None:
            ends = (at + float(metric["low"]), at + float(metric["high"]))
        bars.append(Bar(name, signed(mean), at, mean, ends, HEADLINE if mean >= 0.0 else LOSS))
        at += mean
    uplift = found["uplift"]
    ends = None if uplift["low"] is None else (float(uplift["low"]), float(uplift["high"]))
    total = f"{signed(uplift['mean'])} → {money(found['contribution'][found['team']]['mean'], currency)}"
    colour = HEADLINE if uplift["mean"] >= 0.0 else LOSS
    return [*bars, Bar(plain(found["team"]), total, 0.0, float(uplift["mean"]), ends, colour)]


def _draw(figure: Figure, *, bars: list[Bar], currency: str) -> None:
    axes = figure.add_subplot()
    for row, bar in enumerate(bars):
        _bar(axes, row, bar, last=row in {0, len(bars) - 1})
    for row, bar in enumerate(bars[1:-1], start=1):
        end = bar.begins + bar.amount
        axes.plot((end, end), (row + BAR / 2, row + 1), color=TEXT.drawn, linewidth=0.6)
    axes.axvline(0.0, color=TEXT.drawn, linewidth=1)
    axes.set_ylim(len(bars) - 0.5, -0.8)
    axes.set_yticks([])
    axes.margins(x=0.08)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(lambda amount, _: money(amount, currency, signed=True))


def _bar(axes: Axes, row: int, bar: Bar, *, last: bool) -> None:
    axes.barh(row + 0.1, bar.amount, BAR, left=bar.begins, color=bar.colour, alpha=1.0 if last else 0.8)
    if bar.interval is not None:
        axes.plot(bar.interval, (row + 0.1, row + 0.1), color=TEXT.drawn, linewidth=1.4)
    axes.annotate(
        f"{shortened(bar.name, 26)}  {bar.label}",
        (0, row - 0.13),
        xytext=(2, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="bottom",
        weight="bold" if last else "normal",
        fontsize=10,
    )
