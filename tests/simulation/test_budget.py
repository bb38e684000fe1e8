"""Whatever a policy asks for, money stays within budgets and limits, and the books agree with the market."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat
from aicmo.policies import SHELF
from aicmo.policies._choice import Choice
from aicmo.policies.ai_cmo import AiCmo
from aicmo.scenario.schema import Scenario
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import FIELDS
from tests.simulation.worlds import Constant, alone, busy, decisions, run, still, world_of

Wish = Callable[[Observation], Any]

GARBAGE: dict[str, Wish] = {
    "nan": lambda seen: np.full(seen.current.shape, np.nan),
    "one nan": lambda seen: np.where(
        np.arange(seen.current.size).reshape(seen.current.shape) == 5, np.nan, 100.0
    ),
    "inf": lambda seen: np.full(seen.current.shape, np.inf),
    "negative": lambda seen: -seen.current,
    "one negative": lambda seen: (
        np.where(np.arange(seen.current.shape[1]) == 0, -1e9, 1e9) + 0 * seen.current
    ),
    "transposed": lambda seen: seen.current.T,
    "too short": lambda seen: seen.current[:, 1:],
    "one number": lambda _: 17.0,
    "nothing": lambda _: None,
    "words": lambda _: "as last year",
    "ragged": lambda _: [[1.0, 2.0], [3.0]],
    "complex": lambda seen: seen.current + 1j,
    "whole numbers": lambda seen: np.full(seen.current.shape, 900),
    "booleans": lambda seen: seen.current > 0,
    "tiny": lambda seen: np.full(seen.current.shape, 5e-324),
    "huge": lambda seen: np.full(seen.current.shape, 1e12),
    "enormous": lambda seen: np.full(seen.current.shape, 1e308),
    "zero": lambda seen: np.zeros(seen.current.shape),
    "back and forth": lambda seen: np.where(seen.tick % 14, 5e3, 0.0) * np.ones(seen.current.shape),
    "the limits": lambda seen: seen.limits.upper,
    "the budget at once": lambda seen: np.broadcast_to(seen.remaining[:, None], seen.current.shape),
}


@dataclass(frozen=True)
class Wisher:
    """Asks for garbage of one name."""

    name: str

    kind: ClassVar[str] = "wisher"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[Wisher]:
        yield cls("zero")

    def init(self, brief: Brief) -> None:
        pass

    def update(self, state: None, observation: Observation) -> None:
        pass

    def act(self, state: None, observation: Observation, draws: Draws) -> Any:  # noqa: ARG002 - no luck
        return GARBAGE[self.name](observation)


@dataclass(frozen=True)
class Hasty:
    """Fills the pacing seat with garbage of one name."""

    name: str

    kind: ClassVar[str] = "hasty"
    seat: ClassVar[Seat] = "pacing"
    cadence: str = "1d"

    @classmethod
    def examples(cls) -> Iterator[Hasty]:
        yield cls("zero")

    def init(self, brief: Brief) -> None:
        pass

    def update(self, state: None, observation: Observation) -> None:
        pass

    def act(self, state: None, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        return Proposal(self.seat, GARBAGE[self.name](observation))


def assert_sound(kernel: Kernel) -> None:
    """Check every law about money of one run."""
    ledger, brief = kernel.ledger, kernel.brief
    cents = ledger["spend"] / brief.minor_unit
    np.testing.assert_allclose(cents, np.rint(cents), atol=1e-4)
    for period in brief.periods:
        if period.start >= 0:
            spent = np.rint(cents[period.start : period.end]).sum(axis=(0, 2))
            assert (spent <= round(period.budget / brief.minor_unit)).all(), period
    for field in FIELDS:
        assert np.isfinite(ledger[field.name]).all(), field.name
        assert (ledger[field.name] >= 0).all(), field.name
    assert (ledger["spend"] <= ledger["planned"]).all()
    assert not ledger["spend"][:, :, :][~brief.available[brief.history_ticks :][:, None].repeat(4, 1)].any()
    account = ledger.account
    assert not account.violations.any()
    for name in ("moved", "ordered", "interventions", "waivers", "turnover"):
        assert np.isfinite(getattr(account, name)).all(), name
    np.testing.assert_array_equal(ledger["spend"], kernel.facts.spend[brief.history_ticks :])


@pytest.mark.parametrize("kind", [*SHELF.kinds, "manual_strong"])
def test_policies_of_the_shelf_keep_budgets_and_limits(kind: str) -> None:
    assert_sound(run(*world_of(busy()), kind))


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "unguarded"])
@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_in_the_budget_seat_keeps_budgets_and_limits(name: str, guarded: bool) -> None:
    scenario = busy() if guarded else busy(guardrails=[])
    world, start = world_of(scenario)
    assert_sound(run(world, start, alone(scenario, Wisher(name)), fails=None))


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_in_the_pacing_seat_keeps_budgets_and_limits(name: str) -> None:
    scenario = busy()
    world, start = world_of(scenario)
    assert_sound(run(world, start, alone(scenario, Constant((400.0,) * 4), Hasty(name)), fails=None))


@pytest.mark.parametrize(
    "name", ["nan", "inf", "negative", "transposed", "nothing", "words", "ragged", "complex"]
)
def test_what_is_no_plan_is_rejected_on_record_and_the_decision_in_force_stays(name: str) -> None:
    scenario = still()
    world, start = world_of(scenario)
    kernel = run(world, start, alone(scenario, Wisher(name)), fails=True)
    np.testing.assert_array_equal(decisions(kernel), np.broadcast_to(start.rate, decisions(kernel).shape))
    reasons = {item.reason for decision in kernel.ledger.decisions for item in decision.interventions}
    assert len(kernel.ledger.decisions) == 14
    assert all(decision.interventions for decision in kernel.ledger.decisions)
    assert reasons
    assert all(reasons)


def overspender() -> Scenario:
    return busy(budget={"periods": [60_000, 10, 60_000]}, guardrails=[])


def test_a_period_that_is_broke_spends_what_it_has_and_the_next_one_goes_on() -> None:
    scenario = overspender()
    world, start = world_of(scenario)
    kernel = run(world, start, alone(scenario, Constant((400.0,) * 4)))
    assert_sound(kernel)
    spent = [
        kernel.ledger["spend"][p.start : p.end].sum(axis=(0, 2)) for p in world.brief.periods if p.start >= 0
    ]
    assert (spent[1] <= 10).all()
    assert (spent[1] > 9.9).all()
    assert (spent[2] > 20_000).all()


def test_money_that_media_return_is_there_again() -> None:
    scenario = busy(guardrails=[])
    world, start = world_of(scenario)
    kernel = run(world, start, alone(scenario, Constant((3000.0, 0.0, 0.0, 0.0))))
    ledger, first = kernel.ledger, world.brief.period_at(0)
    assert (ledger["spend"][:, :, 0].sum(axis=0) < ledger["planned"][:, :, 0].sum(axis=0)).all()
    spent = ledger["spend"][: first.end].sum(axis=(0, 2))
    assert (spent < first.budget).all()
    np.testing.assert_array_equal(ledger["planned"][1 : first.end - 1, :, 0], 3000.0)


def test_exploration_is_held_to_its_share_of_the_best_plan_that_is_known() -> None:
    """A tempered draw wanders; with an allowance of nothing it goes only towards what is believed best."""

    def away(share: float) -> float:
        scenario = busy(guardrails=[{"kind": "budget"}, {"kind": "exploration", "share": share}])
        world, start = world_of(scenario)
        policy = AiCmo(choice=Choice(rule="thompson", temperature=1.0))
        kernel = run(world, start, alone(scenario, policy))
        assert not kernel.ledger.account.violations.any()
        return float(np.abs(np.diff(decisions(kernel), axis=0)).sum())

    assert away(0.0) < away(0.1) < away(1.0)
