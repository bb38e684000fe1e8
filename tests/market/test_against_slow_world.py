"""The fast market equals a plain-Python one that follows the equations one number at a time."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.market import Stack, advance, build, measure, open_state, weather
from tests.market.scenarios import lively, read
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
