"""Guardrails of the seats that move no money: breadths, exposures, orders; alone, and in whole markets."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicmo.checks import fixtures
from aicmo.core.noise import Tape
from aicmo.guardrails import SHELF, Guardrail, held_breadth, held_orders, merge
from aicmo.guardrails._terms import GuardrailError
from aicmo.guardrails.breadth import Audience, Breadth
from aicmo.guardrails.exclusions import Exclusions
from aicmo.guardrails.frequency import Frequency
from aicmo.guardrails.studio import Studio
from aicmo.market import advance, build, open_state, weather
from aicmo.market.levers import Levers
from aicmo.messages import Latitude, Limits, Standing
from aicmo.scenario.load import load, loads
from aicmo.simulation.session import Session
from tests.market.scenarios import plain

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BRIEF = fixtures.brief(replications=3)


def standing(**changes: Any) -> Standing:
    seen = fixtures.observation(BRIEF, 40)
    return replace(fixtures.standing(BRIEF, 40), observation=replace(seen, **changes))


def band(low: float, high: float, orders: float = np.inf, source: str = "somebody") -> Limits:
    shape = BRIEF.shape
    latitude = Latitude(np.full(shape, low), np.full(shape, high), np.full(shape[0], orders))
    return replace(Limits.none(*shape, source=source), latitude=latitude)


# --- the gate ---


@given(st.integers(0, 2**32), st.floats(0.0, 0.6), st.floats(0.4, 1.0))
def test_breadths_go_to_the_nearest_that_is_allowed_and_stay_where_they_are_allowed(
    seed: int, low: float, high: float
) -> None:
    pieces = (band(min(low, high), 1.0, source="people"), band(0.0, high, source="consent"))
    limits, _ = merge(pieces, standing())
    wish = np.random.default_rng(seed).uniform(0.1, 1.0, BRIEF.shape)
    held, told = held_breadth(wish, limits, pieces, 40)
    inside = (wish >= min(low, high)) & (wish <= high)
    assert (held[inside] == wish[inside]).all()
    np.testing.assert_allclose(held, np.clip(wish, min(low, high), high), atol=2e-9)
    moved = {item.guardrail: item.moved for item in told}
    under, over = (wish < min(low, high) - 1e-9).sum(axis=1), (wish > high + 1e-9).sum(axis=1)
    np.testing.assert_array_equal(moved.get("people", 0.0 * under), under)
    np.testing.assert_array_equal(moved.get("consent", 0.0 * over), over)


def test_where_bands_collide_fewer_people_are_reached() -> None:
    pieces = (band(0.6, 1.0), band(0.0, 0.3))
    limits, _ = merge(pieces, standing())
    held, _ = held_breadth(np.full(BRIEF.shape, 0.5), limits, pieces, 40)
    np.testing.assert_array_equal(held, 0.3)


@given(st.integers(0, 2**32), st.integers(0, 12))
def test_orders_beyond_the_limit_are_cut_where_least_is_spent(seed: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    order, rate = rng.integers(0, 3, BRIEF.shape), rng.permuted(np.tile(np.arange(1.0, 8.0), (3, 1)), axis=1)
    pieces = (band(0.0, 1.0, float(most), "studio"),)
    limits, _ = merge(pieces, standing())
    held, told = held_orders(order, rate, limits, pieces, 40)
    np.testing.assert_array_equal(held.sum(axis=1), np.minimum(order.sum(axis=1), most))
    for row in range(3):
        cut = rate[row][held[row] < order[row]]
        kept = rate[row][held[row] > 0]
        assert not (cut.size and kept.size) or cut.max() <= kept.min() + 1e-9 or (cut.max() in kept)
    lost = (order - held).sum(axis=1)
    np.testing.assert_array_equal(sum((item.moved for item in told), np.zeros(3)), lost)


# --- each guardrail ---


def test_a_frequency_cap_allows_the_money_that_reaches_it() -> None:
    """Twice the exposures for the money: half the money. At half the cap's money: half the breadth."""
    cap = Frequency(cap=2.0)
    daily = fixtures.PACE / BRIEF.shape[1]
    for frequency in (0.1, 0.4):
        seen = standing(frequency=np.full(BRIEF.shape, frequency))
        (piece,) = cap.limits(BRIEF, seen)
        np.testing.assert_allclose(piece.upper, daily * 2.0 / (7.0 * frequency))
        assert piece.latitude is not None
        expected = np.minimum(np.asarray(BRIEF.breadth) * 7.0 * frequency / 2.0, 1.0)
        np.testing.assert_allclose(piece.latitude.narrowest, np.tile(expected, (3, 1)))
    (unknown,) = cap.limits(BRIEF, standing(frequency=None))
    assert np.isinf(unknown.upper).all()
    assert unknown.latitude is None


def test_consent_limits_breadth_where_profiles_are_used() -> None:
    brief = replace(BRIEF, targeted=np.arange(7) > 2)
    (piece,) = Exclusions(consented_only=True).limits(brief, standing(coverage=0.4))
    assert piece.latitude is not None
    np.testing.assert_array_equal(piece.latitude.widest, np.tile([1.0] * 3 + [0.4] * 4, (3, 1)))
    (free,) = Exclusions().limits(brief, standing(coverage=0.4))
    assert free.latitude is None


