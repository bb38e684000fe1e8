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
from aicmo.checks import fixtures
from aicmo.core.noise import Draws
from aicmo.messages import Creatives, Mix, Observation, Period, StudioTerms

BRIEF = fixtures.brief(replications=6, weeks=52)
FLAT = replace(BRIEF, season=np.ones(BRIEF.season.shape), maturation=np.ones(1))


def draws(agent: Any, tick: int) -> Draws:
    return Draws(2, f"{agent.seat}/{agent.kind}", BRIEF.replications).at(tick)


def looked(tick: int, **changes: Any) -> Observation:
    """All orders are credited at once; three live variants a campaign unless told."""
    seen = fixtures.observation(FLAT, tick, **{k: v for k, v in changes.items() if k in {"spend", "orders"}})
    known = seen.creatives
    assert known is not None
    live = np.ones(known.live.shape, dtype=bool)
    even = np.broadcast_to(live / 3, known.served.shape)
    plain = replace(
        known,
        live=live,
        since=np.full(live.shape, -BRIEF.history_ticks),
        traffic=live / 3,
        served=even,
        credit=even,
    )
    return replace(seen, creatives=replace(plain, **changes.get("creatives", {})))


def better_first(known: Creatives, factor: float) -> np.ndarray:
    credit = known.served * np.array([factor, 1.0, 1.0])
    return np.asarray(credit / credit.sum(axis=-1, keepdims=True))


def decided(agent: Any, *looks: Observation) -> Any:
    """The last of some decisions in a row."""
    state, proposal = agent.init(FLAT), None
    for seen in looks:
        state = agent.update(state, seen)
        proposal = agent.act(state, seen, draws(agent, seen.tick))
    assert proposal is not None
    return proposal.value


# --- the creative agent ---


def test_traffic_goes_to_what_works_and_the_rest_stays_known() -> None:
    seen = looked(70)
    known = seen.creatives
    assert known is not None
    mix: Mix = decided(Creative(), looked(70, creatives={"credit": better_first(known, 1.6)}))
    np.testing.assert_allclose(mix.traffic.sum(axis=2), 1.0)
    assert mix.traffic[..., 0].mean() > 0.8
    assert (mix.traffic[..., 0] > 0.6).all()
    assert (mix.traffic >= 0.03 * (1 - 1e-9)).all()
    even: Mix = decided(Creative(samples=64), seen)
    assert (np.abs(even.traffic.mean(axis=(0, 1)) - 1 / 3) < 0.06).all()


def test_what_is_surely_worse_goes_but_never_the_last() -> None:
    seen = looked(70)
    known = seen.creatives
    assert known is not None
    mix: Mix = decided(Creative(), looked(70, creatives={"credit": better_first(known, 0.2)}))
    assert mix.retire is not None
    assert mix.retire[..., 0].all()
    assert not mix.retire[..., 1:].any()
    np.testing.assert_array_equal(mix.traffic[..., 0], 0.0)
    alone = np.zeros(known.live.shape, dtype=bool)
    alone[..., 1] = True
    last: Mix = decided(Creative(veto=0.99), looked(70, creatives={"live": alone, "traffic": alone * 1.0}))
    assert last.retire is not None
    assert not last.retire.any()
    np.testing.assert_array_equal(last.traffic, alone)


def test_people_refuse_their_share_of_newcomers_once() -> None:
    agent = Creative(veto=0.4, retire_below=0.01)
    fresh = looked(70)
    known = fresh.creatives
    assert known is not None
    arrived = {"since": np.where(np.arange(3) == 2, 68, known.since)}
    mix: Mix = decided(agent, looked(63), looked(70, creatives=arrived))
    assert mix.retire is not None
    assert not mix.retire[..., :2].any()
    assert 0.2 < mix.retire[..., 2].mean() < 0.6  # 42 newcomers
    later: Mix = decided(agent, looked(63), looked(70, creatives=arrived), looked(77, creatives=arrived))
    assert later.retire is not None
    assert not later.retire.any()
    nobody: Mix = decided(replace(agent, veto=0.0), looked(63), looked(70, creatives=arrived))
    assert nobody.retire is not None
    assert not nobody.retire.any()


