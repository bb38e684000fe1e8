"""The clairvoyant's weeks are weeks: no weekday stands for all of them."""

from __future__ import annotations

from aicmo.evaluation import compare
from aicmo.scenario.load import load
from aicmo.scenario.market import Seasonality


def test_knowing_the_truth_helps_also_where_weekends_are_quiet_and_months_no_whole_weeks() -> None:
    """Months of 30⅓ days hold four planning weeks of 7.6 days, each centred on another weekday."""
    small = load("scenarios/small.yaml")
    office = Seasonality(weekdays=(1.2, 1.4, 1.4, 1.2, 1.0, 0.2, 0.2))
    segments = tuple(item.model_copy(update={"season": office}) for item in small.market.segments)
    months = {"calendar": small.calendar.model_copy(update={"periods": "month"})}
    market = {"market": small.market.model_copy(update={"segments": segments})}
    budget = {"budget": small.budget.model_copy(update={"periods": (60_000.0,)})}
    scenario = small.model_copy(update=months | market | budget)
    teams = compare(scenario, ["equal_split"], replications=6, seed=1, workers=1).summary["teams"]
    assert teams["clairvoyant"]["uplift"]["contribution"]["low"] > 0
