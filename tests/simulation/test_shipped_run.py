"""Every scenario that ships runs, short and in few worlds, under both kinds of team."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aicmo.scenario.load import load
from aicmo.scenario.schema import Scenario
from aicmo.simulation.simulate import simulate

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
WEEK = 7 * 1440


def short(file: Path) -> Scenario:
    """The scenario with two weeks of horizon and four of history, in one budget period."""
    whole = load(file)
    calendar = whole.calendar.model_copy(
        update={"horizon": 2 * WEEK, "history": 4 * WEEK, "periods": "horizon"}
    )
    weekly = sum(whole.budget.periods) / len(whole.budget.periods) / 13
    budget = whole.budget.model_copy(update={"periods": (2 * weekly,), "history": (4 * weekly,)})
    return whole.model_copy(update={"calendar": calendar, "budget": budget})


@pytest.mark.parametrize("team", ["manual_quarterly", "ai_cmo"])
@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_it_runs_and_spends_what_it_may(file: Path, team: str) -> None:
    scenario = short(file)
    ledger = simulate(scenario, team, replications=2, seed=3).ledger
    spent = np.asarray(ledger["spend"]).sum(axis=(0, 2))
    (budget,) = scenario.budget.periods
    assert (spent <= budget + 1e-6).all()
    assert (spent > 0.8 * budget).all(), "money that is there is mostly spent"
    assert (np.asarray(ledger["orders_driven"]) >= 0).all()
    assert np.isfinite(np.asarray(ledger["gross_profit"])).all()
