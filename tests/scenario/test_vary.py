"""Other values for keys of a scenario: the same as editing its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aicmo.scenario.load import load, loads
from aicmo.scenario.problems import InfeasibleError, ScenarioError
from aicmo.scenario.vary import VaryError, varied

SMALL = Path("scenarios/small.yaml")


@pytest.mark.parametrize(
    ("at", "before", "after"),
    [
        ({"measurement.latency": "1w"}, "latency: 1d", "latency: 1w"),
        (
            {"market.channels.search.half_life": "3d"},
            "name: search, half_life: 1d",
            "name: search, half_life: 3d",
        ),
        ({"market.channels.0.overclaim": 0.5}, "1d, overclaim: 0.05", "1d, overclaim: 0.5"),
        ({"guardrails.step.per_week": 0.8}, "per_week: 0.5", "per_week: 0.8"),
        ({"budget.periods.*": "x0.5"}, "[180k, 180k]", "[90k, 90k]"),
        ({"market.drift.half_life": "x0.5"}, "half_life: 8w}", "half_life: 4w}"),
        (
            {"market.campaigns.new/social/acquisition.curve.shape": 1.5},
            "half_saturation: 500, shape: 1.3",
            "half_saturation: 500, shape: 1.5",
        ),
        (
            {"uncertainty.ceiling": {"lognormal": 0.5}},
            "ceiling: {lognormal: 0.25}",
            "ceiling: {lognormal: 0.5}",
        ),
        ({"knowledge.misallocation": 0.8}, "guardrails:", "knowledge: {misallocation: 0.8}\n\nguardrails:"),
        (
            {"teams.ai_cmo.data.latency": "1w"},
            "guardrails:",
            "teams: {ai_cmo: {data: {latency: 1w}}}\n\nguardrails:",
        ),
    ],
)
def test_setting_a_key_is_editing_the_file(at: dict[str, Any], before: str, after: str) -> None:
    text = SMALL.read_text(encoding="utf-8")
    assert text.count(before) == 1
    assert varied(load(SMALL), at).model_dump() == loads(text.replace(before, after)).model_dump()


def test_settings_come_in_any_order_and_leave_the_scenario_alone() -> None:
    scenario = load(SMALL)
    whole = scenario.model_dump()
    at = {"measurement.latency": "1w", "market.noise.dispersion": 2.0, "market.segments.*.margin": "x0.5"}
    assert varied(scenario, at) == varied(scenario, dict(reversed(at.items())))
    assert scenario.model_dump() == whole
    assert varied(scenario, {}).model_dump() == whole


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ({"measuremnt.latency": "1d"}, "Did you mean 'measurement'"),
        ({"measurement.latencey": "1d"}, "Did you mean 'latency'"),
        ({"market.channels.serch.half_life": "1d"}, "Did you mean 'search'"),
        ({"market.channels.3.half_life": "1d"}, "number from 0 to 2"),
        ({"budget.periods.first": 1}, "number from 0 to 1"),
        ({"measurement.latency.days": 1}, "single value"),
        ({"": 1}, "empty"),
        ({"budget.periods.*": "x2", "budget.periods.0": 1}, "both set"),
        ({"market.drift": "x2"}, "number or a duration"),
        ({"measurement.latency": "1h"}, "at least a tick"),
        ({"market.segments.new.margin": "x3"}, "at most 1"),
        ({"knowledge.misallocation": -1}, "at least 0"),
    ],
)
def test_what_cannot_be_set_is_told(at: dict[str, Any], said: str) -> None:
    with pytest.raises((VaryError, ScenarioError), match=said):
        varied(load(SMALL), at)


def test_two_elements_of_one_name_need_numbers() -> None:
    twice = varied(load(SMALL), {"guardrails": ({"kind": "step"}, {"kind": "step", "per_week": 0.9})})
    with pytest.raises(VaryError, match="several of them called 'step'"):
        varied(twice, {"guardrails.step.per_week": 0.8})


def test_guardrails_that_collide_are_infeasible_as_in_a_file() -> None:
    bounds = [{"channel": "email", "minimum": 0.9, "per": "share"}, {"channel": "search", "minimum": 0.9}]
    ranges = [one | {"per": "share"} for one in bounds]
    with pytest.raises(InfeasibleError):
        varied(load(SMALL), {"guardrails": ({"kind": "budget"}, {"kind": "bounds", "ranges": ranges})})
