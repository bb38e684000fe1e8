"""The A/A test in a sentence."""

from __future__ import annotations

from functools import partial

from aicmo.evaluation.aa import AaTest
from aicmo.report.estimates import interval
from aicmo.report.money import money
from aicmo.report.words import percent, plain


def sentence(found: AaTest) -> str:
    """Say whether a team differs from itself, and by how much other luck moves it."""
    said = found.summary
    team, over, gap = plain(said["team"]), f"over {said['replications']} worlds", said["difference"]
    if not said["repeats"]:
        return (
            f"Broken: {team}, run twice alike, did not earn the same {over}: a run leaves something behind."
        )
    if not said["draws_luck"]:
        return f"Sound: {team} draws no luck of its own, and repeats to the last bit {over}."
    if gap["low"] is None:
        return f"Broken off: {team} draws luck, and one world cannot tell whether it differs from itself."
    write = partial(money, currency=said["currency"], signed=True)
    ends = interval(gap["low"], gap["high"], write)
    told = f"{write(gap['mean'])} with other luck ({percent(gap['level'], digits=0)} interval {ends}) {over}"
    if said["sound"]:
        return f"Sound: {team} repeats to the last bit and does not differ from itself: {told}."
    return f"Broken: {team} differs from itself: {told}. No comparison with another team means anything."
