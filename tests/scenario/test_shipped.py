"""The scenarios that ship: valid, documented, and of plausible economics."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.scenario.load import load, loads
from aicmo.scenario.market import HillCurve
from aicmo.scenario.schema import Scenario
from aicmo.scenario.starter import STARTER

ROOT = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(ROOT.glob("*.yaml"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_each_loads_says_what_it_shows_and_draws_markets(file: Path) -> None:
    scenario = load(file)
    header = re.match(r"(#.*\n)+", file.read_text(encoding="utf-8"))
    assert header is not None
    for said in ("# Question ", "# Shows "):
        assert said in header[0]
    assert "assumption" in header[0].lower() or "# Differs " in header[0]
    assert scenario.uncertainty is not None
    assert scenario.description
    assert f"[{file.name}]({file.name})" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_starter_is_valid_complete_and_commented() -> None:
    assert loads(STARTER).name == "My market"
    head, teams = STARTER.split("# teams:")
    uncommented = f"{head}teams:" + re.sub(r"(?m)^#", " ", teams)
    assert set(loads(uncommented).teams) == {"ai_cmo", "patient_ai"}


def plain(name: str) -> dict[str, Any]:
    return load(ROOT / f"{name}.yaml").model_dump(by_alias=True)


@pytest.mark.parametrize("name", ["calm", "volatile"])
def test_the_twins_differ_from_the_retailer_only_in_drift_noise_and_shocks(name: str) -> None:
    one, other = plain("retailer"), plain(name)
    assert one["market"]["drift"] != other["market"]["drift"]
    for scenario in (one, other):
        for key in ("name", "description"):
            del scenario[key]
        for key in ("drift", "noise"):
            del scenario["market"][key]
        for segment in scenario["market"]["segments"]:
            del segment["shock"]
    assert one == other


def test_the_twins_stand_on_either_side_of_the_retailer() -> None:
    drifts = [load(ROOT / f"{name}.yaml").market.drift for name in ("calm", "retailer", "volatile")]
    volatility = [drift.volatility for drift in drifts if drift is not None]
    assert volatility == sorted(set(volatility))
    assert len(volatility) == 3


def test_the_retailer_has_36_of_48_combinations() -> None:
    market = load(ROOT / "retailer.yaml").market
    assert (len(market.segments), len(market.channels), len(market.campaigns)) == (4, 6, 36)
    assert {campaign.objective for campaign in market.campaigns} == {"acquisition", "retention"}


def optimum(scenario: Scenario) -> tuple[float, float, float, np.ndarray]:
    """Daily budget, price (marginal return), incremental gross profit a day and spend, in the mean market."""
    profit = {segment.name: segment.order_value * segment.margin for segment in scenario.market.segments}
    campaigns = scenario.market.campaigns
    hills = [campaign.curve for campaign in campaigns if isinstance(campaign.curve, HillCurve)]
    assert len(hills) == len(campaigns)
    curves = Curves.hill(
        np.array([hill.ceiling for hill in hills]) * np.array([profit[c.segment] for c in campaigns]),
        np.array([hill.half_saturation for hill in hills]),
        np.array([hill.shape for hill in hills]),
    )
    budget = sum(scenario.budget.periods) / (scenario.calendar.horizon / 1440)
    plan = allocate(curves, budget, 0.0, np.inf)
    return budget, float(np.ravel(plan.price)[0]), float(np.sum(plan.response)), np.ravel(plan.spend)


@pytest.mark.parametrize("name", ["small", "retailer"])
def test_leadership_sized_the_budget_about_right(name: str) -> None:
    scenario = load(ROOT / f"{name}.yaml")
    budget, price, incremental, spend = optimum(scenario)
    organic = sum(s.base_orders * s.order_value * s.margin for s in scenario.market.segments)
    revenue = sum(s.base_orders * s.order_value for s in scenario.market.segments) + 2.5 * incremental
    assert 0.8 <= price <= 1.5, "gross profit of a further euro at the best split"
    assert 0.2 <= incremental / budget - 1 <= 1.0, "average return on the whole budget, after its cost"
    assert 0.03 <= budget / revenue <= 0.12, "marketing's share of revenue"
    # Elasticity of gross profit, next to .12 (Sethuraman, Tellis & Briesch 2011: 751 estimates).
    assert 0.08 <= price * budget / (organic + incremental) <= 0.2
    assert (spend > 0).all(), "every campaign has a place in the best plan"
    assert spend.max() / spend.min() > 3, "campaigns differ in size"
