"""Credit made whole: windows that compare like with like."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aicmo.checks import fixtures
from aicmo.messages import Experiments, Observation, Terms
from aicmo.policies._withheld import as_if_whole, counted_credit, withheld

BRIEF = fixtures.brief(replications=3)
TICK, SLOTS = 90, 4
SHARE, START, COUNTED, END = 0.4, 20, 30, 58


def observed(estimate: float | np.ndarray, error: float = 1.0, *, channel: int = 0) -> Observation:
    """One readout of a channel in every world; credit dips while people are held out."""
    empty = Experiments.none(*BRIEF.shape, SLOTS, Terms(2, 7.0))
    filled = {name: getattr(empty, name).copy() for name in vars(empty) if name != "terms"}
    first = {"share": SHARE, "start": START, "counted": COUNTED, "end": END, "known": True}
    for name, value in {**first, "estimate": estimate, "error": error}.items():
        filled[name][:, 0] = value
    filled["tested"][:, 0] = channel == BRIEF.channel
    whole = fixtures.observation(BRIEF, TICK)
    seen = replace(whole, experiments=replace(empty, **filled))
    return replace(seen, unified=whole.unified * (1.0 - withheld(BRIEF, seen, -BRIEF.history_ticks)))


def test_credit_is_compared_as_if_nobody_had_been_held_out_and_nobody_remembered() -> None:
    seen, row = observed(1.0), 1
    credit = counted_credit(BRIEF, seen, row, 0)
    members = np.flatnonzero(BRIEF.channel == 0)
    daily = fixtures.PACE / 7 / 40.0
    t = np.arange(COUNTED, END) + 1 - START
    kept = [(1.0 - 2.0 ** (-t / BRIEF.half_life[row, c])).mean() for c in members]
    np.testing.assert_allclose(credit[0], daily * np.sum(kept), rtol=1e-9)
    assert not credit[1:].any()


def test_credit_is_made_whole_for_the_learner_and_only_where_people_were_held_out() -> None:
    seen, whole = observed(1.0), fixtures.observation(BRIEF, TICK)
    mended = as_if_whole(BRIEF, seen, -BRIEF.history_ticks)
    np.testing.assert_allclose(mended.unified, whole.unified, rtol=1e-9)
    untested = BRIEF.channel != 0
    np.testing.assert_array_equal(mended.unified[:, :, untested], whole.unified[:, :, untested])
    assert (seen.unified[END + BRIEF.history_ticks - 1, :, ~untested] < 0.7 * whole.unified[-30, 0, 0]).all()
    assert as_if_whole(BRIEF, whole, 0) is whole
