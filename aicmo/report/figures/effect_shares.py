"""Share of spend against share of effect by channel, and what a unit of money returns: true and reported."""

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
from aicmo.report.colours import BASELINE, PAPER, QUIET, TEXT, strokes
from aicmo.report.words import percent, plain, ratio, shortened

WIDTH, ROW_HEIGHT, AXIS_HEIGHT = 400, 58, 44
BAR = 0.2
KINDS = {"claimed": "D", "unified": "s"}
"""Reported effects and their marks: as platforms claim it, as the CDP credits it."""


@dataclass(frozen=True)
class Channel:
    """Shares of one channel, and its return by each measure."""

    name: str
    colour: str
    spend: float | None
    shares: Mapping[str, float | None]
    returns: Mapping[str, float | None]
    interval: tuple[float, float] | None


def chart(summary: Mapping[str, Any], window: str) -> Chart:
    """Draw two bars and marks a channel, and returns beside them."""
    channels = _channels(summary["windows"][window]["channels"])
    title = _finding(channels)
    size = (WIDTH, ROW_HEIGHT * len(channels) + AXIS_HEIGHT)
    team = plain(str(summary["team"]))
    return Chart(
        name="effect-shares",
        title=title,
        reading=(
            f"Left, {team}: grey bar: share of spend; coloured: share of what all channels truly bring, each "
            "left out by itself; diamond: share of what platforms claim; square: share of what the CDP "
            "credits. Right: revenue per unit of money, dot: true, with its 90% interval; marks as left."
        ),
        pictures=(
            svg(partial(_draw_shares, channels=channels), "effect-shares", title, size),
            svg(partial(_draw_returns, channels=channels), "effect-returns", f"Returns: {title}", size),
        ),
        columns=(
            "channel",
            "share of spend",
            "share of true effect",
            "share of claimed",
            "share of unified",
            "true iROAS",
            "low",
            "high",
            "claimed ROAS",
            "unified ROAS",
        ),
        rows=tuple(_row(channel) for channel in channels),
    )


def _channels(found: Mapping[str, Mapping[str, Any]]) -> list[Channel]:
    drawn = strokes(list(found))
    money = {
        kind: {
            name: _product(item["spend"]["mean"], item[f"{kind}_roas"]["mean"])
            for name, item in found.items()
        }
        for kind in KINDS
    }
    totals = {kind: sum(money[kind].values()) for kind in KINDS}
    return [
        Channel(
            plain(name),
            drawn[name].colour,
            item["spend_share"],
            {"true": item["effect_share"]}
            | {kind: money[kind][name] / totals[kind] if totals[kind] else None for kind in KINDS},
            {"true": item["true_iroas"]["mean"]} | {kind: item[f"{kind}_roas"]["mean"] for kind in KINDS},
            None
            if item["true_iroas"]["low"] is None
            else (item["true_iroas"]["low"], item["true_iroas"]["high"]),
        )
        for name, item in found.items()
    ]


def _product(spend: float, roas: float | None) -> float:
    return 0.0 if roas is None else spend * roas


def _finding(channels: list[Channel]) -> str:
    """Name the channel that gets most beyond what it brings."""
    known = [
        (channel.spend - effect, channel, effect)
        for channel in channels
        if channel.spend is not None and (effect := channel.shares["true"]) is not None
    ]
    if not known:
        return "Nothing was spent, so nothing was brought"
    excess, most, effect = max(known, key=lambda item: item[0])
    if excess < 0.005:
        return "Every channel brings about the share of the effect that it gets of the money"
    claimed = most.shares["claimed"]
    said = "" if claimed is None else f"; platforms claim {percent(claimed, digits=0)}"
    return (
        f"{most.name} gets {percent(most.spend or 0.0, digits=0)} of the money and brings "
        f"{percent(effect, digits=0)} of the effect{said}"
    )


def _row(channel: Channel) -> tuple[str | float, ...]:
    low, high = channel.interval or (None, None)
    values = (
        channel.spend, channel.shares["true"], channel.shares["claimed"], channel.shares["unified"],
        channel.returns["true"], low, high, channel.returns["claimed"], channel.returns["unified"],
    )  # fmt: skip
    return channel.name, *("" if value is None else value for value in values)


def _draw_shares(figure: Figure, *, channels: list[Channel]) -> None:
    axes = figure.add_subplot()
    for row, channel in enumerate(channels):
        axes.barh(row - 0.02, channel.spend or 0.0, BAR, color=BASELINE.drawn, align="edge")
        effect = channel.shares["true"] or 0.0
        axes.barh(row + BAR + 0.02, effect, BAR, color=channel.colour, align="edge")
        for kind, mark in KINDS.items():
            _mark(axes, channel.shares[kind], row + 1.5 * BAR + 0.02, mark)
        brings, gets = (percent(share, digits=0) for share in (effect, channel.spend or 0.0))
        _named(axes, row, f"{shortened(channel.name, 22)}  {brings} of effect for {gets}")
    axes.axvline(0.0, color=TEXT.drawn, linewidth=0.8)
    _frame(axes, channels, "share of the total")
    axes.xaxis.set_major_formatter(lambda share, _: percent(share, digits=0))


def _draw_returns(figure: Figure, *, channels: list[Channel]) -> None:
    axes = figure.add_subplot()
    for row, channel in enumerate(channels):
        true, at = channel.returns["true"], row + BAR
        if channel.interval is not None:
            axes.plot(
                channel.interval,
                (at, at),
                color=channel.colour,
                linewidth=3,
                alpha=0.5,
                solid_capstyle="round",
            )
        if true is not None:
            axes.plot([true], [at], "o", color=channel.colour, markersize=8, zorder=3)
        for kind, mark in KINDS.items():
            _mark(axes, channel.returns[kind], at, mark)
        claimed = channel.returns["claimed"]
        told = [f"true {ratio(true)}"] if true is not None else []
        told += [f"claimed {ratio(claimed)}"] if claimed is not None else []
        _named(axes, row, f"{shortened(channel.name, 22)}  {', '.join(told) or 'unspent'}")
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    _frame(axes, channels, "revenue per unit of money")


def _mark(axes: Axes, value: float | None, at: float, mark: str) -> None:
    """Draw a reported number, hollow, since it is not the truth."""
    if value is not None:
        axes.plot(
            [value],
            [at],
            mark,
            color=QUIET.drawn,
            markerfacecolor=PAPER.drawn,
            markersize=6,
            clip_on=False,
            zorder=4,
        )


def _named(axes: Axes, row: int, label: str) -> None:
    axes.annotate(
        label,
        (0, row - 0.06),
        xytext=(2, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="bottom",
        fontsize=10,
    )


def _frame(axes: Axes, channels: list[Channel], label: str) -> None:
    axes.set_ylim(len(channels) - 0.35, -0.5)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_xlabel(label)