def orders(agent: Any, *looks: Observation) -> np.ndarray:
    mix: Mix = decided(agent, *looks)
    assert mix.order is not None
    return np.asarray(mix.order)


def terms(cost: float, capacity: int = 100) -> dict[str, Any]:
    return {"studio": StudioTerms(capacity, 14.0, cost)}


def test_variants_are_ordered_where_they_pay_as_far_as_the_studio_has_room() -> None:
    agent = Creative()
    assert orders(agent, looked(70, creatives=terms(0.0))).all()
    assert not orders(agent, looked(70, creatives=terms(1e6))).any()
    few = orders(agent, looked(70, creatives=terms(1.0, capacity=2)))
    np.testing.assert_array_equal(few.sum(axis=1), 2)
    twice = orders(replace(agent, load=1.5), looked(70, creatives=terms(1.0, capacity=2)))
    np.testing.assert_array_equal(twice.sum(axis=1), 3)
    size = np.tile(np.arange(1.0, 8.0) * 20, (fixtures.brief().history_ticks + 70, 6, 1))
    some = orders(agent, looked(70, spend=size, creatives=terms(1.0, capacity=2)))
    assert set(np.argwhere(some[0])[:, 0]) == {5, 6}  # the largest
    assert decided(agent, looked(70, creatives={"studio": None})).order is None


def test_no_variant_is_ordered_while_one_is_under_way_or_new() -> None:
    known = looked(70).creatives
    assert known is not None
    ordered, since = np.array(known.ordered), np.array(known.since)
    ordered[:, 0], since[:, 1, 2] = 1, 60
    asked = orders(Creative(), looked(70, creatives={"ordered": ordered, "since": since} | terms(0.0)))
    np.testing.assert_array_equal(asked, np.tile([0, 0, 1, 1, 1, 1, 1], (6, 1)))


def test_newcomers_that_disappoint_are_counted_once_and_make_orders_rarer() -> None:
    known = looked(70).creatives
    assert known is not None
    since = np.where(np.arange(3) == 2, 40, known.since)
    bad = np.array(known.served) * np.array([1.0, 1.0, 0.3])
    poor = {"since": since, "credit": bad / bad.sum(axis=-1, keepdims=True)}
    agent = Creative()

    def lessons(*looks: Observation) -> Any:
        state = agent.init(FLAT)
        for seen in looks:
            state = agent.update(state, seen)
        return state

    before, once = lessons(looked(63, creatives=poor)), lessons(looked(63), looked(70, creatives=poor))
    again = lessons(looked(63), looked(70, creatives=poor), looked(77, creatives=poor))
    assert not before.expected.any()
    assert (once.expected > 0).all()
    np.testing.assert_array_equal(again.expected, once.expected)
    assert (once.won < 0.6 * once.expected).all()
    assert (agent._novelty(once) < agent._novelty(before)).all()
    hope = agent._gain(before, looked(77))
    assert (agent._gain(once, looked(77)) < 0.5 * hope).all()
    price = {"since": since} | terms(0.6 * float(hope.min()))
    hopeful = orders(agent, looked(63), looked(77, creatives=price))
    taught = orders(agent, looked(63), looked(70, creatives=poor), looked(77, creatives=price))
    assert taught.sum() < hopeful.sum()


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
    taken = decided(Audience(doubt=5.0), seen)
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
        (lambda: Creative(spread=0.0), "spread above 0"),
        (lambda: Creative(veto=1.0), "veto from 0 to below 1"),
        (lambda: Audience(breadths=(0.5, 0.2)), "breadths rise"),
        (lambda: Audience(breadths=(0.05, 1.0)), "at least 0.1"),
    ],
)
def test_settings_that_cannot_be_are_refused(build: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build()
