"""The calendar as ticks, and what the advertiser is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.market import brief, build, weather
from aicmo.market.timeline import Timeline, budget_periods
from aicmo.messages import Brief, Period
from tests.market.scenarios import lively, plain, read, undated

TAPE = Tape(3, 500)


def told(written: dict[str, Any]) -> Brief:
    scenario = read(written)
    return brief(scenario, build(scenario, TAPE), TAPE)


def test_four_quarters_before_and_four_after() -> None:
    calendar = {"horizon": "52w", "history": "52w"}
    scenario = read(undated(plain(calendar=calendar, budget={"periods": [100, 200, 300, 400]})))
    assert budget_periods(scenario.calendar, scenario.budget) == tuple(
        Period(f"{'history ' if q < 0 else ''}Q{q % 4 + 1}", 91 * q, 91 * q + 91, 100.0 * (q % 4 + 1))
        for q in range(-4, 4)
    )


@pytest.mark.parametrize("periods", ["quarter", "month", "horizon"])
@pytest.mark.parametrize("tick", ["1d", "1w", "12h"])
def test_periods_cover_every_tick_once_and_differ_by_at_most_one(periods: str, tick: str) -> None:
    calendar = {"horizon": "35w", "history": "20w", "tick": tick, "periods": periods}
    scenario = read(undated(plain(calendar=calendar)))
    line, found = Timeline.of(scenario.calendar), budget_periods(scenario.calendar, scenario.budget)
    assert [t for period in found for t in range(period.start, period.end)] == list(line.span)
    for side in ([p.ticks for p in found if p.start < 0], [p.ticks for p in found if p.start >= 0]):
        assert max(side) - min(side) <= 1
    assert len({period.name for period in found}) == len(found)


def test_a_shorter_history_gets_the_money_of_the_same_season_in_proportion() -> None:
    scenario = read(
        undated(plain(calendar={"horizon": "52w", "history": "26w"}, budget={"periods": [1, 2, 3, 4]}))
    )
    assert [p.budget for p in budget_periods(scenario.calendar, scenario.budget)] == [3, 4, 1, 2, 3, 4]


def test_no_history_is_no_period() -> None:
    scenario = read(undated(plain(calendar={"history": "0d"})))
    assert [p.start for p in budget_periods(scenario.calendar, scenario.budget)] == [0, 91]


def test_beliefs_without_error_are_the_truth() -> None:
    scenario = read(lively(knowledge={"half_life_error": 0.0, "season_error": 0.0}))
    market = build(scenario, TAPE)
    known = brief(scenario, market, TAPE)
    np.testing.assert_array_equal(known.half_life, market.half_life)
    calm = read(lively(uncertainty=None, knowledge={"season_error": 0.0}))
    for segment in range(2):
        sky = weather(calm, build(calm, Tape(1, 1)), Tape(1, 1))
        assert known.season[:, 0, segment] @ sky.demand[:, 0, segment] > 0  # the same ticks
    assert (known.season == known.season[:, :1]).all()
    assert known.season[91 + 56, 0, 0] > 1.7 * known.season[91 + 54, 0, 0]  # the announced sale of 2 March


def test_unannounced_events_stay_out_of_the_brief() -> None:
    written = lively(knowledge={"season_error": 0.0})
    written["market"]["events"] = [
        {"name": "sale", "start": "2026-03-02", "duration": "3d", "demand": 2.0, "known": False}
    ]
    season = told(written).season
    assert season[91 + 56, 0, 1] == season[91 + 54, 0, 1]


def test_beliefs_err_as_stated() -> None:
    scenario = read(lively(uncertainty=None, knowledge={"half_life_error": 0.5, "season_error": 0.05}))
    market = build(scenario, TAPE)
    known = brief(scenario, market, TAPE)
    error = np.log(known.half_life / market.half_life)
    assert error.std() == pytest.approx(0.5, rel=0.1)
    np.testing.assert_array_equal(error[:, 0], error[:, 2])  # both are search: one error a channel
    seasons = np.log(known.season[100])
    assert seasons.std(axis=0) == pytest.approx([0.05, 0.05], rel=0.15)


def test_facts_are_told_as_they_are() -> None:
    known = told(lively())
    np.testing.assert_array_equal(known.value, [32.0, 32.0, 30.0, 30.0])
    np.testing.assert_array_equal(known.retention, [False, False, True, False])
    assert (known.ticks, known.history_ticks, known.replications) == (182, 91, 500)
    assert known.minor_unit == 0.01
    assert known.maturation[-1] == 1.0
    assert known.available[known.row(27), 1] < known.available[known.row(28), 1]
