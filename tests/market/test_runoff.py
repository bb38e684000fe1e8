"""What is left when marketing stops."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.market import build, open_state
from aicmo.market.runoff import run_off, still_market
from tests.market.runs import run
from tests.market.scenarios import everything, lively, plain, read


def test_without_anything_left_behind_a_run_off_is_organic() -> None:
    scenario, tape = read(plain()), Tape(1, 2)
    steps = list(run_off(scenario, tape, open_state(build(scenario, tape)), 10))
    assert len(steps) == 4 * 7 + 6
    assert steps[-1][0] == pytest.approx(70.0)
    for days, profit in (*((1, p) for _, p in steps[:28]), *((7, p) for _, p in steps[28:])):
        np.testing.assert_allclose(profit, days * (50 * 32.0 + 90 * 30.0), rtol=1e-12)


def test_stock_left_behind_sells_on_in_closed_form() -> None:
    written = plain()
    result = run(written, 500.0)
    profits = [profit[0] for _, profit in run_off(read(written), Tape(7, 3), result.states[-1], 4)]
    expected = np.zeros(28)
    for c, half_life in enumerate([1, 10, 1]):
        x = result.states[-1].stock[0, c] * 0.5 ** (np.arange(1, 29) / half_life) / 800
        expected += 40 * x**1.2 / (1 + x**1.2) * (32.0, 32.0, 30.0)[c]
    np.testing.assert_allclose(np.array(profits) - (50 * 32 + 90 * 30), expected, rtol=1e-6)


def test_a_team_leaves_brand_and_customers_that_dark_does_not() -> None:
    written = everything()
    written["market"]["campaigns"][2].pop("stop")
    busy, dark = run(written, 400.0), run(written, 0.0)
    scenario = read(written)
    values = [
        sum(profit for _, profit in run_off(scenario, Tape(7, 3), result.states[-1], 26))
        for result in (busy, dark)
    ]
    assert (np.asarray(values[0]) > np.asarray(values[1])).all()


def test_worlds_keep_their_truth_when_ticks_change() -> None:
    scenario, tape = read(lively()), Tape(4, 5)
    daily, weekly = still_market(scenario, tape, 1440), still_market(scenario, tape, 10080)
    np.testing.assert_array_equal(daily.ceiling, weekly.ceiling)
    np.testing.assert_array_equal(daily.half_life, weekly.half_life)
    np.testing.assert_allclose(weekly.kept, daily.kept**7, rtol=1e-12)
