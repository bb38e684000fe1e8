"""Truth runs: paired counterfactuals that come to what pencil and paper say."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from aicmo.evaluation import parallel
from aicmo.evaluation.block import run_block
from aicmo.evaluation.counterfactual import Counterfactual
from aicmo.evaluation.truth import Truth, truth
from aicmo.evaluation.truth_block import run_truth
from aicmo.scenario.schema import Scenario
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.replay import Script, replay
from aicmo.simulation.team import resolve
from aicmo.simulation.world import World
from tests.evaluation.test_results import refuse
from tests.market.scenarios import MECHANISMS, campaign, everything, read
from tests.simulation.worlds import Constant, alone, busy, still, world_of

RATES = (400.0, 250.0, 150.0)


def scripted(scenario: Scenario, team: Any, rows: int = 3) -> tuple[World, Kernel, Script, Counterfactual]:
    """A recorded run, ready for edits at its opening and at tick 30."""
    world, start = world_of(scenario, rows=rows)
    script = Script(start.state)
    staffed = team if not isinstance(team, str) else resolve(scenario, team)
    kernel = Kernel(world, start, staffed, range(world.brief.ticks), script=script)
    assert kernel.run()
    kernel.close()
    return world, kernel, script, Counterfactual(world, script, [0, 30])


@lru_cache
def found() -> Truth:
    return truth(busy(), "manual_quarterly", replications=5, seed=3, workers=1)


@pytest.mark.parametrize("scenario", [busy(), read(everything())])
def test_a_replay_is_the_run_bit_for_bit(scenario: Scenario) -> None:
    world, kernel, script, _ = scripted(scenario, "ai_cmo")
    start = world_of(scenario, rows=3)[1]
    outcomes = [outcome for _, outcome in replay(world, start.state, script, range(world.brief.ticks))]
    for name in ("spend", "gross_profit", "orders"):
        again = np.array([getattr(outcome, name) for outcome in outcomes])
        np.testing.assert_array_equal(kernel.ledger[name], again, err_msg=name)


def test_a_channel_without_effect_brings_nothing_exactly() -> None:
    idle = [campaign("new", "search"), campaign("new", "video", curve={"ceiling": 0.0})]
    scenario = still(market={"campaigns": idle, "noise": {"dispersion": 1.0}})
    block = run_truth(scenario, range(4), 3, Constant((400.0, 300.0)))
    assert (block.values["spend"][:, 1] > 0).all()
    for name in (
        "incremental_revenue",
        "incremental_gross_profit",
        "incremental_terminal_value",
        "added_revenue",
    ):
        np.testing.assert_array_equal(block.values[name][:, 1], 0.0, err_msg=name)
    assert (block.values["incremental_revenue"][:, 0] > 0).all()


def test_where_nothing_interacts_knock_outs_add_up_to_the_dark_difference() -> None:
    block = run_truth(busy(), range(4), 3, "ai_cmo")
    team = run_block(busy(), range(4), 3, {"manual_quarterly": "manual_quarterly", "ai_cmo": "ai_cmo"})
    metrics = team.teams["ai_cmo"].metrics
    revenue = block.values["incremental_revenue"][0]
    np.testing.assert_allclose(revenue[:-1].sum(axis=0), revenue[-1], rtol=1e-9)
    np.testing.assert_allclose(revenue[-1], metrics["incremental_revenue"], rtol=1e-9)
    profit, left = (block.values[f"incremental_{name}"][0] for name in ("gross_profit", "terminal_value"))
    np.testing.assert_allclose(profit[-1], metrics["incremental_gross_profit"], rtol=1e-9)
    np.testing.assert_allclose(left[-1], metrics["terminal_value"], rtol=1e-9)
    np.testing.assert_allclose(block.values["spend"][0, -1], metrics["spend"], rtol=1e-12)
    np.testing.assert_allclose(block.values["incremental_spend"], block.values["spend"], rtol=1e-9, atol=1e-6)


def test_what_channels_do_for_each_other_is_the_residual() -> None:
    helped = truth(still(market={"synergies": MECHANISMS["synergies"]}), Constant(RATES), 2, workers=1)
    window = helped.summary["windows"]["horizon"]
    brought = [item["incremental_revenue"]["mean"] for item in window["channels"].values()]
    residual = sum(brought) - window["total"]["incremental_revenue"]["mean"]
    assert window["interaction"]["mean"] == pytest.approx(residual)
    assert residual > 0.01 * window["total"]["incremental_revenue"]["mean"], (
        "synergy counts for both channels"
    )


def test_one_percent_more_adds_the_marginal_return_of_the_curve() -> None:
    # a_t = u + (a_0 − u) θ^t, so da_t/du = 1 − θ^t; revenue is value · ceiling · x^s/(1 + x^s), x = a/κ
    _, _, _, edits = scripted(still(), alone(still(), Constant(RATES)), rows=1)
    start = world_of(still(), rows=1)[1]
    days, u = np.arange(1, 99), RATES[1]
    theta = 0.5 ** (days / 10.0)

    def orders(rate: float) -> np.ndarray:
        x = (rate + (start.state.stock[0, 1] - rate) * theta) / 800.0
        return np.asarray(40.0 * x**1.2 / (1.0 + x**1.2))

    more = edits.scaled(np.array([False, True, False]), range(98), 1.01)
    np.testing.assert_allclose(more.spend, 98 * 0.01 * u, rtol=1e-12)
    np.testing.assert_allclose(more.revenue, 80.0 * (orders(1.01 * u) - orders(u)).sum(), rtol=1e-6)
    x = (u + (start.state.stock[0, 1] - u) * theta) / 800.0
    slope = 40.0 * 1.2 * x**0.2 / (1.0 + x**1.2) ** 2 / 800.0 * (1.0 - theta)
    np.testing.assert_allclose(more.revenue / more.spend, 80.0 * slope.mean(), rtol=5e-3)


def test_a_window_is_run_anew_and_what_it_sells_later_counts() -> None:
    world, kernel, script, edits = scripted(still(), alone(still(), Constant(RATES)), rows=1)
    window, video = range(30, 60), np.array([False, True, False])
    brought = -edits.scaled(video, window, 0.0)
    start = world_of(still(), rows=1)[1]
    edited = Script(
        start.state,
        [np.where(video & (tick in window), 0.0, money) for tick, money in enumerate(script.planned)],
        script.levers,
    )
    without = np.array(
        [out.orders * [80.0, 60.0] for _, out in replay(world, start.state, edited, range(98))]
    )
    difference = kernel.ledger["revenue"] - without
    np.testing.assert_allclose(brought.revenue, difference.sum(axis=(0, 2)), rtol=1e-9)
    truncated = difference[30:60].sum(axis=(0, 2))
    assert (brought.revenue > 1.2 * truncated).all(), "a half-life of ten days outlasts the window"


def test_blocks_and_workers_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "block_size", lambda *_: 2)
    again = truth(busy(), "manual_quarterly", replications=5, seed=3, workers=2)
    xr.testing.assert_identical(again.dataset, found().dataset)


def test_json_is_strict_and_holds_every_window_and_channel() -> None:
    told = json.loads(found().to_json(), parse_constant=refuse)
    assert told == found().summary
    assert list(told["windows"]) == ["horizon", "M1", "M2", "M3"]
    for window in told["windows"].values():
        assert list(window["channels"]) == ["search", "video"]
        assert sum(item["spend_share"] for item in window["channels"].values()) == pytest.approx(1.0)
        for item in (*window["channels"].values(), window["total"]):
            true, claim = item["true_iroas"], item["claimed_roas"]
            assert true["low"] is None or true["low"] <= true["mean"] <= true["high"]
            assert item["overclaim"]["mean"] == pytest.approx(claim["mean"] / true["mean"])


def test_the_sentence_names_the_claim_farthest_from_the_truth() -> None:
    told = truth(still(), Constant(RATES), replications=2, workers=1)
    channels = told.summary["windows"]["horizon"]["channels"]
    name = max(channels, key=lambda item: abs(np.log(channels[item]["overclaim"]["mean"])))
    assert told.sentence.startswith("Farthest from the truth: platforms claim a ROAS of")
    assert f"for {name}, its true iROAS is {channels[name]['true_iroas']['mean']:.2f}" in told.sentence


def test_what_cannot_be_measured_has_a_reason() -> None:
    nothing = truth(busy(guardrails=[]), Constant((0.0,) * 4), replications=2, workers=1)
    item = nothing.summary["windows"]["horizon"]["total"]
    assert item["true_iroas"]["reason"] == "no return on a spend of zero"
    assert item["spend_share"] is None
    assert nothing.sentence.startswith("constant spent nothing")
    flooded = still(
        market={"campaigns": [campaign("new", "search", inventory=100), campaign("new", "video")]}
    )
    full = truth(flooded, Constant((400.0, 200.0)), replications=2, workers=1)
    assert (
        "cannot deliver more"
        in full.summary["windows"]["horizon"]["channels"]["search"]["true_mroas"]["reason"]
    )
    with pytest.raises(ValueError, match="at least one replication, got 0"):
        truth(busy(), replications=0)


def test_a_table_a_window_and_a_file(tmp_path: Path) -> None:
    table = found().table("M1")
    assert list(table.index) == ["search", "video", "all channels"]
    with pytest.raises(KeyError, match="no window named 'Q9'; there are horizon"):
        found().table("Q9")
    with xr.open_dataset(found().save(tmp_path), engine="h5netcdf") as read_back:
        xr.testing.assert_identical(read_back.load(), found().dataset)
