"""Laws of the optional mechanisms, one by one and together."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.market.levers import Levers
from tests.market.runs import Run, assert_same_bits, run, waves
from tests.market.scenarios import MECHANISMS, campaign, everything, lively, plain, undated

NEUTRAL: dict[str, Any] = {
    "synergies": [{"channel": "search", "channels": ["video"], "lift": 0.0}],
    "rivals": {"volatility": 0.0},
    "creative": {"variants": 4, "quality": 0.0, "floor": 1.0},
    "brand": {"elasticity": 0.0},
    "incidents": {"money_per_incident": 100, "cost": 1000},
}


@pytest.mark.parametrize("name", NEUTRAL)
def test_a_mechanism_without_effect_is_the_mechanism_left_out_bit_for_bit(name: str) -> None:
    channels = [channel | {"rivalry": 0.5} for channel in lively()["market"]["channels"]]
    without = run(lively(market={"channels": channels}), waves)
    neutral = run(lively(market={"channels": channels, name: NEUTRAL[name]}), waves)
    for left, right in zip(without.outcomes, neutral.outcomes, strict=True):
        assert_same_bits(replace(left, penalty=None), replace(right, penalty=None))


def test_a_brand_settles_where_attention_holds_it() -> None:
    written = plain(market={"brand": {"half_life": "5d", "elasticity": 0.4}})
    written["market"]["channels"] = [channel | {"brand": 0.6} for channel in written["market"]["channels"]]
    result = run(written, 800.0)
    index = result.states[-1].brand
    assert index is not None
    np.testing.assert_allclose(index[0], [1 + 0.6 * 0.5 * 2, 1 + 0.6 * 0.5], rtol=1e-4)
    np.testing.assert_allclose(result["organic"][-1, 0], np.array([50, 90]) * index[0] ** 0.4, rtol=1e-3)
    dark = run(written, lambda tick, _: 800.0 * (tick < 0))
    final = dark.states[-1].brand
    assert final is not None
    np.testing.assert_allclose(final, 1.0, atol=1e-6)


def halved(written: dict[str, Any]) -> dict[str, Any]:
    """The first campaign as two of half the size, the second under another objective."""
    split = copy.deepcopy(written)
    half = copy.deepcopy(split["market"]["campaigns"][0])
    for key in ("ceiling", "half_saturation"):
        half["curve"][key] /= 2
    split["market"]["campaigns"][0] = half
    split["market"]["campaigns"].insert(1, half | {"objective": "retention"})
    return split


def test_splitting_a_campaign_changes_nothing_and_builds_no_brand() -> None:
    chosen = {name: MECHANISMS[name] for name in ("synergies", "rivals", "brand")} | {
        "creative": MECHANISMS["creative"] | {"quality": 0.0}
    }
    written = plain(market=chosen)
    written["market"]["channels"] = [
        channel | {"brand": 0.5, "rivalry": 0.4, "learning": {"half_life": "7d"}}
        for channel in written["market"]["channels"]
    ]
    rates = np.array([500.0, 400.0, 300.0])
    whole = run(written, rates)
    parts = run(halved(written), np.array([250.0, 250.0, 400.0, 300.0]))
    volume = parts["volume"]
    np.testing.assert_allclose(volume[..., 0] + volume[..., 1], whole["volume"][..., 0], rtol=1e-9)
    np.testing.assert_allclose(volume[..., 2:], whole["volume"][..., 1:], rtol=1e-9)
    for left, right in zip(whole.states, parts.states, strict=True):
        assert left.brand is not None
        assert right.brand is not None
        np.testing.assert_allclose(right.brand, left.brand, rtol=1e-12)


def test_two_equal_segments_are_one_of_twice_the_size() -> None:
    def of(names: list[str], size: float) -> dict[str, Any]:
        written = plain(market={"brand": MECHANISMS["brand"], "synergies": MECHANISMS["synergies"]})
        market = written["market"]
        market["channels"] = [channel | {"brand": 0.5} for channel in market["channels"]]
        people = {"prospects": 5000 * size, "customers": 800 * size, "churn": 0.3, "repeat_orders": 5}
        market["segments"] = [
            market["segments"][0] | {"name": name, "base_orders": 50 * size, "people": people}
            for name in names
        ]
        curve = {"ceiling": 40.0 * size, "half_saturation": 800.0 * size}
        market["campaigns"] = [
            campaign(name, channel, objective, curve=curve)
            for name in names
            for channel, objective in (
                ("search", "acquisition"),
                ("video", "acquisition"),
                ("search", "retention"),
            )
        ]
        return written

    one, two = run(of(["all"], 2.0), 800.0), run(of(["here", "there"], 1.0), 400.0)
    np.testing.assert_allclose(two["orders"].sum(axis=2), one["orders"].sum(axis=2), rtol=1e-9)
    np.testing.assert_allclose(two["volume"][..., :3] + two["volume"][..., 3:], one["volume"], rtol=1e-9)


def test_rivals_have_mean_one_and_burst_as_often_as_stated() -> None:
    rivals = {
        "volatility": 0.3,
        "half_life": "4w",
        "bursts_per_year": 5.0,
        "burst_length": "14d",
        "burst_size": 2.5,
    }
    written = undated(lively(market={"rivals": rivals}, calendar={"horizon": "4w", "history": "0d"}))
    sky = run(written, 0.0, Tape(3, 4000)).weather
    assert sky.rivals is not None
    error = sky.rivals.std(axis=1) / np.sqrt(4000)
    assert (np.abs(sky.rivals.mean(axis=1) - 1) < 4.5 * error).all()
    only = undated(
        lively(market={"rivals": rivals | {"volatility": 0.0}}, calendar={"horizon": "4w", "history": "0d"})
    )
    bursts = run(only, 0.0, Tape(3, 4000)).weather.rivals
    assert bursts is not None
    often = 1 - np.exp(-5.0 * 14 / 365.2425)
    assert (bursts[5] > 1).mean() == pytest.approx(often, abs=4 * np.sqrt(often * (1 - often) / 8000))
    assert bursts.max() / bursts.min() == pytest.approx(2.5, rel=1e-12)


def test_competition_moves_prices_but_not_what_money_buys_on_average() -> None:
    channels = [channel | {"rival_price": 0.5} for channel in plain()["market"]["channels"]]
    rivals = {"volatility": 0.3, "half_life": "4w", "bursts_per_year": 4.0, "burst_size": 1.5}
    written = plain(
        market={"channels": channels, "rivals": rivals}, calendar={"horizon": "4w", "history": "0d"}
    )
    power = 1 / run(written, 0.0, Tape(3, 4000)).weather.price
    assert power.std() > 0.05
    assert (np.abs(power.mean(axis=1) - 1) < 4.5 * power.std(axis=1) / np.sqrt(4000)).all()


def test_incidents_happen_and_cost_as_stated_and_governance_prevents_them() -> None:
    written = plain(
        market={"incidents": {"money_per_incident": 1000, "cost": 500, "spread": 0.5, "exposed": 0.5}}
    )
    tape = Tape(4, 300)

    def penalty(governance: float) -> np.ndarray:
        return run(written, 100.0, tape, Levers(governance=governance))["penalty"]

    free, governed = penalty(0.0), penalty(0.8)
    chance = 1 - np.exp(-np.array([200, 100]) * 0.5 / 1000)  # two campaigns on search, one on video
    trials = free.shape[0] * free.shape[1]
    happened = (free > 0).mean(axis=(0, 1))
    assert (np.abs(happened - chance) < 4 * np.sqrt(chance * (1 - chance) / trials)).all()
    assert free[free > 0].mean() == pytest.approx(500, rel=0.03)
    assert 0.15 < (governed > 0).mean() / (free > 0).mean() < 0.25
    assert ((governed > 0) <= (free > 0)).all()
    assert (penalty(1.0) == 0).all()


def test_a_delayed_peak_comes_when_stated_and_leaves_the_steady_state() -> None:
    written = plain(calendar={"horizon": "26w", "history": "0d"})
    written["market"]["channels"][1]["peak"] = "6d"
    burst = run(written, lambda tick, _: 100.0 * (tick == 0))
    stock = np.array([state.stock[0, 1] for state in burst.states])
    assert abs(int(np.argmax(stock)) - 6) <= 1
    assert run(written, 500.0)["saturation"][-1, 0, 1] == pytest.approx(
        run(plain(), 500.0)["saturation"][-1, 0, 1], rel=1e-4
    )


def still(written: dict[str, Any]) -> dict[str, Any]:
    """No luck and no movement; every mechanism stays."""
    market = written["market"] | {"drift": None, "noise": {"dispersion": 0.0}}
    market["rivals"] = market["rivals"] | {"volatility": 0.0, "bursts_per_year": 0.0}
    market["creative"] = market["creative"] | {"quality": 0.0}
    calm = {"volatility": 0.0}
    market["segments"] = [s | {"shock": calm, "trend": 0.0} | {"season": None} for s in market["segments"]]
    market["channels"] = [
        {k: v for k, v in channel.items() if k not in {"price", "price_season"}}
        for channel in market["channels"]
    ]
    return {**written, "market": market, "uncertainty": None}


def test_the_length_of_a_tick_hardly_changes_the_full_market() -> None:
    totals = []
    for tick, days in (("1d", 1.0), ("6h", 0.25)):
        written = still(undated(everything(calendar={"tick": tick})))
        totals.append(run(written, lambda t, m, d=days: waves(int(t * d // 7), m))["orders"].sum(axis=0))  # type: ignore[misc]
    np.testing.assert_allclose(totals[1], totals[0], rtol=0.01)


def test_another_currency_changes_nothing_in_the_full_market() -> None:
    euros, factor = everything(), 128.0
    other = copy.deepcopy(euros)
    for segment in other["market"]["segments"]:
        segment["order_value"] *= factor
    for item in other["market"]["campaigns"]:
        item["curve"]["half_saturation"] *= factor
        item.pop("inventory", None)
    for item in euros["market"]["campaigns"]:
        item.pop("inventory", None)
    for key in ("money_per_incident", "cost"):
        other["market"]["incidents"][key] *= factor
    left, right = run(euros, 400.0), run(other, 400.0 * factor)
    np.testing.assert_allclose(right["volume"], left["volume"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(right["penalty"], factor * left["penalty"], rtol=1e-9)
    np.testing.assert_allclose(right["gross_profit"], factor * left["gross_profit"], rtol=1e-9)


def test_batches_agree_bit_for_bit_with_everything_on() -> None:
    many, alone = run(everything(), waves, Tape(5, 7)), run(everything(), waves, Tape(5, [4]))
    for whole, one in zip(many.outcomes, alone.outcomes, strict=True):
        assert_same_bits(one, whole, rows=slice(4, 5))


def test_a_campaign_without_effect_moves_no_bit_of_the_full_market() -> None:
    more = everything()
    more["market"]["campaigns"].insert(1, campaign("new", "search", "retention", curve={"ceiling": 0.0}))
    before = run(everything(), lambda t, m: waves(t, m)[:4])
    after = run(more, lambda t, m: np.insert(waves(t, m)[:4], 1, 77.0))
    for left, right in zip(before.outcomes, after.outcomes, strict=True):
        assert_same_bits(replace(left, penalty=None), replace(right, penalty=None), columns=[0, 2, 3, 4])


@pytest.mark.parametrize("shape", [0.3, 20.0])
@pytest.mark.parametrize("half_life", ["0d", "520w"])
@pytest.mark.parametrize("price", [1e-6, 1e6])
def test_the_full_market_stays_finite_at_extremes(shape: float, half_life: str, price: float) -> None:
    written = undated(everything(calendar={"horizon": "4w", "history": "4w"}, uncertainty=None))
    for channel in written["market"]["channels"]:
        channel |= {
            "half_life": half_life,
            "peak": "0d",
            "price": {"volatility": 0.3, "half_life": half_life},
        }
        channel["learning"] = {"half_life": half_life}
    for item in written["market"]["campaigns"]:
        item["curve"]["shape"] = shape
    for name, key in (("brand", "half_life"), ("rivals", "half_life"), ("creative", "recovery")):
        written["market"][name] = written["market"][name] | {key: half_life}
    written["market"]["drift"] = written["market"]["drift"] | {"half_life": half_life}
    people = written["market"]["segments"][1]["people"] | {"return_half_life": half_life}
    written["market"]["segments"][1] |= {
        "people": people,
        "shock": {"volatility": 0.3, "half_life": half_life},
    }
    written["market"]["events"] = [
        {"name": "extreme", "start": "2025-12-08", "duration": "8w", "price": price}
    ]
    result: Run = run(written, lambda tick, market: waves(tick, market) * (tick % 9 < 5))
    for name in ("spend", "saturation", "volume", "orders", "gross_profit", "learning", "penalty"):
        assert np.isfinite(result[name]).all(), name
        assert (result[name] >= 0).all(), name


def test_consent_that_drops_for_a_while_is_seen_in_credit_alone() -> None:
    result = run(everything(), 300.0)
    consent = result.weather.consent
    np.testing.assert_array_equal(
        np.flatnonzero(consent < 1), 91 + np.arange(116, 144)
    )  # from 1 May, four weeks
    assert (consent[91 + 116 : 91 + 144] == 0.5).all()


def test_fifty_years_stay_finite() -> None:
    """Drift wanders off, people leave and return, and nothing overflows or warns."""
    written = undated(everything(calendar={"horizon": "2600w", "history": "52w", "tick": "1w"}))
    result = run(written, lambda tick, market: waves(tick, market) * (tick % 90 < 60), Tape(2, 2))
    for name in ("volume", "orders", "gross_profit", "saturation"):
        assert np.isfinite(result[name]).all(), name
    everybody = np.array([sum(state.people or ()) for state in result.states])[:, :, 1]
    np.testing.assert_allclose(everybody, 12000.0, rtol=1e-9)
