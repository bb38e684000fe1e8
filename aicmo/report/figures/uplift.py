"""What the team earns more than the baseline, world by world."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.figure import FigureBase
from matplotlib.ticker import MaxNLocator

from aicmo.report.blocks import Chart
from aicmo.report.canvas import Draw, svg
from aicmo.report.colours import HEADLINE, LOSS, TEXT
from aicmo.report.estimates import interval
from aicmo.report.evidence import Evidence
from aicmo.report.money import money
from aicmo.report.words import percent, plain, shortened

SIZE = (400, 270)
MOST_BINS = 40


def chart(evidence: Evidence, team: str) -> Chart:
    """Draw the distribution of the paired difference in contribution over worlds."""
    gain = paired_gain(evidence, team)
    uplift = evidence.teams[team]["uplift"]
    mine, base = plain(team), plain(evidence.baseline)
    title = _finding(mine, base, uplift["p_better"]["share"])
    return Chart(
        name="uplift",
        title=title,
        reading=(
            f"Both teams meet each world; a bar counts worlds by contribution of {mine} minus {base} over "
            f"the horizon, orange where it loses. Dashed line and band: mean and {evidence.interval}, "
            f"{_mean(uplift['contribution'], evidence.currency)}."
        ),
        pictures=(svg(drawing(evidence, team), "uplift", title, SIZE),),
        columns=("replication", f"uplift in contribution [{evidence.currency}]"),
        rows=tuple(enumerate(gain.tolist())),
    )


def drawing(evidence: Evidence, team: str) -> Draw:
    """Return what draws it."""
    mean = evidence.teams[team]["uplift"]["contribution"]
    label = f"contribution of {shortened(plain(team), 24)} beyond {shortened(plain(evidence.baseline), 24)}"
    return partial(
        _draw, gain=paired_gain(evidence, team), mean=mean, currency=evidence.currency, label=label
    )


def _finding(mine: str, base: str, share: float) -> str:
    word, worlds = ("more", share) if share >= 0.5 else ("less", 1 - share)
    return f"{mine} earns {word} than {base} in {percent(worlds, digits=0)} of worlds"


def paired_gain(evidence: Evidence, team: str) -> Float[np.ndarray, "R"]:
    """Contribution of `team` minus the baseline's, in each world.

    Returns
    -------
    gain : (R,) [currency]
    """
    contribution = evidence.dataset["contribution"]
    gain: np.ndarray = (contribution.sel(team=team) - contribution.sel(team=evidence.baseline)).to_numpy()
    return gain


def _mean(uplift: Mapping[str, Any], currency: str) -> str:
    def gain(amount: float) -> str:
        return money(amount, currency, signed=True)

    if uplift["mean"] is None:
        return str(uplift["reason"])
    ends = interval(uplift["low"], uplift["high"], gain)
    return f"{gain(uplift['mean'])} ({ends})" if ends else gain(uplift["mean"])


def _draw(
    figure: FigureBase, *, gain: np.ndarray, mean: Mapping[str, Any], currency: str, label: str
) -> None:
    axes = figure.add_subplot()
    edges = _edges(gain)
    counts, _ = np.histogram(gain, edges)
    colours = [HEADLINE if left >= 0 else LOSS for left in edges[:-1]]
    axes.bar(edges[:-1], counts, np.diff(edges), align="edge", color=colours, alpha=0.8)
    axes.axvline(0, color=TEXT.drawn, linewidth=1)
    if mean["low"] is not None:
        axes.axvspan(mean["low"], mean["high"], color=TEXT.drawn, alpha=0.15, linewidth=0)
    if mean["mean"] is not None:
        axes.axvline(mean["mean"], color=TEXT.drawn, linewidth=1.5, linestyle="--")
    axes.grid(visible=False, axis="x")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(lambda amount, _: money(amount, currency, signed=True))
    axes.set_xlabel(label)
    axes.set_ylabel("worlds")


def _edges(gain: np.ndarray) -> np.ndarray:
    """Lay bins of equal width so that zero is an edge: no bar mixes gain and loss."""
    low, high = min(float(gain.min()), 0.0), max(float(gain.max()), 0.0)
    if low == high:  # the two teams do the same
        low, high = -1.0, 1.0
    wide = np.histogram_bin_edges(gain, "auto")
    width = max(float(wide[1] - wide[0]), (high - low) / MOST_BINS)
    return width * np.arange(np.floor(low / width), np.ceil(high / width) + 1)
