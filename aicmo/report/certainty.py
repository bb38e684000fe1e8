"""How sure the uplifts are, in words and intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from aicmo.report.estimates import Cell, interval
from aicmo.report.money import money
from aicmo.report.words import percent, plain

UNITS = {
    "roi_points": ("uplift in ROI", "points"),
    "contribution_relative": ("uplift in contribution", "% of the baseline's"),
}


def intervals(found: Mapping[str, Any], currency: str) -> Iterator[tuple[str, Mapping[str, Cell]]]:
    """Yield a title and a cell for each team that is measured against the baseline."""
    kinds = [("Uplift, t interval", "t"), ("Uplift, BCa interval", "bca")]
    if len(found["uplift"]) > 1:
        kinds.append(("Uplift, all teams at once", "together"))
    for title, kind in kinds:
        yield title, {team: _ends(said[kind], currency) for team, said in found["uplift"].items()}


def _ends(metric: Mapping[str, Any], currency: str) -> Cell:
    return Cell(interval(metric["low"], metric["high"], partial(money, currency=currency)) or "–")


def remarks(found: Mapping[str, Any]) -> Iterator[str]:
    """Say where intervals disagree, and how a sequential comparison ended."""
    for team, said in found["uplift"].items():
        if said["disagreement"]:
            yield f"{plain(team)}: {said['disagreement']}; more worlds are needed"
    if found["precision"] is not None:
        yield _stopped(found["precision"])


def _stopped(ended: Mapping[str, Any]) -> str:
    """Tell how a sequential comparison ended: the interval that covers there, and whether it is narrow.

    >>> M = {"mean": 0.04, "low": 0.035, "high": 0.045, "level": 0.9}
    >>> _stopped({"team": "a", "of": "roi_points", "wished": 0.0025, "reached": False, "estimate": M})
    'Cap hit: uplift in ROI of a not known to ±0.25 points: +4.00 (90% interval 3.50 … 4.50, at any stop)'
    """
    what, unit = UNITS[ended["of"]]
    about = f"{what} of {plain(ended['team'])}"
    found = ended["estimate"]
    if found["mean"] is None:
        return f"Cap hit: {about} stays undefined: {found['reason']}"
    ends = interval(found["low"], found["high"], _hundredths)
    told = f"known to ±{100 * ended['wished']:.2f} {unit}: {_hundredths(found['mean'])}"
    sure = f"({percent(found['level'], digits=0)} interval {ends}, at any stop)"
    return (
        f"{'' if ended['reached'] else 'Cap hit: '}{about} {'' if ended['reached'] else 'not '}{told} {sure}"
    )


def _hundredths(share: float) -> str:
    return f"{100 * share:+.2f}"
