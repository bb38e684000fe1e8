"""What a sweep shows: which uplift can be mapped, and the finding in one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aicmo.evaluation.finding import scope
from aicmo.evaluation.summary import SPEND_TOLERANCE
from aicmo.evaluation.verdict import PROMISE
from aicmo.scenario.vary import spelled

MEASURES = {
    "roi_relative": "ROI",
    "contribution_relative": "contribution",
    "contribution": "contribution",
}


def measure(summary: Mapping[str, Any], team: str) -> str:
    """Choose the uplift that every cell has: in ROI, relative to the baseline's; else in contribution.

    ROI is compared only where both teams spend the same in every cell: underspending buys ROI.
    """
    cells, baseline = summary["cells"], summary["baseline"]
    for name in MEASURES:
        if name == "roi_relative" and not all(spend_alike(cell["teams"], team, baseline) for cell in cells):
            continue
        if all(cell["teams"][team]["uplift"][name]["mean"] is not None for cell in cells):
            return name
    return "contribution"


def spend_alike(teams: Mapping[str, Any], team: str, baseline: str) -> bool:
    """Tell whether two teams spend the same, within the tolerance of the model."""
    mine, theirs = (teams[name]["spend"]["mean"] for name in (team, baseline))
    return bool(abs(mine - theirs) <= SPEND_TOLERANCE * theirs)


def sentence(summary: Mapping[str, Any], team: str) -> str:
    """Say in how many cells the team surely gains, surely loses, and reaches the promise; and where most."""
    name, baseline = measure(summary, team), summary["baseline"]
    found = [(spelled(cell["at"]), cell["teams"][team]["uplift"][name]) for cell in summary["cells"]]
    more = sum((uplift["low"] or 0.0) > 0.0 for _, uplift in found)
    less = sum((uplift["high"] or 0.0) < 0.0 for _, uplift in found)
    counts = f"in {more or 'none'} of {len(found)} cells, surely less in {less or 'none'}"
    said = f"{team} has surely more {MEASURES[name]} than {baseline} {counts}"
    if name == "roi_relative":
        kept = sum(uplift["mean"] >= PROMISE[0] for _, uplift in found)
        said += f", and at least {PROMISE[0]:.0%} more in {kept or 'none'}"
    best, worst = (pick(found, key=lambda item: item[1]["mean"]) for pick in (max, min))
    unit = "" if name != "contribution" else f" {summary['currency']}"
    ends = (f"{_written(uplift['mean'], unit)} ({place})" for place, uplift in (worst, best))
    course = f"from {' to '.join(ends)}" if len(found) > 1 else next(ends)
    return f"{said}: {course}. {_scope(summary)}"


def _written(value: float, unit: str) -> str:
    return f"{value:+,.0f}{unit}" if unit else f"{100 * value:+.1f}%"


def _scope(summary: Mapping[str, Any]) -> str:
    return scope(dict(summary)).replace("Over ", "Each over ", 1)
