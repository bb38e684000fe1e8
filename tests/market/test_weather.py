"""What happens whatever teams do: mean one, distributed as stated."""

from __future__ import annotations

import numpy as np

from aicmo.core.noise import Tape
from aicmo.market import build, weather
from aicmo.market.drift import drift_factor
from aicmo.market.season import demand_season, price_season
from aicmo.market.timeline import Timeline
from aicmo.scenario.market import Drift, Seasonality
from tests.market.scenarios import lively, read, undated

WORLDS = 3000
DRIFT = {"volatility": 0.4, "half_life": "8w", "jumps_per_year": 3.0, "jump_size": 0.4}


def test_a_volatile_market_is_not_a_richer_one() -> None:
    """Means of what money buys, of demand and of drift stand within 4 standard errors of the calm market."""
    skies = {}
    for name, changes in (("volatile", {"drift": DRIFT}), ("calm", {"drift": None})):
        written = lively(
            market=changes, uncertainty=None, calendar={"horizon": "13w", "history": "13w", "tick": "1w"}
        )
        written["market"]["channels"][0]["price"] = {
            "volatility": 0.5 * (name == "volatile"),
            "half_life": "5d",
        }
        for segment in written["market"]["segments"]:
            segment["shock"] = {"volatility": 0.4 * (name == "volatile"), "half_life": "2w"}
        scenario, tape = read(written), Tape(11, WORLDS if name == "volatile" else 1)
        skies[name] = weather(scenario, build(scenario, tape), tape)
    wild, calm = skies["volatile"], skies["calm"]
    for ours, theirs in (
        (1 / wild.price, 1 / calm.price),
        (wild.demand, calm.demand),
        (wild.effectiveness, calm.effectiveness),
    ):
        error = ours.std(axis=1) / np.sqrt(WORLDS)
        assert (np.abs(ours.mean(axis=1) - theirs[:, 0]) <= 4 * error + 1e-12).all()
    assert wild.effectiveness.std() > 0.4


def test_change_points_come_at_the_stated_rate_and_size() -> None:
    drift = Drift.model_validate({"volatility": 0.0, "jumps_per_year": 4.0, "jump_size": 0.5})
    line = Timeline.of(read(undated(lively(calendar={"horizon": "104w", "history": "0d"}))).calendar)
    factor = drift_factor(drift, np.zeros((200, 1)), ["a", "b"], line, Tape(4, 200))
    jumps = np.diff(np.log(factor), axis=0)
    found = jumps[np.abs(jumps) > 1e-12]
    expected = 4.0 * (727 / 365.2425) * 400
    assert abs(found.size - expected) < 4 * np.sqrt(expected)
    assert abs(found.std() - 0.5) < 0.03
    assert abs(found.mean() + 0.125) < 4 * 0.5 / np.sqrt(found.size)


def test_seasons_have_mean_one_over_the_years() -> None:
    season = Seasonality.model_validate(
        {"months": tuple(range(1, 13)), "weekdays": tuple(np.arange(1.0, 8.0))}
    )
    line = Timeline.of(
        read(undated(lively(calendar={"horizon": "1461w", "history": "0d", "tick": "1d"}))).calendar
    )  # 28 years
    assert abs(demand_season(season, line).mean() - 1) < 1e-3
    assert abs((1 / price_season(season, line)).mean() - 1) < 1e-3
    np.testing.assert_array_equal(demand_season(None, line), 1.0)


def test_the_season_of_a_long_tick_is_the_mean_of_its_days() -> None:
    daily, weekly = (
        Timeline.of(
            read(undated(lively(calendar={"horizon": "26w", "history": "13w", "tick": tick}))).calendar
        )
        for tick in ("1d", "1w")
    )
    season = Seasonality.model_validate({"months": tuple(range(1, 13))})
    np.testing.assert_allclose(
        demand_season(season, weekly), demand_season(season, daily).reshape(-1, 7).mean(axis=1)
    )


def test_a_still_market_keeps_no_large_arrays() -> None:
    scenario = read(
        lively(market={"drift": None, "noise": {"dispersion": 0.0}, "events": []}, uncertainty=None)
    )
    tape = Tape(1, 4)
    sky = weather(scenario, build(scenario, tape), tape)
    assert sky.effectiveness.strides == sky.luck.strides == (0, 0, 0)
