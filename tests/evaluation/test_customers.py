"""What customers are worth: the run's numbers against pencil and paper."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from aicmo.evaluation.block import run_block
from aicmo.evaluation.customers import HORIZON_DAYS, RATE, Value, cost_of, payback_days
from aicmo.market.demand import DAYS_PER_YEAR
from aicmo.scenario.schema import Scenario
from aicmo.simulation.kernel import Kernel
from tests.market.scenarios import campaign, plain, read
from tests.simulation.worlds import CALENDAR, Constant, alone, busy, run, world_of

CHURN, REPEAT, PROFIT = 0.4, 6.0, 30.0
RATES = (0.0, 300.0, 200.0)


def shop(**people: Any) -> dict[str, Any]:
    """One segment without limit; in the other a thousand million people, so that none run out."""
    written = plain(calendar=CALENDAR, budget={"periods": [60_000]})
    counted = {"prospects": 1e9, "customers": 3000, "churn": CHURN, "repeat_orders": REPEAT, **people}
    segments = written["market"]["segments"]
    written["market"]["segments"] = [segments[0], segments[1] | {"people": counted}]
    written["market"]["campaigns"] = [
        campaign("new", "search"),
        campaign("loyal", "video"),
        campaign("loyal", "search", "retention", churn_cut=0.5),
    ]
    return written


@lru_cache
def kernel(rates: tuple[float, ...] = RATES) -> Kernel:
    scenario = read(shop())
    world, start = world_of(scenario, rows=2)
    return run(world, start, alone(scenario, Constant(rates)), "week")


def total(name: str, rates: tuple[float, ...] = RATES) -> np.ndarray:
    return np.asarray(kernel(rates).ledger[name].sum(axis=0))


def test_people_are_conserved_from_the_opening_to_the_end() -> None:
    opening = world_of(read(shop()), rows=2)[1].state.people
    closing = kernel().state.people
    assert opening is not None
    assert closing is not None
    change = (closing.customers - opening.customers)[:, 1]
    moved = total("customers_won") - total("customers_lost")
    np.testing.assert_allclose(change, moved[:, 1], rtol=1e-9)
    assert not total("customers_won")[:, 0].any(), "nobody is counted in a segment without people"


def test_retention_saves_what_it_keeps_from_leaving_and_costs_what_was_spent() -> None:
    idle = (0.0, 300.0, 0.0)
    lost, saved, days = (total(name)[:, 1] for name in ("customers_lost", "customers_saved", "customer_days"))
    hazard = -math.log1p(-CHURN) / DAYS_PER_YEAR
    np.testing.assert_allclose(lost + saved, days * -math.expm1(-hazard), rtol=1e-9)
    assert (saved > 0.01 * lost).all()
    later = kernel(idle).ledger["customers_saved"][-4:, :, 1].sum(axis=0)
    np.testing.assert_allclose(later, 0.0, atol=1e-3, err_msg="carry-over of the history is gone")
    spend, won, kept = total("spend"), total("acquisition_spend"), total("retention_spend")
    np.testing.assert_allclose(won[:, 1], 300.0 * 98, rtol=1e-12)
    np.testing.assert_allclose(kept[:, 1], 200.0 * 98, rtol=1e-12)
    np.testing.assert_allclose(spend.sum(axis=1), (won + kept).sum(axis=1), rtol=1e-12)


def test_lifetime_value_is_the_discounted_sum_over_a_customers_days() -> None:
    value = Value.of(kernel().ledger)
    lost, days, won, orders = (
        total(name)[:, 1] for name in ("customers_lost", "customer_days", "customers_won", "orders")
    )
    fade = lost / days + RATE
    daily = (PROFIT * (orders - won) - 200.0 * 98) / days
    steps = np.linspace(0.0, HORIZON_DAYS, 200_001)
    curve = np.exp(-fade[:, None] * steps)
    integral = ((curve[:, 1:] + curve[:, :-1]) / 2).sum(axis=1) * (steps[1] - steps[0])
    np.testing.assert_allclose(value.by(HORIZON_DAYS), PROFIT + daily * integral, rtol=1e-6)
    np.testing.assert_allclose(value.by(0.0), PROFIT, rtol=1e-9)


def test_costs_and_payback_fit_together() -> None:
    ledger = kernel().ledger
    blended, paid = cost_of(ledger, "customers_won"), cost_of(ledger, "customers_driven")
    assert (blended < paid).all(), "organic customers cost nothing"
    np.testing.assert_allclose(paid, 300.0 * 98 / total("customers_driven")[:, 1], rtol=1e-9)
    value = Value.of(ledger)
    days = payback_days(value, paid)
    inside = np.isfinite(days) & (days > 0)
    np.testing.assert_allclose(value.by(days)[inside], paid[inside], rtol=1e-6)
    assert np.isnan(payback_days(value, np.full(2, 1e9))).all()
    np.testing.assert_array_equal(payback_days(value, np.full(2, 1e-6)), 0.0)


def measured(scenario: Scenario) -> dict[str, Mapping[str, np.ndarray]]:
    block = run_block(scenario, range(2), 3, {"manual_quarterly": "manual_quarterly"})
    return {name: team.metrics for name, team in block.teams.items()}


def test_metrics_follow_from_the_run() -> None:
    teams = measured(read(shop()))
    metrics, dark = teams["manual_quarterly"], teams["dark"]
    np.testing.assert_allclose(metrics["ltv_to_cac"], metrics["ltv"] / metrics["cac_paid"])
    assert ((metrics["new_share"] > 0) & (metrics["new_share"] < 1)).all()
    np.testing.assert_array_equal(metrics["objective"], metrics["contribution"])
    np.testing.assert_allclose(
        metrics["long_term_contribution"], metrics["contribution"] + metrics["terminal_value"]
    )
    assert np.isnan(dark["cac_paid"]).all(), "campaigns won nobody"


def test_without_people_there_is_no_number() -> None:
    metrics = measured(busy())["manual_quarterly"]
    for name in ("ltv", "cac_blended", "cac_paid", "ltv_to_cac", "payback", "new_share", "brand_index"):
        assert np.isnan(metrics[name]).all(), name


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0, 2.0])
def test_the_objective_is_what_leadership_set_and_the_brief_tells_it(weight: float) -> None:
    scenario = read(shop() | {"objective": {"long_term_weight": weight}})
    world, _ = world_of(scenario, rows=2)
    assert world.brief.long_term_weight == weight
    metrics = measured(scenario)["manual_quarterly"]
    expected = metrics["contribution"] + weight * metrics["terminal_value"]
    np.testing.assert_allclose(metrics["objective"], expected, rtol=1e-12)
    assert (metrics["terminal_value"] > 0).all()
