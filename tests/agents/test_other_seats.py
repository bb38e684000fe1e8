"""The seats of breadth and creatives: agents that learn, and people who follow rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from aicmo.agents.audience import Audience
from aicmo.agents.creative import Creative
from aicmo.agents.quarterly_breadth import QuarterlyBreadth
from aicmo.agents.refresh import Refresh
from aicmo.messages import Mix, Observation, Period
from tests.agents.looks import BRIEF, FLAT, better_first, decided, draws, looked, orders, terms

# --- people and creatives ---


def falling(tick: int, level: float) -> np.ndarray:
    """Orders that fall to `level` of what they were in the four weeks before the last five days."""
    past = np.arange(-BRIEF.history_ticks, tick)
    share = np.where(past >= tick - 33, level, 1.0)[:, None, None]
    return np.asarray(share * np.full((len(past), *BRIEF.shape), 4.0))


@pytest.mark.parametrize(("level", "ordered"), [(0.65, True), (0.75, False)])
def test_people_order_when_the_response_has_fallen_below_seventy_percent(level: float, ordered: bool) -> None:
    worn = looked(70, orders=falling(70, level))
    asked = orders(Refresh(), looked(30, orders=falling(30, 1.0)), worn)
    assert asked.all() == ordered
    few = orders(Refresh(edits=2), looked(30, orders=falling(30, 1.0)), worn)
    np.testing.assert_array_equal(few.sum(axis=1), 2 if ordered else 0)


def test_people_serve_alike_and_wait_for_what_is_new() -> None:
    worn = looked(70, orders=falling(70, 0.5))
    known = worn.creatives
    assert known is not None
    mix: Mix = decided(Refresh(), looked(30), worn)
    np.testing.assert_allclose(mix.traffic, 1 / 3)
    fresh = replace(worn, creatives=replace(known, since=np.where(np.arange(3) == 1, 66, known.since)))
    assert not orders(Refresh(), looked(30), fresh).any()


@pytest.mark.parametrize(("factor", "pauses"), [(1.3, False), (1.6, True)])
def test_people_pause_what_is_far_below_the_best_and_order_in_its_place(factor: float, pauses: bool) -> None:
    known = looked(70).creatives
    assert known is not None
    few = {"credit": better_first(known, factor)} | terms(1.0)
    mix: Mix = decided(Refresh(keep=1), looked(70, creatives=few))
    assert mix.retire is not None
    assert mix.order is not None
    assert not mix.retire[..., 0].any()
    assert mix.retire[..., 1:].all() == mix.retire[..., 1:].any() == pauses
    np.testing.assert_allclose(mix.traffic[..., 0], 1.0 if pauses else 1 / 3)
    assert mix.order.all() == mix.order.any() == pauses
    two: Mix = decided(Refresh(), looked(70, creatives=few))
    assert two.retire is not None
    np.testing.assert_array_equal(two.retire.sum(axis=2), pauses)  # two always run


def test_people_neither_judge_on_few_orders_nor_order_what_the_campaign_cannot_bear() -> None:
    known = looked(70).creatives
    assert known is not None
    poor = {"credit": better_first(known, 3.0)}
    scarce = decided(Refresh(evidence=1e5), looked(70, creatives=poor | terms(1.0)))
    assert not scarce.retire.any()
    dear = decided(Refresh(), looked(70, creatives=poor | terms(1e6)))
    assert dear.retire.any()
    assert not dear.order.any()


def test_a_quarterly_refresh_orders_one_a_period_for_every_campaign() -> None:
    agent = Refresh(every_period=True)
    assert orders(agent, looked(7)).all()
    known = looked(7).creatives
    assert known is not None
    since = {"since": np.where(np.arange(3) == 1, 10, known.since)}
    assert not orders(agent, looked(21, creatives=since)).any()
    assert not orders(agent, looked(21, creatives={"ordered": np.ones(BRIEF.shape, dtype=np.int64)})).any()


# --- audiences ---


def test_without_evidence_less_coverage_means_a_wider_audience() -> None:
    agent = Audience(doubt=1e-6)

    def after(coverage: float, steps: int = 6) -> np.ndarray:
        breadth = np.full(BRIEF.shape, 0.5)
        state = agent.init(FLAT)
        for step in range(steps):
            seen = replace(looked(28 * step), breadth=breadth, coverage=coverage)
            state = agent.update(state, seen)
            breadth = agent.act(state, seen, draws(agent, seen.tick)).value
        return breadth

    np.testing.assert_array_equal(after(0.0), 1.0)
    agent = replace(agent, elasticity=0.8)
    np.testing.assert_array_equal(after(1.0), 0.15)


def test_an_audience_moves_one_step_at_a_time() -> None:
    seen = replace(looked(28), breadth=np.full(BRIEF.shape, 0.5))
    taken = decided(Audience(doubt=5.0, exploration=1.0), seen)
    assert set(np.unique(taken)) <= {0.25, 0.5, 0.75}
    assert len(np.unique(taken)) > 1  # doubt is tried out


@pytest.mark.parametrize(("factor", "stays"), [(1.5, True), (0.6, False)])
def test_an_audience_learns_what_a_breadth_has_brought(factor: float, stays: bool) -> None:
    agent = Audience(doubt=0.2)
    state = agent.init(FLAT)
    for tick, breadth in ((0, 0.5), (28, 0.25), (56, 0.5), (84, 0.25)):
        state = agent.update(state, _sudden(factor, breadth, tick))
    chosen = agent.act(state, _sudden(factor, 0.25, 84), draws(agent, 84)).value
    assert (chosen == 0.25).mean() > 0.85 if stays else (chosen > 0.25).mean() > 0.85


def _sudden(factor: float, breadth: float, tick: int) -> Observation:
    """In every second four weeks the audience was narrow, and brought `factor` times as much."""
    past = np.arange(-BRIEF.history_ticks, tick)
    # what is in force at tick 28 had been since 0, and at 84 since 56
    narrow = ((past >= 0) & (past < 28)) | (past >= 56)
    many = np.where(narrow, 8.0 * factor, 8.0)[:, None, None] * np.ones(BRIEF.shape)
    return replace(looked(tick, orders=many), breadth=np.full(BRIEF.shape, breadth), coverage=0.6)


RATE = np.array([4.0, 1.0, 1.0, 1.0, 0.2, 1.0, 1.0])


def by_hand(
    agent: QuarterlyBreadth, effect: Any, start: float, coverage: float = 0.9, looks: int = 13
) -> np.ndarray:
    """Breadths at each look (L, R, C) in a market where an audience brings `effect(b)` of each campaign."""
    state, breadth = agent.init(FLAT), np.full(BRIEF.shape, start)
    many, log = np.tile(RATE * effect(start), (BRIEF.history_ticks, BRIEF.replications, 1)), []
    for look in range(looks):
        tick = 28 * look
        quarter = Period("quarter", tick // 91 * 91, tick // 91 * 91 + 91, 1.0)
        seen = replace(looked(tick, orders=many), breadth=breadth, coverage=coverage, period=quarter)
        state = agent.update(state, seen)
        breadth = agent.act(state, seen, draws(agent, seen.tick)).value
        log.append(breadth)
        many = np.concatenate([many, np.tile(RATE * effect(breadth[:, None])[:, 0], (28, 1, 1))])
    return np.array(log)


@pytest.mark.parametrize("start", [0.25, 0.5, 1.0])
@pytest.mark.parametrize("coverage", [0.5, 0.9])
def test_people_end_wide_where_a_wide_audience_is_best(start: float, coverage: float) -> None:
    course = by_hand(QuarterlyBreadth(tries=7), lambda b: b**0.3, start, coverage)
    if coverage < 0.8:
        np.testing.assert_array_equal(course[-1], 1.0)
        assert (np.diff(course, axis=0) >= 0).all()  # nobody narrows on unknown people
    assert (course == 1.0).all(axis=(1, 2)).any()
    # A test of something narrower is over after a quarter, and most of the year is spent wide.
    assert (course[6:] == 1.0).mean() > 0.45


def test_people_get_to_a_narrow_audience_where_it_is_truly_better() -> None:
    course = by_hand(QuarterlyBreadth(tries=7), lambda b: np.asarray(b) ** -0.3, 1.0)
    np.testing.assert_array_equal(course[-1], 0.25)


def test_a_cheap_order_that_is_cheap_because_few_are_bought_narrows_nothing() -> None:
    """Cost per order falls with spend alone: at the volume that the budget buys nothing has changed."""
    agent = QuarterlyBreadth(tries=1)
    small = np.where(np.arange(BRIEF.history_ticks + 84) >= BRIEF.history_ticks, 0.25, 1.0)
    first = np.arange(7) == 0  # the largest, whose money falls to a quarter while it is tested
    scale = np.where(first, small[:, None, None], 1.0) * np.ones((1, *BRIEF.shape))
    spend, many = 20.0 * scale, 4.0 * scale**0.5
    current = np.tile([9.0, *[1.0] * 6], (6, 1))
    state, breadth = agent.init(FLAT), np.full(BRIEF.shape, 1.0)
    for tick in (0, 84):
        rows = slice(0, BRIEF.history_ticks + tick)
        seen = replace(
            looked(tick, spend=spend[rows], orders=many[rows]), breadth=breadth, coverage=1.0, current=current
        )
        state = agent.update(state, seen)
        breadth = agent.act(state, seen, draws(agent, tick)).value
        assert (breadth[:, 0] == (0.5 if tick == 0 else 1.0)).all()


def test_people_touch_their_largest_campaigns_only_and_what_can_be_targeted() -> None:
    seen = replace(looked(0), breadth=np.full(BRIEF.shape, 0.5))
    big = replace(seen, current=np.tile([9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 8.0], (6, 1)))
    touched = decided(QuarterlyBreadth(edits=2), big) != 0.5
    np.testing.assert_array_equal(touched, np.tile([True, False, False, False, False, False, True], (6, 1)))
    few = decided(QuarterlyBreadth(tries=1), big) != 0.5
    np.testing.assert_array_equal(few, np.tile([True, *[False] * 6], (6, 1)))
    agent, fixed = QuarterlyBreadth(edits=2), replace(FLAT, targeted=np.arange(7) > 0)
    state = agent.update(agent.init(fixed), big)
    able = agent.act(state, big, draws(agent, 0)).value != 0.5
    np.testing.assert_array_equal(able, np.tile([*[False] * 6, True], (6, 1)))


@pytest.mark.parametrize("agent", [Creative(), Refresh(), Audience(), QuarterlyBreadth()])
def test_a_seat_without_its_mechanism_says_so(agent: Any) -> None:
    seen = replace(looked(28), creatives=None, breadth=None)
    with pytest.raises(ValueError, match="leave the seat empty"):
        agent.act(agent.update(agent.init(FLAT), seen), seen, draws(agent, 28))


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Audience(breadths=(0.5, 0.2)), "breadths rise"),
        (lambda: Audience(breadths=(0.05, 1.0)), "at least 0.1"),
    ],
)
def test_settings_that_cannot_be_are_refused(build: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build()


# --- what the audience agent learns from ---


def learned(agent: Audience, course: np.ndarray, effect: np.ndarray, coverage: float = 0.9) -> Any:
    """What is known after breadths `course` (L, C) that brought `effect` (L, C) times the usual orders."""
    state, many = agent.init(FLAT), np.full((BRIEF.history_ticks, *BRIEF.shape), 4.0)
    for look, (breadth, now) in enumerate(zip(course, effect, strict=True)):
        many = np.concatenate([many, np.tile(4.0 * now, (28, 6, 1))])
        seen = looked(28 * (look + 1), orders=many)
        state = agent.update(state, replace(seen, breadth=np.tile(breadth, (6, 1)), coverage=coverage))
    return state.evidence


def test_a_campaign_that_stays_as_it_is_teaches_nothing_about_breadth_whatever_happens_to_it() -> None:
    jumps = np.random.default_rng(3).lognormal(0.0, 0.5, (6, 7))
    evidence = learned(Audience(), np.ones((6, 7)), jumps)
    assert not evidence.pulls.any()
    assert not evidence.sums.any()


def test_what_changes_for_all_is_not_put_down_to_the_step_of_some() -> None:
    course, even = np.ones((4, 7)), np.ones((4, 7))
    course[2:, :3] = 0.75
    calm = learned(Audience(), course, even)
    stormy = learned(Audience(), course, np.array([[1.0], [1.0], [0.5], [0.5]]) * even)
    assert (calm.pulls[:, :3, 3] > 0).all()
    assert not calm.pulls[:, 3:].any()
    found, same = (item.sums[:, :3, 3] / item.pulls[:, :3, 3] for item in (stormy, calm))
    np.testing.assert_allclose(found, same, atol=0.02)
    better = learned(Audience(), course, np.where(course < 1.0, 1.2, 1.0))
    gained = better.sums[:, :3, 3] / better.pulls[:, :3, 3] - same
    np.testing.assert_allclose(gained, -np.log(1.2), atol=0.02)  # the wider was so much worse


def test_where_nobody_can_be_found_nothing_is_doubted() -> None:
    """Without coverage a narrow audience is a small one, and chance cannot make it better."""
    seen = replace(looked(28), breadth=np.full(BRIEF.shape, 1.0), coverage=0.0)
    np.testing.assert_array_equal(decided(Audience(doubt=50.0, exploration=1.0), seen), 1.0)
    known = replace(seen, coverage=1.0)
    assert (decided(Audience(doubt=50.0, exploration=1.0), known) < 1.0).any()