def test_the_studio_takes_what_both_limits_leave() -> None:
    where = replace(standing(), in_studio=np.array([0, 2, 5]), briefed=np.array([3, 0, 1]))
    (piece,) = Studio(at_once=4, per_period=3).limits(BRIEF, where)
    assert piece.latitude is not None
    np.testing.assert_array_equal(piece.latitude.orders, [0, 2, 0])
    (free,) = Studio(at_once=4, per_period=3).limits(BRIEF, standing())  # where nothing can be ordered
    assert free.latitude is not None
    assert np.isinf(free.latitude.orders).all()


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Audience(minimum=0.8, maximum=0.5), "minimum ≤ maximum"),
        (lambda: Frequency(cap=0.0), "above 0"),
        (lambda: Studio(at_once=-1), "at least 0"),
    ],
)
def test_settings_that_cannot_be_are_refused(build: Any, said: str) -> None:
    with pytest.raises(GuardrailError, match=said):
        build()


# --- in whole markets ---


@cache
def year(name: str, guardrails: tuple[Guardrail, ...]) -> tuple[Session, list[Any]]:
    """A year of the AI team under some guardrails, with what its breadths and exposures were week by week."""
    scenario = load(SCENARIOS / f"{name}.yaml")
    replaced = {item.kind for item in guardrails}
    kept = tuple(item for item in scenario.guardrails if item.kind not in replaced)
    session = Session(
        scenario.model_copy(update={"guardrails": (*kept, *guardrails)}),
        replications=3,
        open_seat="pacing",
        team="level_1",
        cadence="1w",
    )
    looks = [session.reset()]
    while not session.done:
        seen, _, _ = session.step(np.ones(session.world.brief.shape))
        looks.append(seen)
    return session, looks


def test_nobody_sees_a_campaign_more_often_than_the_cap_says() -> None:
    """Prices move exposures between a decision and the next report; the mean over weeks keeps the cap."""
    _, free = year("creative_fatigue", ())
    session, looks = year("creative_fatigue", (Frequency(cap=0.7),))
    often, seldom = (np.array([7.0 * look.frequency for look in run[2:]]) for run in (free, looks))
    assert (often > 0.8).any()
    assert (seldom.mean(axis=0) <= 0.7 * 1.02).all()
    assert (seldom <= 0.7 * 1.6).all()
    assert not session.ledger.account.violations.any()


def test_the_studio_makes_no_more_than_people_want_to_look_at() -> None:
    session, looks = year("creative_fatigue", (Studio(at_once=3, per_period=10),))
    studio = session.scenario.studio
    assert studio is not None
    ordered = session.ledger.by_period("studio").sum(axis=2) / studio.cost
    assert (ordered <= 10).all()
    assert (ordered.sum(axis=0) > 25).all()  # it is used
    assert all((look.creatives is None) or (look.creatives.ordered.sum(axis=1) <= 3).all() for look in looks)


def test_breadths_stay_inside_what_people_allow_and_what_consent_allows_also_when_it_falls() -> None:
    _, looks = year("privacy_shock", (Breadth((Audience(minimum=0.2, maximum=0.6),)),))
    can = looks[0].breadth != 1.0
    assert can.any()
    for look in looks[1:]:
        assert ((look.breadth >= 0.2) & ((look.breadth <= 0.6) | ~can)).all()
    free, _ = year("privacy_shock", ())
    session, looks = year("privacy_shock", (Exclusions(consented_only=True),))
    shares = np.array([look.coverage for look in looks])
    assert shares.min() < 0.7 * shares.max()  # consent falls within the year
    for before, look in pairwise(looks):  # what is seen was decided at the last look
        assert ((look.breadth <= max(before.coverage, 0.1) + 1e-9) | ~can).all()
    assert (session.ledger.total("penalty") <= free.ledger.total("penalty")).all()
    assert [run._kernel.controls.standing().consented for run in (free, session)] == [False, True]


def test_money_on_consented_profiles_alone_bears_no_risk_of_others() -> None:
    written = plain()
    written["market"]["channels"][0]["targeting"] = {"concentration": 0.5}
    written["market"]["incidents"] = {"money_per_incident": 20_000, "cost": 5000, "exposed": 0.4}
    scenario, tape = loads(json.dumps(written)), Tape(1, 40)
    market = build(scenario, tape)
    known, offers = market.incidents, market.targeting
    assert known is not None
    assert offers is not None
    np.testing.assert_array_equal(known.placements, np.where(offers.offered, 0.0, known.risky))
    sky, spend = weather(scenario, market, tape), np.full(market.ceiling.shape, 2000.0)
    costs: list[float] = []
    for levers in (Levers(), Levers(consented=True)):
        ticks = [advance(market, sky, open_state(market), spend, t, levers=levers)[1] for t in range(20)]
        costs.append(float(np.sum([outcome.penalty for outcome in ticks])))
    assert 0.0 < costs[1] < 0.6 * costs[0]  # two of three campaigns target


def test_all_of_them_are_on_the_shelf() -> None:
    assert {"breadth", "frequency", "studio", "exclusions"} <= set(SHELF.kinds)
