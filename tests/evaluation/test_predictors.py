"""Which traits decide: planted ones are found, noise is not; no budget beats the most profitable one."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from aicmo.evaluation.predictors import ALIKE, FEW, LEAST_WORLDS, holm, predictors, size
from aicmo.evaluation.traits import BORN, GAIN, HEADROOM, SIZE, TOTAL, TRAITS, traits
from aicmo.market.free_optimum import free_optimum, steady_profit
from aicmo.market.optimum import steady_optimum
from aicmo.report.predictors import sentence, table
from tests.evaluation.comparisons import everybody
from tests.market.scenarios import campaign
from tests.simulation.worlds import still, world_of

SHOWN = (*BORN, HEADROOM, SIZE)


def made(uplift: np.ndarray, known: dict[str, np.ndarray]) -> xr.Dataset:
    nothing = np.zeros(len(uplift))
    earned = np.stack([uplift, nothing])
    values = np.stack([known.get(name, nothing) for name in TRAITS])
    return xr.Dataset(
        {
            "contribution": (("team", "replication"), earned),
            "trait_value": (("trait", "replication"), values),
        },
        coords={"team": ["ai", "manual"], "trait": list(TRAITS)},
    )


def test_a_planted_trait_is_found_with_its_direction_and_noise_is_not() -> None:
    rng = np.random.default_rng(2)
    known = {name: rng.normal(size=64) for name in SHOWN}
    uplift = -2.0 * known["over-claim"] + rng.normal(size=64)
    found = predictors(made(uplift, known), "ai", "manual")
    first = next(iter(found["traits"]))
    assert first == "over-claim"
    assert found["traits"][first]["correlation"] < -0.5
    assert found["traits"][first]["low"]["share"] > found["traits"][first]["high"]["share"]
    assert sentence(found, "ai") == "ai gains less with over-claim"
    assert table(found, "ai").rows[0].role == "headline"


def test_false_findings_are_as_rare_as_p_says() -> None:
    rng, hits, trials = np.random.default_rng(3), 0, 300
    for _ in range(trials):
        known = {name: rng.normal(size=32) for name in SHOWN}
        told = predictors(made(rng.normal(size=32), known), "ai", "manual")["traits"]
        hits += min(said["p"] for said in told.values()) < 0.1
    assert hits / trials <= 0.1 + 3.5 * np.sqrt(0.09 / trials)


def test_what_cannot_be_told_says_why() -> None:
    few = predictors(made(np.arange(LEAST_WORLDS - 1.0), {}), "ai", "manual")
    assert (few["traits"], few["reason"]) == ({}, FEW)
    assert predictors(made(np.arange(64.0), {}), "ai", "manual")["reason"] == ALIKE
    assert "cannot be told" in sentence(few, "ai")


def test_holm_is_between_no_adjustment_and_bonferroni() -> None:
    p = {str(i): float(value) for i, value in enumerate(np.random.default_rng(4).uniform(size=9) ** 3)}
    adjusted = holm(p)
    assert all(p[name] <= adjusted[name] <= min(1.0, 9 * p[name]) + 1e-15 for name in p)
    ordered = sorted(p, key=lambda name: p[name])
    assert list(np.diff([adjusted[name] for name in ordered]) >= 0) == [True] * 8
    assert adjusted[ordered[0]] == pytest.approx(min(1.0, 9 * p[ordered[0]]))


@pytest.mark.parametrize("logistic", [0.0, 1.0])
def test_nothing_is_more_profitable_than_the_free_optimum(logistic: float) -> None:
    curves = [{"ceiling": 40, "half_saturation": 300, "shape": shape} for shape in (0.8, 1.0, 1.6)]
    campaigns = [
        campaign("new", name, curve=curve) for name, curve in zip(("search",) * 3, curves, strict=True)
    ]
    campaigns = [{**one, "segment": name} for one, name in zip(campaigns[:2], ("new", "loyal"), strict=True)]
    scenario = still(market={"campaigns": campaigns}, uncertainty={"outside_family": logistic})
    market = world_of(scenario, 2)[0].market
    best = free_optimum(market)
    most = steady_profit(market, best)
    assert market.logistic.all() == bool(logistic)
    rng = np.random.default_rng(5)
    for _ in range(200):
        other = best * np.exp(rng.normal(0.0, 0.4, best.shape))
        assert (steady_profit(market, other) <= most + 1e-9 * np.abs(most)).all()
    for factor in (0.5, 0.9, 1.1, 2.0):
        split = steady_optimum(market, factor * best.sum(axis=1))
        assert (steady_profit(market, split) < most).all()
    same = steady_optimum(market, best.sum(axis=1))
    np.testing.assert_allclose(steady_profit(market, same), most, rtol=1e-9)


def test_traits_of_a_comparison_say_what_size_would_bring() -> None:
    data = everybody().dataset
    known = dict(zip(TRAITS, traits(*world_of(still(), 2)), strict=True))
    assert (known[HEADROOM] >= -1e-9).all()
    assert (known[GAIN] >= -1e-6).all()
    np.testing.assert_allclose(known[SIZE] * known[TOTAL], 180_000, rtol=1e-9)
    told = size(data, "manual_quarterly")
    assert told["gain"]["mean"] >= 0.0
    assert told["budget"] == pytest.approx(360_000)
    assert told["allocation"]["mean"] == pytest.approx(
        everybody().summary["teams"]["clairvoyant"]["uplift"]["contribution"]["mean"]
    )
    assert everybody().further["size"] == told
