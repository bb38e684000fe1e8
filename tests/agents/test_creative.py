"""The creative agent: what it believes of variants, what it serves, and what it orders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from aicmo.agents._variants import Belief, Judge, Wear
from aicmo.agents.creative import Creative
from aicmo.messages import Creatives, Mix, Observation
from tests.agents.looks import BRIEF, FLAT, better_first, decided, looked, orders, terms

WEAR = Wear(exponent=0.5, floor=0.2, recovery_days=20.0)
JUDGE = Judge(WEAR, spread=0.5, dispersion=1.0, half_life_days=1e6)


def known_of(seen: Observation) -> Creatives:
    assert seen.creatives is not None
    return seen.creatives


# --- belief ---


def test_memory_of_exposures_adds_up_day_by_day() -> None:
    exposure, daily = np.array([0.0, 2.0, 5.0]), np.array([0.1, 0.0, 0.3])
    slow = exposure
    for _ in range(30):
        slow = WEAR.kept(1.0) * slow + daily
    np.testing.assert_allclose(WEAR.after(exposure, daily, 30.0), slow)
    left = WEAR.left(np.array([0.0, 3.0, 1e12]))
    np.testing.assert_allclose(left, [1.0, 0.2 + 0.8 * 0.5, 0.2], atol=1e-5)


@pytest.mark.parametrize("level", [0.4, 1.0, 1.7])
def test_what_a_newcomer_adds_is_the_expected_excess_of_a_lognormal_quality(level: float) -> None:
    quality = stats.lognorm(s=0.5, scale=np.exp(-0.125))
    excess, _ = integrate.quad(lambda q: (q - level) * quality.pdf(q), level, np.inf)
    np.testing.assert_allclose(JUDGE.newcomer(np.array([[level]])), excess / level, rtol=1e-6)


def reported(quality: np.ndarray, served: np.ndarray, many: float) -> Observation:
    """What is credited to three variants that wear as believed, seen from their first day on."""
    seen = looked(70, orders=np.full((BRIEF.history_ticks + 70, *BRIEF.shape), many))
    known = known_of(seen)
    since = np.full(known.live.shape, int(known.origin[0]))
    exposures, memory = np.array(0.3 * served), np.zeros(known.live.shape)
    credit = np.empty(served.shape)
    for row in range(len(served)):
        part = served[row] * quality * WEAR.left(memory)
        credit[row] = part / part.sum(axis=-1, keepdims=True)
        memory = WEAR.kept(1.0) * memory + exposures[row]
    told = replace(known, since=since, served=served, credit=credit, exposures=exposures)
    return replace(seen, creatives=told)


def test_quality_is_told_from_wear_where_shares_of_traffic_change() -> None:
    """The first is served most and wears most: its orders fall, its quality does not."""
    even = known_of(looked(70)).served
    late = np.arange(len(even))[:, None, None, None] >= 28
    served = even * 3 * np.where(late, [0.8, 0.1, 0.1], [0.1, 0.1, 0.8])
    quality = np.array([1.2, 1.0, 0.8])
    seen = reported(quality, served, many=400.0)
    belief = JUDGE.learn(FLAT, JUDGE.nothing(FLAT), seen)
    found = JUDGE.quality(belief)
    np.testing.assert_allclose(found / found[..., 1:2], np.broadcast_to(quality, found.shape), rtol=0.02)
    blind = Judge(replace(WEAR, exponent=0.0), 0.5, 1.0, 1e6)
    wrong = blind.quality(blind.learn(FLAT, blind.nothing(FLAT), seen))
    assert (wrong[..., 0] / wrong[..., 1] < 1.1).all()


def test_each_day_is_learned_from_once_however_often_one_looks() -> None:
    seen = reported(np.array([1.2, 1.0, 0.8]), np.array(known_of(looked(70)).served), many=40.0)
    once = JUDGE.learn(FLAT, JUDGE.nothing(FLAT), seen)
    twice = JUDGE.learn(FLAT, once, seen)
    assert isinstance(once, Belief)
    for ours, theirs in zip(once, twice, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_where_newcomers_keep_losing_what_runs_is_known_to_be_good() -> None:
    """All start from one prior, so that the scale of a campaign is what its newcomers measure."""
    known = known_of(looked(70))
    gains = []
    for factor in (1.0, 0.4):
        since = np.where(np.arange(3) == 2, 30, known.since)
        part = np.array(known.served) * np.array([1.0, 1.0, factor])
        credit = part / part.sum(axis=-1, keepdims=True)
        first = looked(70, creatives={"since": since, "credit": credit})
        agent = Creative()
        belief = agent.update(agent.init(FLAT), first).belief
        gains.append(agent.judge.newcomer(agent.judge.quality(belief)[..., 0]))
    assert (gains[1] < 0.9 * gains[0]).all()


# --- traffic ---


def test_traffic_goes_to_what_works_and_is_even_where_all_is_alike() -> None:
    worn = {"exposures": np.zeros(known_of(looked(70)).exposures.shape)}
    clear = worn | {"credit": better_first(known_of(looked(70)), 1.6)}
    mix: Mix = decided(Creative(), looked(70, creatives=clear))
    np.testing.assert_allclose(mix.traffic.sum(axis=2), 1.0)
    assert mix.traffic[..., 0].mean() > 0.8
    assert (mix.traffic[..., 0] > 0.6).all()
    even: Mix = decided(Creative(), looked(70, creatives=worn))
    assert (np.abs(even.traffic.mean(axis=(0, 1)) - 1 / 3) < 0.06).all()


def test_what_has_been_seen_too_often_rests_though_it_is_as_good() -> None:
    """All win alike when they are served alike, and the first two have been shown to everybody since."""
    known = known_of(looked(70))
    shown = np.array(known.exposures)
    shown[-7:] *= np.array([20.0, 20.0, 1.0])
    mix: Mix = decided(Creative(), looked(70, creatives={"exposures": shown}))
    assert (mix.traffic[..., 2] > 0.35).all()
    assert mix.traffic[..., 2].mean() > 0.5


def test_what_is_surely_worse_goes_but_never_the_last() -> None:
    known = known_of(looked(70))
    poor = {"credit": better_first(known, 0.2), "exposures": 0.01 * np.array(known.served)}
    mix: Mix = decided(Creative(), looked(70, creatives=poor))
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
    known = known_of(looked(70))
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


# --- orders ---


def test_variants_are_ordered_where_they_pay_as_far_as_the_studio_has_room() -> None:
    agent = Creative()
    assert orders(agent, looked(70, creatives=terms(0.0))).all()
    assert not orders(agent, looked(70, creatives=terms(1e6))).any()
    few = orders(agent, looked(70, creatives=terms(1.0, capacity=2)))
    np.testing.assert_array_equal(few.sum(axis=1), 2)
    twice = orders(replace(agent, load=1.5), looked(70, creatives=terms(1.0, capacity=2)))
    np.testing.assert_array_equal(twice.sum(axis=1), 3)
    size = np.tile(np.arange(1.0, 8.0) * 20, (BRIEF.replications, 1))
    some = orders(agent, replace(looked(70, creatives=terms(1.0, capacity=2)), current=size))
    assert set(np.argwhere(some[0])[:, 0]) == {5, 6}  # the largest
    assert decided(agent, looked(70, creatives={"studio": None})).order is None


def test_no_variant_is_ordered_while_one_is_under_way() -> None:
    ordered = np.array(known_of(looked(70)).ordered)
    ordered[:, 0] = 1
    asked = orders(Creative(), looked(70, creatives={"ordered": ordered} | terms(0.0)))
    np.testing.assert_array_equal(asked, np.tile([0, 1, 1, 1, 1, 1, 1], (6, 1)))


def gain(agent: Creative, **changes: Any) -> np.ndarray:
    """The dearest studio from which each campaign would still order."""
    prices = np.geomspace(1.0, 1e4, 60)
    wanted = [orders(agent, looked(70, creatives=changes | terms(price))) for price in prices]
    return np.asarray(np.sum(wanted, axis=0))


def test_an_order_goes_out_before_a_campaign_has_worn_down() -> None:
    """What will have worn when the studio delivers counts now; what stays fresh can wait."""
    known = known_of(looked(70))
    often, seldom = (np.array(known.exposures) * factor for factor in (4.0, 0.25))
    assert (gain(Creative(), exposures=often) > gain(Creative(), exposures=seldom)).all()
    # As worn today, but shown no more: it recovers until the new one would be there.
    rested = often.copy()
    rested[-14:] = 0.0
    assert (gain(Creative(), exposures=often) > gain(Creative(), exposures=rested)).all()


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Creative(spread=0.0), "spread above 0"),
        (lambda: Creative(veto=1.0), "veto from 0 to below 1"),
        (lambda: Creative(dispersion=0.0), "lie above 0"),
        (lambda: Wear(floor=1.5), "floor from 0 to 1"),
    ],
)
def test_settings_that_cannot_be_are_refused(build: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build()
