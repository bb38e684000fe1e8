"""The fast market equals a plain-Python one that follows the equations one number at a time."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.market import Stack, advance, build, measure, open_state, weather
from aicmo.market.levers import Levers
from tests.market.scenarios import everything, lively, read
from tests.reference.full_market import SlowFullWorld
from tests.reference.market import SlowWorld, slow_measure

CALENDARS = (
    {"horizon": "13w", "history": "4w", "tick": "1d"},
    {"horizon": "13w", "history": "4w", "tick": "1w"},
)


@pytest.mark.parametrize("calendar", CALENDARS, ids=["daily", "weekly"])
def test_every_outcome_of_every_tick_is_that_of_the_equations(calendar: dict[str, str]) -> None:
    scenario, worlds = read(lively(calendar=calendar)), 6
    tape = Tape(3, worlds)
    market = build(scenario, tape)
    assert 0 < market.logistic[:, 0].sum() < worlds  # both families are among the worlds
    sky, state, stack = weather(scenario, market, tape), open_state(market), Stack.of(scenario.measurement)
    slow = [SlowWorld(scenario, market, tape, r) for r in range(worlds)]
    for tick in range(-sky.history, len(sky.price) - sky.history):
        level = 300 + 250 * np.sin(tick / 5 + np.arange(4)) + 40 * np.arange(worlds)[:, None]
        planned = np.rint(level * market.tick_days * 100) / 100
        state, outcome = advance(market, sky, state, planned, tick)
        claimed, unified = measure(market, stack, outcome.volume, outcome.saturation, outcome.organic)
        for r, world in enumerate(slow):
            expected = world.tick(tick, [float(x) for x in planned[r]])
            for name, values in expected.items():
                np.testing.assert_allclose(
                    getattr(outcome, name)[r], values, rtol=1e-9, atol=1e-30, err_msg=name
                )
            credited = slow_measure(
                market,
                r,
                identity=stack.identity,
                signal=stack.signal,
                **{name: expected[name] for name in ("volume", "saturation", "organic")},
            )
            np.testing.assert_allclose(claimed[r], credited[0], rtol=1e-9, atol=1e-30)
            np.testing.assert_allclose(unified[r], credited[1], rtol=1e-9, atol=1e-30)


def test_every_mechanism_together_is_that_of_the_equations() -> None:
    scenario, worlds = read(everything(calendar={"horizon": "26w", "history": "4w"})), 4
    tape = Tape(6, worlds)
    market = build(scenario, tape)
    sky, state, levers = weather(scenario, market, tape), open_state(market), Levers(skill=0.6)
    slow = [SlowFullWorld(scenario, market, tape, r, skill=0.6) for r in range(worlds)]
    for tick in range(-sky.history, len(sky.price) - sky.history):
        planned = (
            np.rint(30000 + 25000 * np.sin(tick / 5 + np.arange(4)) + 4000 * np.arange(worlds)[:, None]) / 100
        )
        state, outcome = advance(market, sky, state, planned, tick, levers=levers)
        for r, world in enumerate(slow):
            for name, values in world.full_tick(tick, [float(x) for x in planned[r]]).items():
                np.testing.assert_allclose(
                    getattr(outcome, name)[r], values, rtol=1e-8, atol=1e-9, err_msg=name
                )
            assert state.people is not None
            np.testing.assert_allclose([heads[r, 1] for heads in state.people], world.heads[1], rtol=1e-8)
