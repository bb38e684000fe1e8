"""Holdouts as they run: what they cost, what they say and when, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest

from aicmo.core.noise import Draws
from aicmo.guardrails.exploration import Exploration
from aicmo.market.measurement import Stack
from aicmo.messages import Brief, Experiments, Holdouts, Limits, Observation, Proposal
from aicmo.scenario.schema import Scenario
from aicmo.simulation import Session
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import FIELDS
from aicmo.simulation.team import Team
from aicmo.simulation.trials import Trials
from tests.simulation.worlds import Constant, alone, busy, run, still, world_of

RATES = (500.0, 300.0, 400.0)
START = 28
DAILY = {"latency": "0d", "lag_half_life": "1d", "lag_end": "7d"}


def measured(**terms: Any) -> dict[str, Any]:
    return {**DAILY, "experiments": {"capacity": 2, "minimum_days": 7.0, **terms}}


def calm(dispersion: float = 0.0, **terms: Any) -> Scenario:
    """Nothing moves by itself but the volume noise, and holdouts can be run."""
    return still(market={"noise": {"dispersion": dispersion}}, measurement=measured(**terms))


@dataclass(frozen=True)
class Begins:
    """Begins the same holdout in every world on some days, and remembers what it was shown."""

    campaigns: tuple[int, ...] = (0,)
    share: float = 0.4
    days: float = 28.0
    wash_out: float = 0.0
    at: tuple[int, ...] = (START,)
    by_luck: bool = False

    kind: ClassVar[str] = "begins"
    seat: ClassVar[str] = "experiments"
    cadence: ClassVar[str] = "1d"
    shown: ClassVar[list[Experiments]] = []

    @classmethod
    def examples(cls) -> Iterator[Begins]:
        yield cls()

    def init(self, brief: Brief) -> Brief:
        Begins.shown.clear()
        return brief

    def update(self, state: Brief, observation: Observation) -> Brief:
        Begins.shown.append(observation.experiments)
        return state

    def act(self, state: Brief, observation: Observation, draws: Draws) -> Proposal:
        rows, campaigns = state.shape
        if observation.tick not in self.at:
            return Proposal("experiments", Holdouts.none(rows, campaigns))
        tested = np.tile(np.isin(np.arange(campaigns), self.campaigns), (rows, 1))
        if self.by_luck:
            tested = draws.uniform("which", (rows, campaigns)) < 0.4
        each = np.ones(rows)
        return Proposal(
            "experiments", Holdouts(tested, self.share * each, self.days * each, self.wash_out * each)
        )


def team(scenario: Scenario, *agents: Any, rates: tuple[float, ...] = RATES) -> Team:
    stack = Stack.of(scenario.measurement)
    return replace(alone(scenario, Constant(rates), *agents), stack=stack)


def tried(scenario: Scenario, *agents: Begins, rows: int | tuple[int, ...] = 2, **changes: Any) -> Kernel:
    return run(*world_of(scenario, rows), team(scenario, *agents, **changes))


def readouts(kernel: Kernel) -> Experiments:
    return kernel.observe_end().experiments


def full_orders(kernel: Kernel, campaign: int) -> float:
    """Orders a day that a campaign caused just before the first experiment."""
    return float(kernel.ledger["orders_driven"][START - 1, 0, campaign])


def test_a_holdout_costs_the_profit_that_held_out_people_would_have_brought_and_nothing_else() -> None:
    scenario = calm(cost=1500.0)
    with_, without = tried(scenario, Begins()), tried(scenario)
    for name in ("spend", "planned"):
        np.testing.assert_array_equal(with_.ledger[name], without.ledger[name])
    np.testing.assert_array_equal(
        with_.ledger["orders_driven"][:, :, 1:], without.ledger["orders_driven"][:, :, 1:]
    )
    lost = without.ledger["gross_profit"].sum(axis=(0, 2)) - with_.ledger["gross_profit"].sum(axis=(0, 2))
    expected = 0.4 * 28.0 * full_orders(without, 0) * 80 * 0.4
    np.testing.assert_allclose(lost, expected, rtol=1e-6)
    np.testing.assert_array_equal(with_.ledger["experiments"].sum(axis=(0, 2)), 1500.0)
    assert with_.ledger["experiments"][START, 0, 0] == 1500.0


def test_readouts_are_unbiased_with_the_error_that_they_state() -> None:
    kernel = tried(calm(dispersion=2.0), Begins(wash_out=10.0), rows=800)
    found = readouts(kernel)
    assert found.known[:, 0].all()
    truth = full_orders(tried(calm()), 0)
    off = (found.estimate[:, 0] - truth) / found.error[:, 0]
    assert abs(off.mean()) < 4.0 / np.sqrt(off.size)
    assert off.std() == pytest.approx(1.0, abs=4.0 / np.sqrt(2.0 * off.size))


def test_what_people_still_remember_is_missed_unless_it_is_washed_out() -> None:
    half_life, truth = 10.0, tried(calm()).ledger["orders_driven"][:, 0, 1]
    for wash_out, days in ((0.0, 28.0), (28.0, 28.0), (0.0, 7.0)):
        kernel = tried(calm(), Begins(campaigns=(1,), days=days, wash_out=wash_out))
        days_out = wash_out + np.arange(days)
        forgotten = 1.0 - 2.0 ** (-(days_out + 1.0) / half_life)
        counted = truth[START + days_out.astype(int)]
        found = readouts(kernel)
        assert found.estimate[0, 0] == pytest.approx((counted * forgotten).mean(), rel=1e-6)
        assert found.error[0, 0] == 0.0


def test_power_follows_the_volume_of_all_segments_tested() -> None:
    kernel = tried(calm(dispersion=2.0), Begins(campaigns=(0, 1, 2)))
    orders = kernel.ledger["orders"][START : START + 28].mean(axis=0)
    expected = np.sqrt(2.0 * orders.sum(axis=1) / (28.0 * 0.4 * 0.6))
    np.testing.assert_allclose(readouts(kernel).error[:, 0], expected, rtol=1e-9)


def test_the_same_experiment_meets_the_same_luck_whoever_runs_it() -> None:
    """What happens in the other segment is another team's affair."""
    left, right = (
        readouts(tried(calm(dispersion=2.0), Begins(), rates=rates))
        for rates in (RATES, (500.0, 300.0, 900.0))
    )
    np.testing.assert_array_equal(left.estimate[:, 0], right.estimate[:, 0])
    np.testing.assert_array_equal(left.error, right.error)
    assert (left.estimate[0, 0] != left.estimate[1, 0]).any()


