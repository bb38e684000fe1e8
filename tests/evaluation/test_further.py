"""What stands beside the comparison: bad worlds, the plan, the course, the long term."""

from __future__ import annotations

import json

import numpy as np
import pytest

from aicmo.core.intervals import tail_mean
from aicmo.evaluation import compare
from aicmo.evaluation.course import contribution
from aicmo.evaluation.metrics import SHELF
from tests.evaluation.comparisons import everybody, few
from tests.evaluation.test_results import refuse
from tests.simulation.worlds import busy


def test_json_is_strict_and_answers_every_metric_or_says_why_not() -> None:
    told = json.loads(everybody().further_to_json(), parse_constant=refuse)
    assert told == everybody().further
    assert list(told["teams"]) == list(everybody().summary["teams"])
    for team in told["teams"].values():
        assert list(team["metrics"]) == list(SHELF.kinds)
        for found in team["metrics"].values():
            assert (found["mean"] is None) == bool(found.get("reason")), found
        assert "no segment has people" in team["metrics"]["ltv"]["reason"]


def test_what_is_asked_beside_it_leaves_the_summary_alone() -> None:
    assert "further" not in everybody().summary
    assert set(everybody().summary["teams"]["ai_cmo"]) & {"metrics", "tail", "course"} == set()


def test_the_course_ends_at_the_contribution() -> None:
    data = everybody().dataset
    for team in data["team"].values:
        course = contribution(data, str(team))
        np.testing.assert_allclose(course[:, -1], data["contribution"].sel(team=team), rtol=1e-9, atol=1e-5)
    told = everybody().further["teams"]["ai_cmo"]["course"]
    lead = everybody().summary["teams"]["ai_cmo"]["uplift"]["contribution"]["mean"]
    assert told["cumulative_uplift"][-1] == pytest.approx(lead, rel=1e-9)


def test_the_dip_is_the_deepest_point_and_break_even_comes_after_the_last_week_behind() -> None:
    for team in everybody().further["teams"].values():
        course = team["course"]
        lead = np.array(course["cumulative_uplift"])
        assert course["dip"]["mean"] == pytest.approx(min(lead.min(), 0.0))
        if course["break_even"] is None:
            assert lead[-1] < 0
            assert "never made up" in course["reason"]
        else:
            week = (np.datetime64(course["break_even"]) - np.datetime64("2025-01-06")) // np.timedelta64(
                7, "D"
            )
            assert (lead[int(week) - 1 :] >= 0).all()
            assert week == 1 or lead[int(week) - 2] < 0


def test_bad_worlds_and_the_plan_are_counted_over_worlds() -> None:
    data, told = everybody().dataset, everybody().further["teams"]["ai_cmo"]
    earned = data["contribution"].sel(team="ai_cmo").values
    tail = told["tail"]["contribution"]
    assert tail["cvar10"]["mean"] == pytest.approx(float(tail_mean(earned, 0.1)))
    assert tail["worst"]["value"] == earned.min() == earned[tail["worst"]["replication"]]
    assert tail["worst"]["value"] <= tail["cvar10"]["mean"] <= earned.mean()
    plan = data["contribution"].sel(team="manual_quarterly").values.mean()
    assert told["p_plan"]["share"] == pytest.approx((earned > plan).mean())


def test_return_by_quarter_is_that_of_the_whole_weighed_by_spend() -> None:
    data = few().dataset
    told = few().further["teams"]["equal_split"]
    spend = data["period_spend"].sel(team="equal_split").sum("replication").values
    returns = np.array([found["mean"] for found in told["roi_by_period"].values()])
    own = data.sel(team="equal_split")
    whole = float((own["incremental_gross_profit"].sum() - own["spend"].sum()) / own["spend"].sum())
    assert (returns * spend).sum() / spend.sum() == pytest.approx(whole, rel=1e-9)


def test_leaderships_weight_is_told_and_counted() -> None:
    weighed = compare(busy(objective={"long_term_weight": 0.5}), [], replications=2, workers=1).further
    metrics = weighed["teams"]["manual_quarterly"]["metrics"]
    assert weighed["long_term_weight"] == 0.5
    low, middle, high = (
        metrics[name]["mean"] for name in ("contribution", "objective", "long_term_contribution")
    )
    assert middle == pytest.approx(0.5 * (low + high))
