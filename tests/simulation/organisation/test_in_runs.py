"""Organisations in runs: any batch, any scenario, nothing before it is live, and money for all of it."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aicmo.agents.quarterly_holdout import QuarterlyHoldout
from aicmo.scenario.load import load
from aicmo.scenario.operating_models import operating_models
from aicmo.scenario.problems import ScenarioError
from aicmo.scenario.schema import Scenario
from aicmo.scenario.vary import varied
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import FIELDS
from aicmo.simulation.organisation import EXPENSES, NEVER, STEPS, Record
from aicmo.simulation.team import resolve
from aicmo.simulation.world import before_history, open_world
from tests.simulation.organisation.companies import WEEK, organisation
from tests.simulation.worlds import Constant, alone, decisions, rich, run, world_of

SHIPPED = sorted((Path(__file__).parents[3] / "scenarios").glob("*.yaml"))
SOON = {
    "capabilities": {
        name: dict.fromkeys(("define", "users", "test", "integration"), "2d") | {"training": "1d"}
        for name in ("real_time_feed", "identity_resolution", "creative_automation", "personalisation")
    },
    "programme": {
        "roadmap": ["real_time_feed", "identity_resolution", "creative_automation", "personalisation"]
    },
    "it": {"review": "1d", "backlog": "0d"},
}


def owned(**said: Any) -> Scenario:
    return rich(organisation=said)


def recorded(kernel: Kernel) -> Record:
    record = kernel.ledger.organisation
    assert record is not None
    return record


def turns_of(kernel: Kernel, world: int) -> list[tuple[Any, ...]]:
    """What was proposed in a world: when, how long each step took, and when it came into force."""
    return [
        (turn.tick, turn.steps[world].tolist(), int(turn.engaged[world]), bool(turn.signed[world]))
        for turn in recorded(kernel).turns
        if turn.asked[world]
    ]


@pytest.mark.parametrize("model", ["cmo_led", "nobody_led"])
@pytest.mark.parametrize("team", ["ai_cmo", "manual_strong"])
def test_the_bits_of_a_world_do_not_depend_on_its_batch(model: str, team: str) -> None:
    scenario = owned(preset=model, **SOON)
    many, few = (run(*world_of(scenario, rows), team, fails=None) for rows in ((0, 1, 2, 3, 4), (3, 1)))
    for item in FIELDS:
        np.testing.assert_array_equal(
            many.ledger[item.name][:, [3, 1]], few.ledger[item.name], err_msg=item.name
        )
    np.testing.assert_array_equal(decisions(many)[:, [3, 1]], decisions(few))
    np.testing.assert_array_equal(recorded(many).use[:, [3, 1]], recorded(few).use)
    for world, row in ((3, 0), (1, 1)):
        assert turns_of(many, world) == turns_of(few, row)


def test_what_is_not_live_changes_nothing_but_costs() -> None:
    """Capabilities that stay in integration for ever: the market sees what it sees without any road map."""
    never = {
        name: {"integration": "500w"} for name in ("real_time_feed", "personalisation", "consent_platform")
    }
    without = owned(preset="shared", programme={"roadmap": []})
    stuck = owned(preset="shared", programme={"roadmap": list(never)}, capabilities=never)
    one, other = (run(*world_of(scenario), "ai_cmo", fails=None) for scenario in (without, stuck))
    for item in FIELDS:
        if item.name != "organisation":
            np.testing.assert_array_equal(one.ledger[item.name], other.ledger[item.name], err_msg=item.name)
    assert (other.ledger.total("organisation") > one.ledger.total("organisation")).all()


def test_what_is_live_changes_its_own_world_from_that_tick_on() -> None:
    """Worlds in which a personalisation goes live differ from those without one, not a tick before."""
    only = {"programme": {"roadmap": ["personalisation"]}, "capabilities": {"personalisation": QUICK}}
    none: dict[str, Any] = {"programme": {"roadmap": []}}
    some, bare = (run_still(owned(preset="cmo_led", **said)) for said in (only, none))
    use = recorded(some).use[:, :, 0]
    for world in range(4):
        first = int(np.argmax(use[:, world] > 0.0))
        assert first > 0
        alike = (some.ledger["orders_driven"] == bare.ledger["orders_driven"])[:, world].all(axis=1)
        assert alike[:first].all()
        assert not alike[first]


def run_still(scenario: Scenario) -> Kernel:
    """Nobody decides anything: audiences stay as narrow as they were."""
    world, start = world_of(scenario)
    nobody = alone(scenario, Constant((100.0, 50.0, 80.0, 60.0)))
    return run(world, start, replace(nobody, organisation=scenario.organisation))


QUICK = dict.fromkeys(("define", "users", "test", "integration", "training"), "2d")


def test_budgets_come_into_force_when_the_loop_is_through_and_in_order() -> None:
    kernel = run(*world_of(owned(preset="ceo_led")), "ai_cmo", fails=None)
    record, rates = recorded(kernel), decisions(kernel)
    assert record.turns
    last = np.full(4, NEVER)
    for turn in record.turns:
        assert turn.steps.shape == (4, len(STEPS))
        assert (turn.steps >= 0).all()
        went = turn.engaged != NEVER
        assert (turn.engaged[went] * 1440 >= turn.tick * 1440 + turn.steps[went].sum(axis=1)).all()
        assert (turn.engaged[went] >= last[went]).all()
        last = np.where(went, turn.engaged, last)
    for world in range(4):
        arrivals = {int(turn.engaged[world]) for turn in record.turns}
        changes = 1 + np.flatnonzero((rates[1:, world] != rates[:-1, world]).any(axis=1))
        assert set(changes.tolist()) <= arrivals


def test_declined_budgets_never_come_into_force() -> None:
    said = {"decision": {"sign_off": "8h", "declines": 1.0}, "conditions": {"autonomy": 0.0}}
    kernel = run(*world_of(owned(**said)), "ai_cmo", fails=None)
    rates = decisions(kernel)
    assert (rates == rates[0]).all()
    for turn in recorded(kernel).turns:
        assert ((turn.engaged == NEVER) == turn.signed).all()


def test_people_and_tools_and_integration_are_paid_for() -> None:
    """A quarter costs the stated shares of its media budget; integration is paid when it is ordered."""
    said = {"preset": "cmo_led", "programme": {"roadmap": ["personalisation"], "purpose_first": False}}
    kernel = run(*world_of(owned(**said)), "ai_cmo", fails=None)
    brief, terms = kernel.brief, organisation(**said | {"programme": {"roadmap": ("personalisation",)}})
    days = brief.ticks * brief.tick_days
    budget = sum(period.budget for period in brief.periods if period.start >= 0)
    spent = dict(zip(EXPENSES, kernel.ledger["organisation"].sum(axis=0).T, strict=True))
    pay = sum(
        role.people * role.pay
        for role in (
            terms.centre.head,
            terms.centre.strategist,
            terms.centre.technical_lead,
            terms.centre.operations_manager,
        )
    )
    assert spent["people"] == pytest.approx(np.full(4, pay * budget))
    assert spent["tools"] == pytest.approx(np.full(4, terms.capabilities["personalisation"].licence * budget))
    weeks = terms.capabilities["personalisation"].integration * terms.stack.vendors / WEEK
    asked = np.array([v.world for v in recorded(kernel).visits if v.gate == "integration"])
    quarter = budget * 91 / days
    orders = np.bincount(asked, minlength=4)
    assert spent["integration"] == pytest.approx(orders * terms.it.cost * weeks * quarter)


@pytest.mark.parametrize("model", operating_models())
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_model_overlays_every_scenario(path: Path, model: str) -> None:
    scenario = varied(load(path), {"organisation": {"preset": model}})
    assert scenario.organisation is not None
    assert scenario.organisation.name == model
    assert set(scenario.organisation.capabilities) == set(scenario.organisation.programme.roadmap)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_without_an_organisation_a_shipped_scenario_keeps_its_bits(path: Path) -> None:
    """Three weeks on: no organisation, and one that is instant, are the same."""
    scenario = varied(load(path), {"organisation": None})
    world = open_world(scenario, seed=1, replications=2)
    start = replace(before_history(world), tick=0)
    team = resolve(scenario, "ai_cmo")
    assert team.organisation is None
    plain, instant = (
        Kernel(world, start, replace(team, organisation=owner), range(21), "tick")
        for owner in (None, organisation())
    )
    for kernel in (plain, instant):
        assert kernel.run()
    for item in FIELDS:
        np.testing.assert_array_equal(plain.ledger[item.name], instant.ledger[item.name], err_msg=item.name)
    np.testing.assert_array_equal(np.array(plain.rates), np.array(instant.rates))


@pytest.mark.parametrize("team", ["manual_quarterly", "marketing_automation", "level_1"])
def test_who_plans_by_hand_or_by_rules_has_the_companys_data_but_no_programme(team: str) -> None:
    scenario = owned(preset="cmo_led")
    kernel = run(*world_of(scenario), team, fails=None)
    assert (kernel.ledger.total("organisation") == 0.0).all()
    assert not recorded(kernel).visits
    for turn in recorded(kernel).turns:
        assert (turn.engaged == turn.tick)[turn.asked].all()
    terms = organisation(preset="cmo_led").conditions
    company = kernel.company
    assert company is not None
    np.testing.assert_allclose(company.identity[kernel.brief.row(0) :], terms.match * terms.consent)


def test_another_future_changes_nothing_before_it() -> None:
    """Requests of others, signatures, repairs and users hang on worlds and ticks, not on what comes later."""
    fork, scenario = 34, owned(preset="nobody_led", **SOON)
    past, other = (run(*world_of(scenario, forks=forks), "ai_cmo", fails=None) for forks in ((), (fork,)))
    np.testing.assert_array_equal(decisions(past)[: fork + 2], decisions(other)[: fork + 2])
    np.testing.assert_array_equal(recorded(past).use[: fork + 2], recorded(other).use[: fork + 2])
    assert (decisions(past)[fork + 20 :] != decisions(other)[fork + 20 :]).any()


def test_creatives_come_as_fast_as_the_organisation_makes_them() -> None:
    """What is ordered is four times as long in work, or a quarter; so fewer, or more, are live in the end."""
    launched = {}
    for pace in (0.25, 1.0, 4.0):
        scenario = owned(conditions={"studio": pace})
        launched[pace] = run(*world_of(scenario), "ai_cmo", fails=None).ledger.total("launched").sum()
    assert launched[0.25] > launched[1.0] > launched[4.0]


def test_tests_begin_only_once_experimentation_is_live() -> None:
    stack = {"latency": "2d", "experiments": {"capacity": 1, "minimum_days": 7.0, "cost": 100.0}}
    paid = {}
    for able in (True, False):
        scenario = rich(measurement=stack, organisation={"conditions": {"experiments": able}})
        team = resolve(scenario, "ai_cmo")
        test = replace(
            team, agents=(*(a for a in team.agents if a.seat != "experiments"), QuarterlyHoldout())
        )
        paid[able] = run(*world_of(scenario), test, fails=None).ledger.total("experiments")
    assert (paid[True] > 0.0).all()
    assert (paid[False] == 0.0).all()


def test_a_finished_run_with_an_organisation_is_freed_at_once() -> None:
    """Processes that never end must not hold the run's arrays until the garbage collector comes by."""
    world, start = world_of(owned(preset="cmo_led"))
    gc.disable()
    try:
        kernel = run(world, start, "ai_cmo", ticks=20, fails=None)
        gone = weakref.ref(kernel)
        del kernel
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"it": {"teams": 1, "dedicated": 1}}, "expected more teams than the 1"),
        ({"programme": {"roadmap": ["experimentation", "experimentation"]}}, "'experimentation' twice"),
        ({"preset": "cmo_let"}, "Did you mean 'cmo_led'"),
        ({"programme": {"roadmap": ["personalization"]}}, "personalisation"),
        ({"capabilities": {"personalisation": {"brings": {"adressed": 1.0}}}}, "Did you mean 'addressed'"),
    ],
)
def test_slips_are_refused_with_the_cure(said: dict[str, Any], part: str) -> None:
    with pytest.raises(ScenarioError, match=part):
        varied(load(SHIPPED[0]), {"organisation": said})