def test_a_readout_arrives_when_conversions_have_and_not_before() -> None:
    scenario = still(measurement={**measured(), "latency": "3d"})
    tried(scenario, Begins(days=14.0))
    arrived = next(day for day, seen in enumerate(Begins.shown) if seen.known.any())
    lag = next(age for age in range(8) if (1 - 2.0 ** -(age + 1)) / (1 - 2.0**-7) >= 0.99)
    assert arrived == START + 14 + lag + 3
    before = Begins.shown[arrived - 1]
    assert not before.estimate.any()
    assert before.start[0, 0] == START
    np.testing.assert_array_equal(before.held_out(START + 13)[0], [0.4, 0.0, 0.0])
    assert not before.held_out(START + 14).any()


def test_what_cannot_be_begun_is_refused_on_record() -> None:
    refused = {
        "counted for at least 7 days": Begins(days=6.0),
        "already in an experiment": Begins(at=(START, START + 5)),
        "at most 0 experiments run at once": Begins(),
        "more money goes to people held out": Begins(share=0.6, campaigns=(0, 1, 2)),
        "above 0 and below 1": Begins(share=1.0),
    }
    for said, agent in refused.items():
        scenario = calm(capacity=0 if "at most 0" in said else 2)
        staffed = replace(team(scenario, agent), guardrails=(Exploration(share=0.3),))
        kernel = run(*world_of(scenario), staffed, fails=True)
        assert (kernel.ledger.account.interventions == 1).all(), said
        begun = (readouts(kernel).share > 0).sum(axis=1)
        assert (begun == (1 if "already" in said else 0)).all(), said


