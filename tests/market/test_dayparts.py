"""Hours at which money works better: an even day is one without the mechanism, and one split is best."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from aicmo.core.noise import Tape
from aicmo.market import advance, build, open_state, weather
from aicmo.market.dayparts import work
from aicmo.market.levers import Levers
from aicmo.scenario.load import ScenarioError, loads
from tests.market.scenarios import plain

HOURS = {"names": ["night", "morning", "evening"], "crowding": 0.4, "spread": 0.3}


def written(effects: Any = (0.5, 1.0, 1.5), **changes: Any) -> str:
    scenario = plain()
    scenario["market"]["dayparts"] = HOURS | changes
    scenario["market"]["channels"][0]["dayparts"] = list(effects)
    return json.dumps(scenario)


def test_effects_have_mean_one_differ_between_worlds_and_leave_other_channels_alike() -> None:
    scenario = loads(written())
    market = build(scenario, Tape(1, 400))
    hours = market.dayparts
    assert hours is not None
    np.testing.assert_allclose(hours.effect.mean(axis=2), 1.0)
    search = market.channel == 0
    np.testing.assert_array_equal(hours.effect[:, ~search], 1.0)
    logs = np.log(hours.effect[:, 0])
    np.testing.assert_allclose((logs[:, 2] - logs[:, 0]).mean(), np.log(3.0), atol=0.1)
    np.testing.assert_allclose((logs[:, 2] - logs[:, 0]).std(), 0.3 * 2**0.5, atol=0.05)
    few = build(scenario, Tape(1, 2)).dayparts
    assert few is not None
    np.testing.assert_array_equal(few.effect, hours.effect[:2])


def test_the_best_split_is_in_proportion_to_effect_to_the_power_of_one_over_crowding() -> None:
    hours = build(loads(written()), Tape(1, 1)).dayparts
    assert hours is not None
    best = hours.effect[0, 0] ** (1.0 / 0.4)
    best *= 3.0 / best.sum()

    def less(timing: np.ndarray) -> float:
        spread = np.ones((1, *hours.effect.shape[1:])) * np.abs(timing) * 3.0 / np.abs(timing).sum()
        return -float(work(hours, spread)[0, 0].sum())

    found = minimize(less, np.ones(3), method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-12})
    split = np.abs(found.x)
    np.testing.assert_allclose(split / split.sum() * 3.0, best, rtol=1e-3)
    assert less(best) < less(np.ones(3)) == pytest.approx(-1.0)


def test_an_even_day_is_a_day_without_hours_and_a_good_split_brings_more() -> None:
    tape = Tape(2, 5)
    plainly, hourly = loads(json.dumps(plain())), loads(written())
    orders = []
    for scenario, levers in (
        (plainly, Levers()),
        (hourly, Levers(timing=np.ones((5, 3, 3)))),
        (hourly, Levers(timing=np.tile([0.3, 0.9, 1.8], (5, 3, 1)))),
    ):
        market = build(scenario, tape)
        spend = np.full(market.ceiling.shape, 500.0)
        sky = weather(scenario, market, tape)
        _, outcome = advance(market, sky, open_state(market), spend, 0, levers=levers)
        orders.append(outcome.mean)
    np.testing.assert_allclose(orders[1], orders[0], rtol=1e-12)
    search = build(hourly, tape).channel == 0
    assert (orders[2][:, search].sum(axis=0) > orders[0][:, search].sum(axis=0)).all()
    assert (orders[2][:, ~search] < orders[0][:, ~search]).all()  # where hours are alike an even day is best


@pytest.mark.parametrize("effects", [(1.0, 1.0), (0.0, 0.0, 0.0)])
def test_a_channel_has_an_effect_for_every_part_of_the_day(effects: tuple[float, ...]) -> None:
    with pytest.raises(ScenarioError, match=r"channels\[0\].dayparts: expected one for each of the 3 parts"):
        loads(written(effects))
