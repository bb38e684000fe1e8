"""Laws of the optional mechanisms, one by one and together."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicmo.core.noise import Tape
from aicmo.market import build, open_state
from aicmo.market.creative import Variants, effect
from aicmo.market.levers import Levers
from aicmo.market.state import launch
from aicmo.market.targeting import Targeting, potential, widened
from tests.market.runs import Run, assert_same_bits, run
from tests.market.scenarios import MECHANISMS, campaign, everything, lively, plain, read, undated

PEOPLE = {"prospects": 4000, "customers": 1000, "churn": 0.3, "repeat_orders": 5}
NEUTRAL: dict[str, Any] = {
    "synergies": [{"channel": "search", "channels": ["video"], "lift": 0.0}],
    "rivals": {"volatility": 0.0},
    "creative": {"variants": 4, "quality": 0.0, "floor": 1.0},
    "brand": {"elasticity": 0.0},
    "incidents": {"money_per_incident": 100, "cost": 1000},
}


def waves(tick: int, market: Any) -> np.ndarray:
    return np.asarray(300 + 200 * np.sin(tick / 6 + np.arange(market.ceiling.shape[1])))


@pytest.mark.parametrize("name", NEUTRAL)
def test_a_mechanism_without_effect_is_the_mechanism_left_out_bit_for_bit(name: str) -> None:
    channels = [channel | {"rivalry": 0.5} for channel in lively()["market"]["channels"]]
    without = run(lively(market={"channels": channels}), waves)
    neutral = run(lively(market={"channels": channels, name: NEUTRAL[name]}), waves)
    for left, right in zip(without.outcomes, neutral.outcomes, strict=True):
        assert_same_bits(replace(left, penalty=None), replace(right, penalty=None))


def test_targeting_that_addresses_everybody_is_none_bit_for_bit() -> None:
    channels = [
        channel | {"targeting": {"concentration": 0.2, "premium": 0.7}}
        for channel in lively()["market"]["channels"]
    ]
    for left, right in zip(
        run(lively(), waves).outcomes, run(lively(market={"channels": channels}), waves).outcomes, strict=True
    ):
        assert_same_bits(left, right)


def test_people_of_one_segment_change_nothing_in_another() -> None:
    written = lively()
    written["market"]["segments"][1] = written["market"]["segments"][1] | {"people": PEOPLE}
    before, after = run(lively(), waves), run(written, waves)
    np.testing.assert_array_equal(before["volume"][:, :, :2], after["volume"][:, :, :2])
    np.testing.assert_array_equal(before["orders"][:, :, 0], after["orders"][:, :, 0])
    assert (before["orders"][:, :, 1] != after["orders"][:, :, 1]).all()


def test_people_are_conserved_every_tick() -> None:
    result = run(everything(), waves)
    everybody = np.array([sum(state.people or ()) for state in result.states])[:, :, 1]
    np.testing.assert_allclose(everybody, 12000.0, rtol=1e-12)
    for state in result.states:
        assert state.people is not None
        assert all((heads >= 0).all() for heads in state.people)


def test_more_cannot_be_won_than_there_are() -> None:
    written = plain(market={"noise": {"dispersion": 30.0}})
    written["market"]["segments"] = [
        segment | {"people": {"prospects": 300}} for segment in written["market"]["segments"]
    ]
    result = run(written, 5000.0)
    won = result["orders"].sum(axis=0)
    assert (won <= 300 * (1 + 1e-12)).all()
    assert (won > 290).all()


def test_without_marketing_prospects_and_customers_decay_in_closed_form() -> None:
    written = plain()
    written["market"]["segments"][0] |= {"base_orders": 0, "people": PEOPLE}
    result = run(written, 0.0)
    years = np.arange(1, len(result.states) + 1) / 365.2425
    customers = np.array([state.people.customers[0, 0] for state in result.states if state.people])
    np.testing.assert_allclose(customers, 1000 * 0.7**years, rtol=1e-12)
    orders = 1000 * 0.7 ** (years - years[0]) * 5 / 365.2425
    np.testing.assert_allclose(result["orders"][:, 0, 0], orders, rtol=1e-12)


def test_organic_wins_deplete_prospects_as_the_occupancy_formula_says() -> None:
    written = plain()
    written["market"]["segments"][0] |= {"people": {"prospects": 2000}}
    result, left = run(written, 0.0), 2000.0
    for state, outcome in zip(result.states, result.outcomes, strict=True):
        won = left * (1 - np.exp(-50 * (left / 2000) / left))
        left -= won
        assert outcome.orders[0, 0] == pytest.approx(won, rel=1e-12)
        assert state.people is not None
        assert state.people.prospects[0, 0] == pytest.approx(left, rel=1e-12)


def test_retention_keeps_customers_and_adds_orders() -> None:
    written = plain()
    written["market"]["segments"][1] |= {"people": PEOPLE}
    written["market"]["campaigns"][2] |= {
        "churn_cut": 0.8,
        "curve": {"ceiling": 10.0, "half_saturation": 300.0},
    }
    without, with_it = (run(written, np.array([0.0, 0.0, rate])) for rate in (0.0, 600.0))
    kept = [
        states[-1].people.customers[0, 1] for states in (without.states, with_it.states) if states[-1].people
    ]
    assert kept[1] > 1.02 * kept[0]
    # at the start the campaign adds ceiling · H orders a day, as without customers
    h = with_it["saturation"][0, 0, 2]
    assert with_it["mean"][0, 0, 2] == pytest.approx(10.0 * h, rel=1e-9)
    # what retention keeps is credited to nobody: orders rise by more than the campaign's own
    saved = (with_it["organic"] - without["organic"])[:, 0, 1].sum()
    assert saved > 0


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


def test_creative_wears_as_published_and_recovers() -> None:
    market = build(read(lively(market={"creative": {"floor": 0.0, "exponent": 0.43}})), Tape(1, 1))
    assert market.creative is not None
    one = Variants(np.ones((1, 5, 1)), np.arange(5.0)[None, :, None], np.ones((1, 5, 1)))
    worn = effect(market.creative, one.traffic, one)
    np.testing.assert_allclose(worn[0], [1, 0.74, 0.62, 0.55, 0.50], atol=0.005)
    written = plain(market={"creative": {"quality": 0.0, "exposures": 1.0, "recovery": "2w"}})
    volume = run(written, lambda tick, _: 700.0 * (tick % 60 < 30))["volume"][91:, 0, 0]
    assert volume[29] < 0.91 * volume[4]  # worn
    assert volume[65] > 1.08 * volume[29]  # rested, and some of it back


def test_a_fresh_variant_takes_its_slot_and_nothing_else() -> None:
    state = open_state(build(read(everything()), Tape(1, 2)))
    after = launch(state, 1, 2, 3, 1.7).variants
    assert state.variants is not None
    assert after is not None
    assert (after.quality != state.variants.quality).sum() == 1
    assert after.quality[1, 2, 3] == 1.7
    gone = launch(state, 0, 1, 0, 0.0).variants
    assert gone is not None
    np.testing.assert_allclose(gone.traffic[0, 1], [0, 1 / 3, 1 / 3, 1 / 3])
    with pytest.raises(ValueError, match=r"add market\.creative"):
        launch(open_state(build(read(plain()), Tape(1, 1))), 0, 0, 0, 1.0)


@given(
    breadth=st.floats(0.1, 1.0), skill=st.floats(0, 1), concentration=st.floats(0, 1), left=st.floats(0, 1)
)
@settings(max_examples=100, deadline=None)
def test_the_addressed_share_holds_at_least_its_part_and_at_most_all(
    breadth: float, skill: float, concentration: float, left: float
) -> None:
    targeting = Targeting(np.array([concentration]), np.zeros(1), np.ones(1))
    b, share = np.array([[breadth]]), np.array([[left]])
    found = float(potential(targeting, b, skill, share)[0, 0])
    assert breadth * (1 - 1e-12) <= found <= 1
    assert float(potential(targeting, b, 0.0, share)[0, 0]) == breadth
    assert float(potential(targeting, np.ones((1, 1)), skill, share)[0, 0]) == 1
    assert found >= float(potential(targeting, b, skill / 2, share)[0, 0]) * (1 - 1e-12)


def test_stock_does_not_teleport_when_breadth_changes() -> None:
    stock = np.full((1, 3), 100.0)
    after = widened(stock, np.full((1, 3), 0.5), np.array([[0.25, 0.5, 1.0]]))
    np.testing.assert_array_equal(after, [[100.0, 100.0, 50.0]])


def test_narrow_and_skilled_beats_wide_for_little_money() -> None:
    channels = [channel | {"targeting": {"concentration": 0.0}} for channel in plain()["market"]["channels"]]
    written = plain(market={"channels": channels})
    narrow = Levers(breadth=np.full((3, 3), 0.2), skill=1.0)
    blind = Levers(breadth=np.full((3, 3), 0.2), skill=0.0)
    wide = run(written, 60.0)["volume"][-1]
    assert (run(written, 60.0, levers=narrow)["volume"][-1] > wide).all()
    rich = run(written, 20000.0)["volume"][-1]
    assert (run(written, 20000.0, levers=blind)["volume"][-1] < 0.5 * rich).all()


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
        channel |= {"half_life": half_life, "peak": "0d"}
    for item in written["market"]["campaigns"]:
        item["curve"]["shape"] = shape
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
