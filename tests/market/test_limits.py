"""Each mechanism in its limit is the closed form, or the mechanism left out."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from aicmo.market.levers import Levers
from tests.market.runs import assert_same_bits, run, waves
from tests.market.scenarios import everything, lively, plain

Written = dict[str, Any]


def channels(**changes: Any) -> Callable[[Written], None]:
    """Every channel gets these settings."""

    def change(written: Written) -> None:
        for channel in written["market"]["channels"]:
            channel.update(changes)

    return change


def without(key: str, place: str = "channels") -> Callable[[Written], None]:
    """Every channel, segment or campaign loses a setting."""

    def change(written: Written) -> None:
        for item in written["market"][place]:
            item.pop(key, None)

    return change


def market(**changes: Any) -> Callable[[Written], None]:
    """The market gets these settings."""
    return lambda written: written["market"].update(changes)


def segments(**changes: Any) -> Callable[[Written], None]:
    def change(written: Written) -> None:
        for segment in written["market"]["segments"]:
            segment.update(changes)

    return change


def roomy(written: Written) -> None:
    for item in written["market"]["campaigns"]:
        item["inventory"] = 1e12


def both(first: Callable[[Written], None], second: Callable[[Written], None]) -> Callable[[Written], None]:
    def change(written: Written) -> None:
        first(written)
        second(written)

    return change


FLAT = {"months": [1.0] * 12, "weekdays": [1.0] * 7}
QUIET_EVENT = {"name": "quiet", "start": "2026-02-02", "duration": "3w"}
LIMITS: dict[str, tuple[Callable[[Written], None], Callable[[Written], None]]] = {
    "drift": (market(drift={"volatility": 0.0, "jumps_per_year": 0.0}), market(drift=None)),
    "price": (channels(price={"volatility": 0.0, "half_life": "5d"}), without("price")),
    "learning": (channels(learning={"severity": 0.0}), without("learning")),
    "inventory": (roomy, without("inventory", "campaigns")),
    "peak": (channels(peak="0d"), without("peak")),
    "trend": (segments(trend=0.0), without("trend", "segments")),
    "rivalry": (
        both(market(rivals={"volatility": 0.4, "bursts_per_year": 5.0}), channels(rivalry=0.0)),
        channels(rivalry=0.0),
    ),
    "events": (market(events=[QUIET_EVENT]), market(events=[])),
    "season": (segments(season=FLAT), without("season", "segments")),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_setting_in_its_limit_is_the_setting_left_out(name: str) -> None:
    limit, left_out = LIMITS[name]
    results = []
    for change in (limit, left_out):
        written = copy.deepcopy(lively())
        change(written)
        results.append(run(written, waves))
    for ours, theirs in zip(results[0].outcomes, results[1].outcomes, strict=True):
        for field in ("spend", "mean", "volume", "orders", "gross_profit", "learning"):
            # a season and an event are products of ones, a walk of no height is exp(0): equal to rounding
            np.testing.assert_allclose(getattr(ours, field), getattr(theirs, field), rtol=1e-12, atol=1e-300)


def test_without_carry_over_response_is_that_of_the_days_own_money() -> None:
    written = plain()
    channels(half_life="0d")(written)
    result = run(written, waves)
    x = result["spend"] / 800
    np.testing.assert_allclose(result["volume"], 40 * x**1.2 / (1 + x**1.2), rtol=1e-12)


def test_without_carry_over_a_week_is_the_sum_of_its_days() -> None:
    """Rates that hold for a week, no memory anywhere: ticks of any length cut the same integral."""
    totals = {}
    for tick, days in (("1d", 1.0), ("1w", 7.0), ("6h", 0.25)):
        written = plain(calendar={"tick": tick})
        channels(half_life="0d")(written)
        result = run(written, lambda t, m, d=days: 4 * np.rint(waves(math.floor(t * d / 7), m) / 4))  # type: ignore[misc]
        by_week = result["volume"].reshape(39, -1, 3, 3).sum(axis=1)
        totals[tick] = (by_week, result["gross_profit"].reshape(39, -1, 3, 2).sum(axis=1))
    for other in ("1w", "6h"):
        for ours, theirs in zip(totals[other], totals["1d"], strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_without_noise_orders_are_their_mean_bit_for_bit() -> None:
    result = run(lively(market={"noise": {"dispersion": 0.0}}, uncertainty=None), waves)
    np.testing.assert_array_equal(result["volume"], result["mean"])


def test_people_who_never_run_out_are_no_people() -> None:
    endless = plain()
    segments(people={"prospects": 1e15})(endless)
    ours, theirs = run(endless, waves), run(plain(), waves)
    np.testing.assert_allclose(ours["volume"], theirs["volume"], rtol=1e-9)
    np.testing.assert_allclose(ours["orders"], theirs["orders"], rtol=1e-9)


@pytest.mark.parametrize("breadth", [0.1, 0.37, 1.0])
def test_where_all_are_alike_a_narrow_audience_is_a_smaller_segment(breadth: float) -> None:
    """γ = 1, no premium: b of the people hold b of the potential at 1/b of the pressure."""
    written = plain()
    channels(targeting={"concentration": 1.0, "premium": 0.0}, half_life="0d")(written)
    result = run(written, waves, levers=Levers(breadth=np.full((3, 3), breadth), skill=1.0))
    x = result["spend"] / 800 / breadth
    np.testing.assert_allclose(result["volume"], 40 * breadth * x**1.2 / (1 + x**1.2), rtol=1e-12)


def test_a_whole_audience_needs_no_skill() -> None:
    ours, theirs = (
        run(everything(), waves, levers=Levers(breadth=np.ones((3, 4)), skill=skill)) for skill in (0.0, 1.0)
    )
    for left, right in zip(ours.outcomes, theirs.outcomes, strict=True):
        assert_same_bits(left, right)


def test_creative_that_does_not_wear_is_its_quality() -> None:
    """Exponent 0: wear is one whatever has been seen, so pressure is multiplied by the mean quality."""
    written = plain(market={"creative": {"quality": 0.4, "exponent": 0.0, "exposures": 5.0}})
    channels(half_life="0d")(written)
    result = run(written, waves)
    assert result.market.creative is not None
    x = result["spend"] / 800 * result.market.creative.quality.mean(axis=2)
    np.testing.assert_allclose(result["volume"], 40 * x**1.2 / (1 + x**1.2), rtol=1e-12)


def test_a_brand_that_never_fades_stays_and_one_without_memory_is_its_goal() -> None:
    for half_life, expected in (("5200w", 1.3), ("0d", None)):
        written = plain(market={"brand": {"half_life": half_life, "start": 1.3}})
        channels(brand=0.5)(written)
        result = run(written, waves)
        index = np.array([state.brand for state in result.states])
        if expected is not None:
            np.testing.assert_allclose(index, expected, rtol=0.01)
        else:
            heard = np.array([state.attention for state in result.states]).reshape(*index.shape, 2)
            np.testing.assert_allclose(index, 1 + 0.5 * heard.sum(axis=3), rtol=1e-12)


def test_nobody_leaves_where_churn_is_none_and_nobody_stays_where_it_is_all() -> None:
    for churn, left in ((0.0, 1000.0), (1.0, 0.0)):
        written = plain()
        written["market"]["segments"][0] |= {
            "base_orders": 0,
            "people": {"prospects": 1, "customers": 1000, "churn": churn},
        }
        people = run(written, 0.0).states[-1].people
        assert people is not None
        np.testing.assert_allclose(people.customers[:, 0], left, rtol=1e-12, atol=0.01)


def test_retention_that_prevents_nothing_leaves_churn_as_it_is() -> None:
    written = everything()
    written["market"]["campaigns"][2] |= {"churn_cut": 0.0}
    result = run(written, waves)
    for outcome in result.outcomes:
        assert outcome.movement is not None
        assert (outcome.movement.saved == 0).all()


def test_what_costs_nothing_when_it_goes_wrong_costs_nothing() -> None:
    written = everything()
    written["market"]["incidents"]["cost"] = 0.0
    assert (run(written, waves)["penalty"] == 0).all()
