"""The CDP: late, immature, and never early."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from aicmo.market.measurement import Stack, maturation
from aicmo.simulation.cdp import Cdp, Window
from tests.simulation.worlds import busy, run, world_of

DAY = 1440
STACK = Stack(
    latency_minutes=2 * DAY,
    match_rate=0.7,
    consent=0.6,
    signal_loss=0.2,
    lag_half_life_minutes=2 * DAY,
    lag_end_minutes=9 * DAY,
)
FIELDS = ("spend", "claimed", "unified", "orders")


def cdp(stack: Stack = STACK, outages: tuple[tuple[int, int], ...] = ()) -> Cdp:
    world, start = world_of(busy())
    facts = run(world, start, "manual_quarterly").facts
    return Cdp(world.brief, world.market, stack, facts, replace(world.weather, outages=outages))


def assert_same_window(window: Window, expected: Window) -> None:
    for name, values in vars(expected).items():
        np.testing.assert_array_equal(getattr(window, name), values)


@pytest.mark.parametrize("latency", [0, 1, 720, DAY, DAY + 1, 3 * DAY])
def test_a_tick_is_delivered_at_the_first_look_at_or_after_its_end_plus_latency(latency: int) -> None:
    source = cdp(replace(STACK, latency_minutes=latency))
    for tick in (0, 1, 7, 60):
        window = source.window(tick)
        due = (window.origin + 1) * DAY + latency <= tick * DAY
        np.testing.assert_array_equal(window.delivered, due)


def test_what_has_not_arrived_is_zero_masked_and_immature() -> None:
    window = cdp(replace(STACK, latency_minutes=5 * DAY)).window(30)
    hidden = ~window.delivered
    assert hidden.sum() == 5
    for name in FIELDS:
        assert not getattr(window, name)[hidden].any()
        assert getattr(window, name)[window.delivered].any()
    assert (window.price[hidden] == 1.0).all()
    assert (window.maturity[hidden] == 0.0).all()


def test_credits_mature_by_the_age_of_their_origin() -> None:
    source = cdp()
    for tick in (0, 3, 40):
        window = source.window(tick)
        age = tick * DAY - STACK.latency_minutes - window.origin * DAY  # since the origin opened
        lag = -np.expm1(-math.log(2) * age / STACK.lag_half_life_minutes)
        whole = -math.expm1(-math.log(2) * STACK.lag_end_minutes / STACK.lag_half_life_minutes)
        expected = np.where(window.delivered, np.minimum(lag / whole, 1.0), 0.0)
        np.testing.assert_allclose(window.maturity, expected, rtol=1e-12)
        final = np.array([source.credited(int(t))["unified"] for t in window.origin])
        np.testing.assert_allclose(window.unified, final * window.maturity[:, None, None], rtol=1e-12)


@pytest.mark.parametrize("stride", [1, 7, 40])
def test_how_often_one_looks_changes_nothing_that_one_sees(stride: int) -> None:
    often, once = cdp(), cdp()
    for tick in range(0, 81, stride):
        seen = often.window(tick)
    last = once.window(tick)
    for name in (*FIELDS, "price", "maturity", "delivered", "origin"):
        np.testing.assert_array_equal(getattr(seen, name), getattr(last, name), err_msg=name)


def test_nothing_that_is_handed_out_can_be_written_to() -> None:
    window = cdp().window(20)
    for name in (*FIELDS, "price"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(window, name)[0] = 1.0


def test_facts_of_the_future_are_not_looked_at() -> None:
    ours, theirs = cdp(), cdp()
    now = ours.brief.row(40)
    for values in vars(theirs.facts).values():
        values[now - 2 :] = np.nan  # latency of two days: the last two origins are on their way
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(ours.window(40), name), getattr(theirs.window(40), name))


def test_a_stack_without_lag_credits_all_at_once() -> None:
    stack = replace(STACK, latency_minutes=0, lag_half_life_minutes=0)
    assert (maturation(stack, DAY) == 1.0).all()
    window = cdp(stack).window(25)
    assert (window.maturity == 1.0).all()
    assert window.delivered.all()


def test_an_outage_holds_back_what_was_recorded_and_then_delivers_it_all() -> None:
    source = cdp()
    held = cdp(outages=((20 * DAY, 27 * DAY), (24 * DAY, 30 * DAY)))
    for tick in (19, 20, 30, 40):
        assert_same_window(held.window(tick), source.window(tick))
    frozen = cdp().window(20)
    for tick in (21, 25, 29):
        window = cdp(outages=((20 * DAY, 27 * DAY), (24 * DAY, 30 * DAY))).window(tick)
        seen = window.delivered.sum()
        assert seen == frozen.delivered.sum()
        np.testing.assert_array_equal(window.unified[:seen], frozen.unified[:seen])
        np.testing.assert_array_equal(window.maturity[:seen], frozen.maturity[:seen])
