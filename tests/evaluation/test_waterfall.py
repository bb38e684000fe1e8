"""Where the uplift comes from: steps add up, coalitions are teams, and frictions are paired differences."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from aicmo.cli import exits
from aicmo.cli.app import app
from aicmo.evaluation import Comparison, compare
from aicmo.evaluation.compare import TeamsError
from aicmo.evaluation.frictions import FRICTIONS, unexploring, unlearning
from aicmo.evaluation.restraints import ALL, price_guardrails
from aicmo.evaluation.rhythm import Rhythm
from aicmo.evaluation.switches import ALIKE, FIELDS, IDLE, SWITCHES, Switchboard, coalitions
from aicmo.evaluation.waterfall import PAY
from aicmo.scenario.presets import PRESETS
from aicmo.scenario.presets import team as team_named
from aicmo.scenario.schema import Scenario
from aicmo.scenario.teams import TeamSpec
from tests.simulation.worlds import MEASUREMENT, busy, rich, world_of

PAST = {"past": {"budget": {"kind": "planner"}}}
TESTS = {"capacity": 1, "minimum_days": 7}
REPLICATIONS = 2


def everything() -> Scenario:
    """A market in which two teams differ in all that a team can differ in."""
    own = {"ai_cmo": {"data": {"latency": "1d", "consent": 0.9}, "studio": {"lead_time": "5d"}}}
    return rich(teams=PAST | own, measurement=MEASUREMENT | {"experiments": TESTS})


@lru_cache
def compared() -> Comparison:
    return compare(everything(), ["ai_cmo"], replications=REPLICATIONS, seed=3, workers=1, waterfall=True)


def contribution(found: Comparison, team: str) -> np.ndarray:
    return np.asarray(found.dataset["contribution"].sel(team=team))


def test_steps_add_up_to_the_uplift_in_every_world() -> None:
    data = compared().dataset
    assert data["step"].values.tolist() == [*SWITCHES, PAY]
    assert data.sizes["coalition"] == 64
    uplift = contribution(compared(), "ai_cmo") - contribution(compared(), "manual_quarterly")
    np.testing.assert_allclose(data["step_contribution"].sum("step"), uplift, rtol=0, atol=1e-6)
    told = compared().further["waterfall"]
    total = sum(step["contribution"]["mean"] for step in told["steps"].values())
    assert total == pytest.approx(told["uplift"]["mean"], abs=1e-6)


def test_the_way_back_takes_the_same_steps_downwards() -> None:
    pair = ["manual_quarterly", "ai_cmo"]
    forth, back = (
        compare(rich(), [after], before, 2, 3, workers=1, waterfall=True).dataset
        for before, after in (pair, pair[::-1])
    )
    steps = ["optimiser", "cadence", "targeting", "creative"]
    assert forth["step"].values.tolist() == [*steps, PAY]
    np.testing.assert_allclose(back["step_contribution"], -forth["step_contribution"], rtol=0, atol=1e-6)
    sizes = np.abs(forth["step_contribution"].sel(step=steps).values)
    assert (sizes.max(axis=1) > 1.0).all()


@pytest.mark.parametrize("on", [(), ("optimiser",), ("cadence", "data stack", "creative"), SWITCHES])
def test_a_coalition_is_the_team_that_a_scenario_would_write(on: tuple[Any, ...]) -> None:
    data, scenario = compared().dataset, everything()
    spec = Switchboard.between(scenario, "manual_quarterly", "ai_cmo").spec(on)
    assert TeamSpec.model_validate(spec.model_dump()) == spec
    teams = dict(scenario.teams) | {"mixed": spec}
    written = scenario.model_copy(update={"teams": teams})
    alone = compare(written, ["mixed"], replications=REPLICATIONS, seed=3, workers=1)
    member = data["coalition_member"].values
    place = next(i for i, row in enumerate(member) if set(data["step"].values[row]) == set(on))
    np.testing.assert_array_equal(data["coalition_contribution"].values[place], contribution(alone, "mixed"))


def test_what_differs_in_nothing_is_left_out_with_the_reason() -> None:
    board = Switchboard.between(busy(), "manual_quarterly", "ai_cmo")
    assert board.live == ("optimiser", "cadence")
    assert board.idle == {
        "data stack": ALIKE, "targeting": IDLE, "creative": IDLE, "experiments": IDLE,
    }  # fmt: skip
    same = Switchboard.between(everything(), "ai_cmo", "ai_cmo")
    assert same.live == ()
    assert set(same.idle.values()) == {ALIKE}


def test_whatever_a_team_is_made_of_is_in_a_switch_or_in_its_pay() -> None:
    switched = {name for names in FIELDS.values() for name in names}
    assert switched | {"budget", "costs", "preset", "description"} == set(TeamSpec.model_fields)
    assert sum(map(len, FIELDS.values())) == len(switched)


def test_the_strong_team_differs_from_the_agents_in_rhythm_not_in_rule() -> None:
    board = Switchboard.between(busy(), "manual_strong", "ai_cmo")
    assert board.live == ("cadence",)
    typical = Switchboard.between(busy(), "manual_quarterly", "ai_cmo")
    assert typical.spec(("optimiser",)).budget == team_named(busy(), "manual_strong").budget


@pytest.mark.parametrize("name", PRESETS)
def test_every_pair_of_shipped_teams_makes_valid_teams(name: str) -> None:
    board = Switchboard.between(everything(), name, "ai_cmo")
    for on in coalitions(board.live):
        board.team(on)
    assert len(board.live) <= len(SWITCHES)
    assert board.team(board.live).agents == Switchboard.between(everything(), "ai_cmo", name).team(()).agents


def test_a_rule_that_is_put_back_into_its_own_rhythm_is_itself() -> None:
    for name in PRESETS:
        seated = team_named(busy(), name).budget
        rhythm = Rhythm.of(seated)
        assert rhythm is None or rhythm.living(seated.policy) == seated


def test_guardrails_cost_what_the_command_for_guardrails_says() -> None:
    cost = compared().dataset["friction_cost"].sel(friction="guardrails")
    for team in ("manual_quarterly", "ai_cmo"):
        data = price_guardrails(everything(), team, REPLICATIONS, seed=3, workers=1).dataset
        free = data["contribution_without"].sel(guardrail=ALL) - data["contribution"]
        np.testing.assert_allclose(cost.sel(side=team), free, rtol=0, atol=1e-6)
        assert free.values.any()


def test_without_a_learning_phase_it_costs_nothing_and_with_one_the_same_as_a_market_without() -> None:
    calm = busy(market={"channels": [{"name": name, "half_life": "2d"} for name in ("search", "video")]})
    found = compare(calm, ["ai_cmo"], replications=2, seed=3, workers=1, waterfall=True).dataset
    assert not found["friction_cost"].sel(friction="learning phase").any()
    world, _ = world_of(everything(), REPLICATIONS)
    smooth = unlearning(world.market)
    assert smooth is not None
    assert smooth.learning is not None
    assert not smooth.learning.severity.any()
    assert compared().dataset["friction_cost"].sel(friction="learning phase").values.any()
    assert unlearning(smooth) is None


def test_a_team_that_does_not_explore_keeps_its_rules_and_seeks_nothing() -> None:
    spec = team_named(everything(), "ai_cmo")
    greedy = unexploring(spec)
    assert greedy.experiments is None
    assert greedy.targeting is not None
    assert greedy.budget.policy.choice.rule == "mean"
    assert greedy.targeting.exploration == 0.0
    assert greedy.budget.policy.learner == spec.budget.policy.learner
    assert unexploring(greedy) == greedy
    assert unexploring(team_named(everything(), "manual_weak")) == team_named(everything(), "manual_weak")


def test_blocks_and_workers_change_no_number() -> None:
    one, two = (
        compare(busy(), ["ai_cmo"], replications=3, seed=3, workers=workers, waterfall=True).dataset
        for workers in (1, 2)
    )
    for name in ("step_contribution", "coalition_contribution", "friction_cost"):
        np.testing.assert_array_equal(one[name], two[name], err_msg=name)


def test_a_baseline_alone_has_no_uplift_to_explain() -> None:
    with pytest.raises(TeamsError, match="name another team"):
        compare(busy(), [], replications=1, waterfall=True)


def test_the_command_prints_the_steps_and_keeps_them(tmp_path: Path) -> None:
    arguments = ["scenarios/small.yaml", "--teams", "ai_cmo", "--replications", "4", "--workers", "1"]
    runner = CliRunner(env={"COLUMNS": "100"})
    shown = runner.invoke(app, ["compare", *arguments, "--waterfall", "--out", str(tmp_path)])
    assert shown.exit_code == exits.Exit.DONE, shown.output
    assert all(name in shown.stdout for name in ("optimiser", "cadence", PAY, *FRICTIONS))
    assert "left out: data stack" in shown.stdout
    assert set(json.loads((tmp_path / "further.json").read_text())["waterfall"]["steps"]) == {
        "optimiser", "cadence", PAY,
    }  # fmt: skip
    kept = Comparison.read(tmp_path / "results.nc")
    steps = kept.further["waterfall"]["steps"]
    relative = kept.summary["teams"]["ai_cmo"]["uplift"]["contribution_relative"]["mean"]
    assert sum(step["relative"]["mean"] for step in steps.values()) == pytest.approx(relative)