def test_every_reason_is_said_with_the_rows_that_it_holds_for() -> None:
    world, _ = world_of(calm())
    trials = Trials(world.brief, world.market, world.tape, Stack.of(calm().measurement), 98)
    rows, free = np.ones(4), Limits.none(*world.brief.shape)
    tested = np.array([[True, False, False]] * 2 + [[False] * 3, [True, True, True]])
    wish = Holdouts(tested, 0.5 * rows, np.array([28.0, 3.0, 28.0, 28.0]), 0.0 * rows)
    capped = replace(free, withheld=np.array([100.0, 900.0, 900.0, 900.0]))
    costs, (refusal,) = trials.begin(wish, 0, np.tile(RATES, (4, 1)), capped)
    assert refusal.reason == (
        "1 of 4 rows: orders are counted for at least 7 days; "
        "1 of 4 rows: more money goes to people held out than is allowed"
    )
    np.testing.assert_array_equal(refusal.moved, [250.0, 250.0, 0.0, 0.0])
    assert not costs.any()
    for wrong in (np.ones((4, 3)), replace(wish, share=np.ones(3)), replace(wish, tested=tested.T)):
        _, (rejection,) = trials.begin(wrong, 0, np.tile(RATES, (4, 1)), free)
        assert "4 of 4 rows of experiments rejected" in rejection.reason


def test_a_scenario_in_which_nobody_experiments_is_the_same_bit_for_bit() -> None:
    plain, could = still(measurement=DAILY), calm()
    left, right = (run(*world_of(scenario), team(scenario)) for scenario in (plain, could))
    for field in FIELDS:
        np.testing.assert_array_equal(left.ledger[field.name], right.ledger[field.name])


def test_experiments_of_one_world_do_not_touch_another() -> None:
    scenario = busy(measurement={**measured(), "latency": "2d"})
    agent = Begins(by_luck=True, at=(5, 25, 50), days=14.0, wash_out=3.0)
    rates = (300.0, 200.0, 100.0, 100.0)
    whole, part = (tried(scenario, agent, rows=rows, rates=rates) for rows in ((0, 1, 2, 3), (2,)))
    for field in FIELDS:
        np.testing.assert_array_equal(whole.ledger[field.name][:, [2]], part.ledger[field.name])
    many, one = readouts(whole), readouts(part)
    assert one.known.any()
    for name in ("tested", "share", "start", "end", "known", "estimate", "error", "spend"):
        np.testing.assert_array_equal(getattr(many, name)[[2]], getattr(one, name))


def test_readouts_know_nothing_of_what_happens_after_them() -> None:
    scenario = busy(measurement={**measured(), "latency": "2d"})
    agent, fork, shown = Begins(days=14.0, at=(5, 40)), 50, []
    for forks in ((), (fork,)):
        run(*world_of(scenario, forks=forks), team(scenario, agent, rates=(300.0, 200.0, 100.0, 100.0)))
        shown.append(list(Begins.shown))
    for day, (left, right) in enumerate(zip(*shown, strict=True)):
        same = (left.estimate == right.estimate).all()
        assert same or day > fork + 1
    assert (shown[0][-1].estimate != shown[1][-1].estimate).any()
    assert shown[0][fork].known.any()


def test_the_seat_can_be_filled_by_hand() -> None:
    session = Session(calm(dispersion=1.0), 2, team="equal_split", open_seat="experiments", cadence="2w")
    seen = session.reset()
    wish = Holdouts(np.array([[True, False, False]] * 2), *(np.full(2, x) for x in (0.5, 21.0, 3.0)))
    while not session.done:
        none = Holdouts.none(2, 3)
        seen, _, _ = session.step(wish if seen.tick == START else none)
    assert seen.experiments.known[:, 0].all()
    assert (seen.experiments.end - seen.experiments.start)[0, 0] == 24
    with pytest.raises(ValueError, match="this market has no experiments"):
        Session(still(), 2, open_seat="experiments")
    session.reset()
    with pytest.raises(ValueError, match="a Holdouts for seat 'experiments', got ndarray"):
        session.step(np.ones((2, 3)))


@pytest.mark.parametrize("name", ["manual_strong", "ai_cmo"])
def test_shipped_teams_experiment_without_a_refusal_and_world_by_world(name: str) -> None:
    scenario = busy(measurement={**measured(), "latency": "2d"})
    whole, part = (run(*world_of(scenario, rows), name) for rows in ((0, 1, 2, 3), (2,)))
    for field in FIELDS:
        np.testing.assert_array_equal(whole.ledger[field.name][:, [2]], part.ledger[field.name])
    begun = (readouts(whole).share > 0.0).sum(axis=1)
    if name == "manual_strong":
        quarters = sum(period.start >= 0 for period in whole.brief.periods)
        assert (begun == quarters).all()
    assert begun.max() <= 2 * len(whole.ticks) // 7
