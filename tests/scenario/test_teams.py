"""Teams: presets, changes to them, bare policies, costs and data stacks."""

from __future__ import annotations

import pytest

from aicmo.agents.optimization import Optimization
from aicmo.agents.planner import Planner
from aicmo.policies import SHELF
from aicmo.policies.equal_split import EqualSplit
from aicmo.scenario.load import loads
from aicmo.scenario.presets import PRESETS, REFERENCES, UnknownTeamError, around, team
from aicmo.scenario.schema import Scenario
from aicmo.scenario.teams import Costs, TeamSpec
from tests.scenario.minimal import MINIMAL


def scenario(teams: str) -> Scenario:
    head = MINIMAL.split("teams:")[0]
    return loads(f"{head}teams:\n{teams}" if teams else head)


def test_teams_that_ship_need_no_word() -> None:
    bare = scenario("")
    for name in PRESETS:
        spec = team(bare, name)
        assert spec.agents[0].seat == "budget"
        assert spec.description
        assert spec.costs.share_of_budget > 0, "people cost money too"
    assert isinstance(team(bare, "manual_quarterly").budget, Planner)
    assert isinstance(team(bare, "ai_cmo").budget, Optimization)


@pytest.mark.parametrize("policy", SHELF.kinds)
def test_a_bare_policy_stands_in_the_default_team(policy: str) -> None:
    spec = team(scenario(""), policy)
    if policy not in PRESETS:
        assert spec.budget.policy.kind == policy
        assert spec == around(SHELF[policy]())
        assert [agent.seat for agent in spec.agents] == ["budget", "targeting", "creative", "pacing"]


def test_a_policy_that_was_made_by_hand_stands_there_too() -> None:
    mine = EqualSplit()
    assert around(mine).budget.policy is mine


def test_an_unknown_team_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownTeamError, match=r"no team or policy named 'ai_cm0'. Did you mean 'ai_cmo'\?"):
        team(scenario(""), "ai_cm0")


def test_a_team_named_like_a_preset_changes_only_what_it_says() -> None:
    changed = team(scenario("  ai_cmo: {data: {latency: 2d}, budget: {cadence: 2w}}"), "ai_cmo")
    shipped = team(scenario(""), "ai_cmo")
    assert changed.budget.cadence == "2w"
    assert changed.budget.policy == shipped.budget.policy
    assert changed.pacing == shipped.pacing
    assert changed.costs == shipped.costs
    assert changed.data.latency == 2 * 1440


def test_another_name_on_top_of_a_preset_leaves_the_preset_alone() -> None:
    both = scenario("  patient: {preset: ai_cmo, budget: {cadence: 4w}}")
    assert team(both, "patient").budget.cadence == "4w"
    assert team(both, "ai_cmo").budget.cadence == "1w"


def test_a_part_of_another_kind_replaces_the_whole_part_and_costs_are_replaced_whole() -> None:
    spec = team(
        scenario("  ai_cmo: {budget: {policy: {kind: equal_split}}, costs: {per_quarter: 9k}}"), "ai_cmo"
    )
    assert spec.budget == Optimization(policy=EqualSplit(), cadence="1w")
    assert spec.costs == Costs(per_quarter=9000.0, share_of_budget=0.0)


def test_costs_add_salaries_by_time_and_fees_by_budget() -> None:
    assert Costs(per_quarter=9100.0, share_of_budget=0.05).over(days=182.0, budget=1e6) == 18_200.0 + 50_000.0


def test_a_data_stack_changes_only_what_it_names() -> None:
    both = scenario("  ai_cmo: {data: {match_rate: 0.95, lag_end: 60d}}")
    stack = team(both, "ai_cmo").data.over(both.measurement)
    assert (stack.match_rate, stack.lag_end) == (0.95, 60 * 1440)
    assert stack.model_copy(
        update={"match_rate": both.measurement.match_rate, "lag_end": both.measurement.lag_end}
    ) == (both.measurement)


def test_reference_runs_are_no_teams() -> None:
    assert not set(REFERENCES) & (set(PRESETS) | set(SHELF.kinds))


def test_what_was_read_can_be_written_and_read_again() -> None:
    read = loads(MINIMAL)
    again = Scenario.model_validate(read.model_dump(by_alias=True))
    assert again.model_dump() == read.model_dump()
    assert isinstance(again.teams["patient"], TeamSpec)
