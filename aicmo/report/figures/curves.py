"""Response curves, true and believed, with the rates of both teams: one panel a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from aicmo.report.blocks import Chart
from aicmo.report.canvas import svg
from aicmo.report.close_up import CloseUp
from aicmo.report.colours import BASELINE, PAPER, QUIET, TEXT, strokes
from aicmo.report.money import money
from aicmo.report.words import percent, shortened

SIZE = (320, 200)
MOST = 12
BAND = 1.645
"""Standard deviations on either side that hold 90 % of a normal belief."""
TRUE, BELIEVED = "true_profit", "believed_profit"


@dataclass(frozen=True, eq=False)
class Panel:
    """One campaign at the end of the first world [currency/day]."""

    campaign: str
    colour: str
    spend: Float[np.ndarray, "points"]
    true: Float[np.ndarray, "points"]
    believed: Float[np.ndarray, "points"] | None
    sd: Float[np.ndarray, "points"] | None
    before: tuple[float, float]
    after: tuple[float, float]
    bounds: tuple[float, float]
    observed: float
    currency: str

    @property
    def change(self) -> str:
        """The difference between the two rates, relative to the baseline's."""
        rate = self.before[0]
        return percent(self.after[0] / rate - 1.0, signed=True, digits=0) if rate else "new"


def chart(close: CloseUp, channels: list[str], currency: str) -> Chart:
    """Draw the campaigns whose rates differ most."""
    shown = sorted(close.order[:MOST])
    panels = [_panel(close, c, strokes(channels)[close.channels[c]].colour, currency) for c in shown]
    part = "" if len(shown) == len(close.campaigns) else f"The {len(shown)} campaigns that differ most. "
    believed = f"thin line and band: what {close.team} believes, with 90%; " if BELIEVED in close.data else ""
    return Chart(
        name="curves",
        title=_finding(close, currency),
        reading=(
            f"{part}Gross profit a day by spend a day, end of the first world, each campaign by itself. "
            f"Colour: simulated truth, solid as far as spend was seen, dashed beyond; {believed}filled: "
            f"{close.team}'s rate, hollow: {close.baseline}'s; shaded: what guardrails allow now."
        ),
        pictures=tuple(_picture(panel, index) for index, panel in enumerate(panels)),
        columns=(
            "campaign",
            f"spend [{currency}/day]",
            f"true gross profit [{currency}/day]",
            f"believed gross profit [{currency}/day]",
        ),
        rows=tuple(_rows(close)),
    )


def _finding(close: CloseUp, currency: str) -> str:
    true = float(close.at(TRUE, close.after).sum())
    if BELIEVED not in close.data:
        return f"The rates of {close.team} bring {money(true, currency)} of gross profit a day"
    believed = float(close.at(BELIEVED, close.after).sum())
    off = f" ({percent(believed / true - 1.0, signed=True, digits=0)})" if true > 0.0 else ""
    return (
        f"{close.team} believes that its rates bring {money(believed, currency)} of gross profit a day; "
        f"in truth they bring {money(true, currency)}{off}"
    )


def _panel(close: CloseUp, c: int, colour: str, currency: str) -> Panel:
    data = close.data

    def curve(name: str) -> np.ndarray | None:
        return data[name].values[c] if name in data else None

    def point(rate: float) -> tuple[float, float]:
        return rate, float(np.interp(rate, data["spend"].values[c], data[TRUE].values[c]))

    return Panel(
        close.campaigns[c],
        colour,
        data["spend"].values[c],
        data[TRUE].values[c],
        curve(BELIEVED),
        curve("believed_sd"),
        point(float(close.before[c])),
        point(float(close.after[c])),
        (float(data["lower"].values[c]), float(data["upper"].values[c])),
        float(data["observed"].values[c]),
        currency,
    )


def _picture(panel: Panel, index: int) -> str:
    label = (
        f"Response curve of {panel.campaign}: {money(panel.before[0], panel.currency)} a day before, "
        f"{money(panel.after[0], panel.currency)} after"
    )
    return svg(partial(_draw, panel=panel), f"curve-{index}", label, SIZE)


def _rows(close: CloseUp) -> list[tuple[str | float, ...]]:
    spend, true = close.data["spend"].values, close.data[TRUE].values
    believed = close.data[BELIEVED].values if BELIEVED in close.data else None
    return [
        (name, float(x), float(true[c, p]), "" if believed is None else float(believed[c, p]))
        for c, name in enumerate(close.campaigns)
        for p, x in enumerate(spend[c])
    ]


def _draw(figure: Figure, *, panel: Panel) -> None:
    axes = figure.add_subplot()
    end = float(panel.spend[-1])
    lower, upper = panel.bounds
    if lower > 0.0 or upper < end:
        axes.axvspan(min(lower, end), min(upper, end), color=BASELINE.drawn, alpha=0.16, linewidth=0)
    if panel.believed is not None and panel.sd is not None:
        half = BAND * panel.sd
        low, high = np.maximum(panel.believed - half, 0.0), panel.believed + half
        axes.fill_between(panel.spend, low, high, color=TEXT.drawn, alpha=0.1, linewidth=0)
        axes.plot(panel.spend, panel.believed, color=TEXT.drawn, linewidth=1.1)
    seen = np.append(panel.spend[panel.spend < panel.observed], min(panel.observed, end))
    beyond = np.append(min(panel.observed, end), panel.spend[panel.spend > panel.observed])
    for part, dash in ((seen, "-"), (beyond, "--")):
        axes.plot(
            part, np.interp(part, panel.spend, panel.true), color=panel.colour, linestyle=dash, linewidth=2.4
        )
    axes.plot(
        *panel.before,
        "o",
        color=QUIET.drawn,
        markerfacecolor=PAPER.drawn,
        markeredgewidth=1.8,
        markersize=8,
        clip_on=False,
        zorder=4,
    )
    axes.plot(*panel.after, "o", color=panel.colour, markersize=8, clip_on=False, zorder=5)
    _frame(axes, panel)


def _frame(axes: Axes, panel: Panel) -> None:
    axes.set_title(shortened(panel.campaign, 30), fontsize=10)
    axes.set_title(panel.change, loc="right", weight="bold", fontsize=10)
    axes.set_xlim(0.0, float(panel.spend[-1]))
    axes.set_ylim(bottom=0.0)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda amount, _: money(amount, panel.currency))
    axes.tick_params(labelsize=10)
