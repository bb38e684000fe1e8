"""Guardrails that cannot all hold: found just when a linear programme finds no plan, and named minimally."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from aicmo.guardrails.bounds import Bounds, Range
from aicmo.scenario.conflicts import conflicts
from aicmo.scenario.load import loads
from aicmo.scenario.names import Finding
from aicmo.scenario.schema import Scenario
from tests.scenario.minimal import MINIMAL

SCENARIO = loads(MINIMAL.replace("[100k, 120k]", "[100]").replace("26w", "13w"))
CAMPAIGNS = [campaign.name for campaign in SCENARIO.market.campaigns]
SETS: list[tuple[dict[str, str], list[int]]] = [
    *(({"campaign": name}, [c]) for c, name in enumerate(CAMPAIGNS)),
    ({"channel": "video"}, [1, 2]),
    ({"objective": "acquisition"}, [0, 1]),
]
NESTED = st.sampled_from([[0, 1, 2, 3], [0, 1, 2, 4]])
"""Joint limits on video and on acquisition cross; each nests with those on campaigns."""


def found(scenario: Scenario, ranges: tuple[Range, ...]) -> list[Finding]:
    sections: Any = (
        scenario.calendar,
        scenario.budget,
        scenario.market,
        (Bounds(ranges),),
        scenario.currency,
    )
    return list(conflicts(*sections))


def feasible(ranges: list[tuple[list[int], float, float]], budget: float) -> bool:
    rows, bounds = [np.ones(3)], [budget]
    for members, lower, upper in ranges:
        marks = np.isin(np.arange(3), members).astype(float)
        rows += [-marks, marks]
        bounds += [-lower, upper]
    return bool(linprog(np.zeros(3), A_ub=np.array(rows), b_ub=bounds, bounds=(0, None)).status == 0)


amounts = st.tuples(st.sampled_from([0, 20, 30, 45, 60, 101]), st.sampled_from([0, 10, 35, 50, 90, 200])).map(
    sorted
)


drawn_ranges = NESTED.flatmap(lambda sets: st.lists(st.tuples(st.sampled_from(sets), amounts), max_size=6))


@settings(max_examples=300, deadline=None)
@given(drawn_ranges)
@example([(1, [0, 0]), (2, [0, 0]), (3, [10, 20])])
def test_a_conflict_is_found_exactly_when_no_plan_exists(drawn: list[tuple[int, list[int]]]) -> None:
    ranges = tuple(Range(**SETS[i][0], minimum=low, maximum=high, per="period") for i, (low, high) in drawn)
    known = [(SETS[i][1], float(low), float(high)) for i, (low, high) in drawn]
    assert bool(found(SCENARIO, ranges)) != feasible(known, 100.0)


def test_the_conflicting_set_is_minimal_and_says_its_amounts() -> None:
    a, b, c = CAMPAIGNS
    ranges = (
        Range(campaign=a, minimum=50, per="period"),
        Range(campaign=b, minimum=30, per="period"),
        Range(campaign=c, minimum=40, per="period"),
        Range(channel="video", maximum=60, per="period"),
    )
    ((path, said),) = found(SCENARIO, ranges)
    assert path == ("guardrails", 0)
    assert said == (
        f"these cannot all hold in period 1 [EUR]: minimum of campaign {c!r} 40.00 + "
        f"minimum of campaign {b!r} 30.00 = 70.00 > maximum of channel 'video' 60.00. "
        f"Lower a minimum or raise the maximum of channel 'video'."
    )
    for spared in (1, 2):
        assert not found(SCENARIO, tuple(item for i, item in enumerate(ranges) if i != spared))
    assert found(SCENARIO, ranges[:3]), "with the cap gone, the minimums still exceed the budget"
    assert not found(SCENARIO, (*ranges[1:3], replace(ranges[3], maximum=70)))


def test_minimums_beyond_the_budget_name_only_as_many_as_it_takes() -> None:
    ranges = tuple(
        Range(campaign=name, minimum=low, per="period")
        for name, low in zip(CAMPAIGNS, (80, 5, 30), strict=True)
    )
    ((_, said),) = found(SCENARIO, ranges)
    assert len(re.findall("minimum of", said)) == 2
    assert "= 110.00 > budget 100.00" in said


def test_a_joint_minimum_beyond_what_its_members_may_spend_names_all_their_maximums() -> None:
    ranges = (
        Range(campaign=CAMPAIGNS[1], maximum=10, per="period"),
        Range(campaign=CAMPAIGNS[2], maximum=15, per="period"),
        Range(channel="video", minimum=30, per="period"),
    )
    ((_, said),) = found(SCENARIO, ranges)
    assert said == (
        f"these cannot all hold in period 1 [EUR]: minimum of channel 'video' 30.00 > "
        f"maximum of campaign {CAMPAIGNS[1]!r} 10.00 + maximum of campaign {CAMPAIGNS[2]!r} 15.00 = 25.00. "
        f"Lower a minimum or raise a maximum."
    )
    for spared in range(3):
        assert not found(SCENARIO, tuple(item for i, item in enumerate(ranges) if i != spared))


def test_amounts_that_meet_exactly_are_no_conflict() -> None:
    ranges = tuple(Range(campaign=name, minimum=100 / 3, per="period") for name in CAMPAIGNS)
    assert not found(SCENARIO, ranges)


def test_joint_limits_that_cross_are_refused() -> None:
    ranges = (Range(channel="video", maximum=50), Range(segment="new", maximum=50))
    ((path, said),) = found(SCENARIO, ranges)
    assert path == ("guardrails", 0)
    assert "nested or disjoint: channel 'video' and segment 'new' share campaigns" in said


def test_nobody_need_spend_on_a_campaign_that_has_not_started() -> None:
    name = CAMPAIGNS[2]
    late = loads(MINIMAL.replace("objective: retention,", "objective: retention, start: 2025-06-01,"))
    ranges = (Range(campaign=name, minimum=110_000, per="period"),)
    assert found(loads(MINIMAL), ranges)
    assert not found(late, ranges), "the second period can afford it"


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_shares_of_the_budget_conflict_when_they_exceed_one(share: float) -> None:
    ranges = (
        Range(channel="search", minimum=0.3, per="share"),
        Range(channel="video", minimum=share, per="share"),
    )
    assert bool(found(SCENARIO, ranges)) == (share + 0.3 > 1)
