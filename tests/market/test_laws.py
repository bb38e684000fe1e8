"""Laws of the market as a whole."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.market import advance, open_state
from tests.market.runs import assert_same_bits, run
from tests.market.scenarios import campaign, lively, plain, undated


def ramp(tick: int, market: Any) -> np.ndarray:
    return 300 + 200 * np.sin(tick / 6 + np.arange(market.ceiling.shape[1]))


def test_no_spend_earns_nothing_exactly() -> None:
    outcome = run(lively(), 0.0)
    assert (outcome["volume"] == 0).all()
    assert (outcome["mean"] == 0).all()
    np.testing.assert_array_equal(outcome["orders"], outcome["organic"])
    assert (outcome["organic"] > 0).all()


def test_a_still_market_has_the_closed_form() -> None:
    # a_t = u (1 − θ^t) from an empty stock, H = x^s/(1 + x^s)
    result, u = run(plain(), 500.0), 500.0
    days = np.arange(1, len(result.outcomes) + 1)
    for c, (half_life, base) in enumerate([(1, 50), (10, 50), (1, 90)]):
        x = u * (1 - 0.5 ** (days / half_life)) / 800
        expected = 40 * x**1.2 / (1 + x**1.2)
        np.testing.assert_allclose(result["volume"][:, 0, c], expected, rtol=1e-12)
        np.testing.assert_allclose(result["organic"][:, 0, c // 2], base, rtol=1e-14)
    profit = result["orders"] * np.array([80 * 0.4, 60 * 0.5])
    np.testing.assert_array_equal(result["gross_profit"], profit)


def test_logistic_curves_reach_half_at_half_saturation() -> None:
    written = plain()
    written["market"]["campaigns"] = [
        campaign("new", "search") | {"curve": {"kind": "logistic", "ceiling": 40.0, "half_saturation": 800.0}}
    ]
    assert run(written, 800.0)["volume"][-1, 0, 0] == pytest.approx(20.0, rel=1e-12)


@pytest.mark.parametrize("tick", ["6h", "1w"])
def test_the_length_of_a_tick_changes_no_steady_expectation(tick: str) -> None:
    calendar = {"horizon": "52w", "history": "13w"}
    totals = []
    for step in ("1d", tick):
        written = undated(lively(calendar={**calendar, "tick": step}, uncertainty=None))
        market = written["market"] | {"drift": None, "noise": {"dispersion": 0.0}}
        for segment in market["segments"]:
            segment["shock"] = {"volatility": 0.0, "half_life": "2w"}
            segment["trend"] = 0.0
        for channel in market["channels"]:
            channel.pop("price", None)
            channel.pop("price_season", None)
        result = run(written | {"market": market}, 350.0)
        orders = result["orders"][:, 0]
        totals.append(orders[-len(orders) // 5 :].sum(axis=0))
    np.testing.assert_allclose(totals[1], totals[0], rtol=1e-9)


def test_the_length_of_a_tick_hardly_changes_a_moving_expectation() -> None:
    def weekly(tick: int, market: Any, days: float) -> np.ndarray:
        return np.asarray(300 + 200 * np.sin(math.floor(tick * days / 7) / 3 + np.arange(3)))

    totals = []
    for step, days in (("1d", 1.0), ("12h", 0.5)):
        written = plain(calendar={"horizon": "26w", "history": "13w", "tick": step})
        totals.append(run(written, lambda t, m, d=days: weekly(t, m, d))["volume"].sum(axis=0))  # type: ignore[misc]
    np.testing.assert_allclose(totals[1], totals[0], rtol=0.005)


def test_another_currency_changes_amounts_and_nothing_else() -> None:
    euros, factor = lively(), 137.0
    yen = copy.deepcopy(euros)
    for segment in yen["market"]["segments"]:
        segment["order_value"] *= factor
    for item in yen["market"]["campaigns"]:
        item["curve"]["half_saturation"] *= factor
        if "inventory" in item:
            item["inventory"] *= factor
    left, right = run(euros, 400.0), run(yen, 400.0 * factor)
    np.testing.assert_allclose(right["volume"], left["volume"], rtol=1e-4)  # inventory is cut to whole cents
    np.testing.assert_allclose(right["gross_profit"], factor * left["gross_profit"], rtol=1e-4)


def test_a_batch_of_n_worlds_is_the_start_of_a_batch_of_more() -> None:
    many, few = run(lively(), ramp, Tape(5, 9)), run(lively(), ramp, Tape(5, [0, 1, 2]))
    alone = run(lively(), ramp, Tape(5, [7]))
    for whole, part, one in zip(many.outcomes, few.outcomes, alone.outcomes, strict=True):
        assert_same_bits(part, whole, rows=slice(3))
        assert_same_bits(one, whole, rows=slice(7, 8))


def test_a_campaign_without_effect_moves_no_bit_of_the_rest() -> None:
    written = lively()
    more = copy.deepcopy(written)
    extra = campaign("new", "search", "retention", curve={"ceiling": 0.0})
    more["market"]["campaigns"].insert(1, extra)
    kept = [0, 2, 3, 4]
    before = run(written, lambda t, m: ramp(t, m)[:4])
    after = run(more, lambda t, m: np.insert(ramp(t, m)[:4], 1, 77.0))
    for left, right in zip(before.outcomes, after.outcomes, strict=True):
        assert_same_bits(left, right, columns=kept)


def test_the_past_of_a_forked_tape_is_the_past() -> None:
    whole, forked = run(lively(), 400.0, Tape(5, 4)), run(lively(), 400.0, Tape(5, 4).fork(after=10))
    split = whole.weather.history + 11
    for name in ("price", "demand", "effectiveness", "luck", "organic_luck"):
        ours, theirs = getattr(whole.weather, name), getattr(forked.weather, name)
        np.testing.assert_array_equal(ours[:split], theirs[:split])
        assert (ours[split:] != theirs[split:]).any()


def test_worlds_without_uncertainty_are_one_world() -> None:
    result = run(lively(uncertainty=None), 400.0)
    for name in ("ceiling", "half_saturation", "shape", "half_life", "overclaim", "dispersion"):
        values = getattr(result.market, name)
        np.testing.assert_array_equal(values, np.broadcast_to(values[:1], values.shape))


def test_uncertain_worlds_have_the_stated_mean_and_spread() -> None:
    market = run(undated(lively(calendar={"horizon": "2w", "history": "0d"})), 0.0, Tape(2, 4000)).market
    efficient = np.log(market.ceiling / 40.0)
    assert abs(efficient.std() - math.hypot(0.3, 0.2)) < 0.02
    assert abs(market.half_saturation.mean() / 800 - 1) < 0.02
    assert 0.32 < market.logistic[:, 0].mean() < 0.38
    assert market.overclaim.min() >= 0.15
    assert market.overclaim.max() <= 0.75
    assert (market.logistic == market.logistic[:, :1]).all()


def test_what_media_cannot_deliver_comes_back_in_whole_cents() -> None:
    result = run(lively(), np.array([5000.0, 100.0, 100.0, 100.0]))
    spend = result["spend"][:, :, 0]
    limit = 900 * result.weather.price[:, :, 0]
    assert (spend <= limit).all()
    assert (limit - spend < 0.01).all()
    np.testing.assert_allclose(spend * 100, np.rint(spend * 100), atol=1e-6)


def test_campaigns_spend_only_while_they_run() -> None:
    spend = run(lively(), 100.0)["spend"]
    days = np.arange(spend.shape[0]) - 91
    np.testing.assert_array_equal(spend[:, 0, 1] > 0, days >= 28)  # starts 2026-02-02
    np.testing.assert_array_equal(spend[:, 0, 2] > 0, days < 91)  # stops 2026-04-06


@pytest.mark.parametrize("shape", [0.3, 20.0])
@pytest.mark.parametrize("half_life", ["0d", "520w"])
@pytest.mark.parametrize("price", [1e-6, 1e6])
def test_extreme_parameters_stay_finite(shape: float, half_life: str, price: float) -> None:
    written = undated(lively(calendar={"horizon": "4w", "history": "4w"}, uncertainty=None))
    for channel in written["market"]["channels"]:
        channel["half_life"] = half_life
    for item in written["market"]["campaigns"]:
        item["curve"]["shape"] = shape
    written["market"]["events"] = [
        {"name": "extreme", "start": "2025-12-08", "duration": "8w", "price": price}
    ]
    result = run(written, ramp)
    for name in ("spend", "saturation", "volume", "orders", "gross_profit", "learning"):
        assert np.isfinite(result[name]).all(), name
        assert (result[name] >= 0).all(), name


def test_a_plan_of_another_shape_is_refused() -> None:
    result = run(plain(), 1.0)
    state = open_state(result.market)
    with pytest.raises(ValueError, match=r"\(3, 3\) = \(R, C\), got \(3, 4\)"):
        advance(result.market, result.weather, state, np.zeros((3, 4)), 0)
    with pytest.raises(IndexError, match=r"tick 999 lies outside -91 … 181"):
        result.weather.at(999)
