"""Operating models compared: what must hold whatever the market."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from aicmo.evaluation.block import run_team
from aicmo.evaluation.organisations.differences import ranking
from aicmo.evaluation.organisations.lived import Lived
from aicmo.evaluation.organisations.models import ModelsError, contenders, model, today
from aicmo.evaluation.organisations.organisations import organisations
from aicmo.evaluation.organisations.scorecard import SCORECARD
from aicmo.evaluation.reference import dark_team
from aicmo.scenario.organisation import Organisation
from aicmo.scenario.presets import spec_of
from aicmo.simulation.team import resolve, staffed
from tests.evaluation.organisations.companies import SOONER, company, found
from tests.simulation.worlds import rich, world_of


def test_equal_organisations_differ_by_nothing() -> None:
    data = found().dataset
    own, twin = data.sel(team="shared"), data.sel(team="twin")
    for name in ("contribution", "costs", "weekly_expense", "gate_done", "score"):
        np.testing.assert_array_equal(own[name].values, twin[name].values, err_msg=name)
    pair = [row for row in found().summary["differences"] if {row["more"], row["less"]} == {"shared", "twin"}]
    assert [(row["mean"], row["low"], row["high"], row["sure"]) for row in pair] == [(0.0, 0.0, 0.0, False)]


def test_the_order_of_models_does_not_matter() -> None:
    assert json.loads(found(("twin", "it_led", "shared")).to_json()) == json.loads(found().to_json())


def test_the_steps_of_a_difference_add_up_to_it() -> None:
    data, told = found().dataset, found().summary["decomposition"]
    whole = data["contribution"].sel(team=told["more"]) - data["contribution"].sel(team=told["less"])
    steps = data["step_contribution"].sum("step")
    assert np.abs(whole).max() > 1.0
    np.testing.assert_allclose(steps.values, whole.values, rtol=0.0, atol=1e-12 * 60_000.0 * 100)
    assert list(told["steps"]) == ["latency", "data", "autonomy", "coordination", "cost"]


def test_the_weeks_add_up_to_the_total() -> None:
    data = found().dataset
    weeks = data["weekly_incremental_gross_profit"] - data["weekly_spend"] - data["weekly_costs"]
    np.testing.assert_allclose(weeks.sum("week").values, data["contribution"].values, rtol=1e-9)
    owned = data["weekly_expense"].sum(["week", "expense"]).sel(team="manual_quarterly")
    assert (owned == 0.0).all()


@pytest.mark.parametrize("owned", [None, Organisation()], ids=["plain", "instant"])
def test_an_instant_organisation_scores_as_the_plain_team(owned: Organisation | None) -> None:
    world, start = world_of(rich())
    dark, waiting = run_team(world, start, dark_team(world.scenario)), np.zeros(4)
    plain = resolve(world.scenario, "ai_cmo")
    other = replace(plain, organisation=owned)
    mine, theirs = (
        Lived(world, team, run_team(world, start, team), dark, waiting) for team in (plain, other)
    )
    scored = 0
    for measure in SCORECARD:
        np.testing.assert_array_equal(measure.read(mine), measure.read(theirs), err_msg=measure.name)
        scored += bool(np.isfinite(measure.read(mine)).all())
    assert scored >= 4


def test_a_run_that_is_read_twice_says_the_same_and_holds_no_nan() -> None:
    text = found().to_json()
    assert "NaN" not in text
    assert text == replace(found()).to_json()


def test_every_unmeasured_line_says_why() -> None:
    for one in found().summary["models"].values():
        for name, item in one["scorecard"].items():
            assert item["value"]["mean"] is not None or "not measured" in item["value"]["reason"], name


def test_the_companys_own_words_hold_in_every_model() -> None:
    scenario = company()
    for name in ("it_led", "nobody_led"):
        owner = model(scenario, name)
        assert owner.it.backlog == 0
        assert owner.capabilities["identity_resolution"].test == 3 * 1440
    assert model(scenario, "it_led").it.intake > 0  # the model's own, of which the company says nothing
    plain = model(rich(), "it_led")
    assert plain.it.backlog > 0


def test_people_live_in_the_same_company_without_a_programme() -> None:
    owner = today(company())
    assert owner.programme.roadmap == ()
    assert owner.conditions.match == model(company(), "cmo_led").conditions.match < 1.0
    assert owner.conditions.understand == 0
    team = staffed(company(), "people", spec_of(company(), "manual_quarterly"))
    stated = company().organisation
    assert stated is not None
    assert team.organisation == stated.by_hand()  # elsewhere it is what the scenario says, without programme


def test_contenders_are_the_models_and_the_scenarios_own() -> None:
    names = list(contenders(company(), "ai_cmo", "manual_quarterly", None))
    assert names[0] == "manual_quarterly"
    assert {"cmo_led", "neutral_owner", "twin"} <= set(names)
    assert "past" not in names
    with pytest.raises(ModelsError, match="Did you mean 'cmo_led'"):
        organisations(company(), models=["cmo_let"], replications=1)
    with pytest.raises(ModelsError, match="--between"):
        organisations(company(), models=["cmo_led"], between=("cmo_led", "it_led"), replications=1)


def test_equal_means_are_ranked_by_name() -> None:
    assert ranking(np.zeros((3, 2)), ["c", "a", "b"]) == ("a", "b", "c")


def test_something_goes_live_and_is_used() -> None:
    live = found().summary["models"]["shared"]["capabilities"]["consent_platform"]
    assert live["share"] > 0.0
    assert live["median_week"] < 14.0
    assert SOONER["capabilities"]["consent_platform"]["test"] == "3d"


def test_the_leader_is_a_model_of_the_team_and_never_the_automation_beside_it() -> None:
    summary = found().summary
    assert summary["leader"] in ("shared", "it_led", "twin")
    assert summary["models"]["marketing_automation"]["case"] is None
    assert summary["models"][summary["leader"]]["case"]["investment"]["total"]["mean"] > 0.0
