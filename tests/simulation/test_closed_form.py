"""What the whole circle comes to where pencil and paper can say it."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from aicmo.evaluation.block import run_block
from aicmo.policies import SHELF
from aicmo.scenario.schema import Scenario
from aicmo.scenario.teams import Costs
from tests.market.scenarios import lively, plain, read, undated
from tests.simulation.worlds import (
    CALENDAR,
    GUARDRAILS,
    MEASUREMENT,
    Constant,
    alone,
    busy,
    decisions,
    run,
    still,
    world_of,
)

RATES = (400.0, 250.0, 150.0)


def test_in_a_still_market_a_constant_rate_earns_its_closed_form() -> None:
    # a_t = u + (a_0 − u) θ^t, H = x^s/(1 + x^s), orders = dt ceiling H, profit = (base + Σ orders) value
    world, start = world_of(still())
    kernel = run(world, start, alone(world.scenario, Constant(RATES)))
    days, half_life, u = np.arange(1, 99)[:, None, None], np.array([1.0, 10.0, 1.0]), np.array(RATES)
    stock = u + (start.state.stock - u) * 0.5 ** (days / half_life)
    x = (stock / 800.0) ** 1.2
    driven = 40.0 * x / (1.0 + x)
    np.testing.assert_allclose(kernel.ledger["orders_driven"], driven, rtol=1e-11)
    orders = np.stack([50 + driven[..., 0] + driven[..., 1], 90 + driven[..., 2]], axis=2)
    np.testing.assert_allclose(kernel.ledger["gross_profit"], orders * [32.0, 30.0], rtol=1e-11)
    np.testing.assert_array_equal(kernel.ledger["spend"], np.broadcast_to(u, driven.shape))


def test_without_spend_nothing_is_earned_exactly() -> None:
    nobody = Constant((0.0,) * 4)
    block = run_block(
        busy(guardrails=[]), range(4), 3, {"manual_quarterly": "manual_quarterly", "nobody": nobody}
    )
    books = block.teams["nobody"].metrics
    for name in ("spend", "incremental_gross_profit", "incremental_revenue", "terminal_value"):
        np.testing.assert_array_equal(books[name], 0.0, err_msg=name)
    np.testing.assert_array_equal(books["contribution"], -books["costs"])
    assert (books["costs"] > 0).all()
    assert (block.teams["manual_quarterly"].metrics["incremental_gross_profit"] > 0).all()
    for name, values in block.teams["dark"].metrics.items():
        assert np.isnan(values).all() or values.any() == (name == "gross_profit"), name


@pytest.mark.parametrize("tick", ["12h", "6h", "1w"])
def test_the_length_of_a_tick_changes_no_steady_expectation(tick: str) -> None:
    def profit_a_week(step: str) -> np.ndarray:
        scenario = still(calendar={"tick": step, "horizon": "26w"}, budget={"periods": [90_000]})
        world, start = world_of(scenario, rows=1)
        ledger = run(world, start, alone(scenario, Constant(RATES)), "week").ledger
        return np.asarray(ledger["gross_profit"][-1])

    np.testing.assert_allclose(
        profit_a_week(tick), profit_a_week("1d"), rtol=1e-5
    )  # 2^(−140/10) of the opening is left


def test_the_length_of_a_tick_hardly_changes_what_a_learner_earns() -> None:
    def profit(step: str) -> np.ndarray:
        scenario = still(calendar={"tick": step}, guardrails=GUARDRAILS)
        world, start = world_of(scenario, rows=2)
        return run(world, start, "ai_cmo", "week").ledger.total("gross_profit")

    np.testing.assert_allclose(profit("12h"), profit("1d"), rtol=0.02)


def in_yen(written: dict[str, Any], factor: int) -> dict[str, Any]:
    """The same scenario, all amounts of money times `factor`."""
    yen = copy.deepcopy(written)
    for segment in yen["market"]["segments"]:
        segment["order_value"] *= factor
    for item in yen["market"]["campaigns"]:
        item["curve"]["half_saturation"] *= factor
        if "inventory" in item:
            item["inventory"] *= factor
    yen["budget"]["periods"] = [amount * factor for amount in yen["budget"]["periods"]]
    return yen | {"currency": "JPY"}


@pytest.mark.parametrize("kind", [*SHELF.kinds, "manual_strong"])
def test_money_in_another_unit_changes_no_share(kind: str) -> None:
    settings = {"calendar": dict(CALENDAR), "guardrails": GUARDRAILS, "measurement": MEASUREMENT}
    euros = lively(budget={"periods": [60_000]}, **settings)
    left, right = (
        run(*world_of(read(written)), kind) for written in (euros, in_yen(euros, 100))
    )  # ¥1 is its cent
    shares = [decisions(kernel) / decisions(kernel).sum(axis=2, keepdims=True) for kernel in (left, right)]
    # A cent more can tip an S-curve that is just worth its while; that must stay rare and small.
    np.testing.assert_allclose(shares[1], shares[0], atol=1e-3)
    assert (np.abs(shares[1] - shares[0]) < 1e-6).mean() > 0.95
    np.testing.assert_allclose(right.ledger.total("spend"), 100 * left.ledger.total("spend"), rtol=1e-5)


def agitated(volatility: float, shock: float) -> Scenario:
    """A market that drifts and is shocked, without noise."""
    written = undated(plain(calendar={"horizon": "26w", "history": "6w"}))
    market = written["market"]
    market["drift"] = {
        "volatility": volatility,
        "half_life": "8w",
        "jumps_per_year": 2.0,
        "jump_size": volatility,
    }
    for segment in market["segments"]:
        segment["shock"] = {"volatility": shock, "half_life": "2w"}
    return read(written | {"budget": {"periods": [90_000]}})


def test_a_volatile_market_earns_as_much_as_a_calm_one_on_average() -> None:
    calm, wild = agitated(0.05, 0.02), agitated(0.4, 0.2)
    profits = []
    for scenario in (calm, wild):
        world, start = world_of(scenario, rows=600)
        ledger = run(world, start, alone(scenario, Constant(RATES)), "week").ledger
        profits.append((ledger["orders_driven"].sum(axis=(0, 2)), ledger.total("gross_profit")))
    for quiet, loud in zip(*profits, strict=True):
        error = np.std(loud - quiet) / np.sqrt(quiet.size)
        assert error < 0.015 * quiet.mean()
        assert abs(loud.mean() - quiet.mean()) < 3 * error
        assert loud.std() > 4 * quiet.std()


def test_costs_run_by_the_quarter_and_by_the_budget() -> None:
    world, _ = world_of(still())
    team = replace(alone(world.scenario, Constant(RATES)), pay=Costs(per_quarter=9100.0, share_of_budget=0.1))
    assert team.costs(world.brief) == pytest.approx(98 * 100.0 + 0.1 * 180_000)
