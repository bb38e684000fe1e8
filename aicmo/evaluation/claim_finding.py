"""The answer to a claim in one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aicmo.evaluation.finding import scope
from aicmo.evaluation.verdict import Verdict

KEPT = {Verdict.KEPT, Verdict.ON_AVERAGE}
ANSWERS = {
    Verdict.KEPT: "Yes, here:",
    Verdict.ON_AVERAGE: "On average yes, but not surely, here:",
    Verdict.POSITIVE: "No, but better, here:",
    Verdict.OPEN: "No gain can be shown here:",
    Verdict.NEGATIVE: "No, worse, here:",
    Verdict.UNDEFINED: "The baseline's ROI is too near zero for a ratio here:",
}


def sentence(summary: Mapping[str, Any]) -> str:
    """Answer the question for this scenario, and say under which of the variations the answer differs."""
    low, high = summary["promise"]
    first, *_ = summary["baselines"].items()
    answer = ANSWERS[Verdict(first[1]["verdict"])]
    said = f"{low:.0%} to {high:.0%} better ROI? {answer} {_against(summary['team'], *first)}"
    return f"{said}; {_elsewhere(summary['variations'])}. {scope(dict(summary))}"


def _against(team: str, baseline: str, found: Mapping[str, Any]) -> str:
    ratio = found["uplift"]["roi_relative"]
    if ratio["mean"] is None:
        return f"{team} against {baseline} has no relative uplift ({ratio['reason']})"
    spread = (
        ""
        if ratio["low"] is None
        else f" ({ratio['level']:.0%} interval {ratio['low']:+.1%} to {ratio['high']:+.1%})"
    )
    return f"{team}'s ROI is {ratio['mean']:+.1%}{spread} beside that of {baseline}"


def _elsewhere(variations: Sequence[Mapping[str, Any]]) -> str:
    """Say where the promise is kept, and where the uplift is surely negative."""
    kept = [_named(one) for one in variations if Verdict(one["verdict"]) in KEPT]
    lost = [_named(one) for one in variations if Verdict(one["verdict"]) is Verdict.NEGATIVE]
    gain = sum(Verdict(one["verdict"]) is Verdict.POSITIVE for one in variations)
    count = len(variations)
    reached = (
        f"it is reached with {_listed(kept)}" if kept else f"it is reached in none of {count} variations"
    )
    below = f", surely positive but below in {gain}" if gain else ""
    worse = f", and surely negative with {_listed(lost)}" if lost else ""
    return f"{reached}{below}{worse}"


def _named(one: Mapping[str, Any]) -> str:
    return f"{one['lever']} {one['value']}"


def _listed(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
