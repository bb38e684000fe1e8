"""The seats that move no money: what they decide is in force, what they see is no truth, bits stay bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

import numpy as np
import pytest

from aicmo.core.noise import Draws
from aicmo.evaluation.reference import clairvoyant_team, dark_team
from aicmo.market.creative import counted
from aicmo.messages import Brief, Creatives, Mix, Observation, Proposal, Seat
from aicmo.scenario.schema import Scenario
from aicmo.simulation import Session
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.replay import Script
from aicmo.simulation.rotation import Reel
from aicmo.simulation.team import Team, resolve
from aicmo.simulation.world import before_history
from tests.simulation.test_rows import assert_same
from tests.simulation.worlds import Constant, alone, busy, quiet, rich, run, world_of

RATES = (250.0, 200.0, 150.0, 50.0)
Answer = Callable[[Observation], Any]


@dataclass(frozen=True)
class Breadths:
    """A targeting seat that is filled by a function of what is seen."""

    answer: Answer
    cadence: str = "1w"

    kind: ClassVar[str] = "answers"
    seat: ClassVar[Seat] = "targeting"

    @classmethod
    def examples(cls) -> Iterator[Breadths]:
        yield cls(lambda seen: seen.breadth)

    def init(self, brief: Brief) -> None:
        pass

    def update(self, state: None, observation: Observation) -> None:
        pass

    def act(self, state: None, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - it knows
        return Proposal(self.seat, self.answer(observation))


@dataclass(frozen=True)
class Mixes(Breadths):
    """A creative seat likewise."""

    seat: ClassVar[Seat] = "creative"


def seated(scenario: Scenario, *agents: Breadths) -> Team:
    return alone(scenario, Constant(RATES[: len(scenario.market.campaigns)]), *agents)


def creatives(seen: Observation) -> Creatives:
    assert seen.creatives is not None
    return seen.creatives


# --- what is decided is in force ---


def test_a_breadth_stays_in_force_until_it_is_replaced() -> None:
    scenario = quiet()
    wish = Breadths(lambda seen: np.full(seen.current.shape, 0.25 if seen.tick < 49 else 0.8))
    world, start = world_of(scenario)
    half = run(world, start, seated(scenario, wish), ticks=45).state.breadth
    np.testing.assert_array_equal(half, np.full((4, 3), 0.25))
    np.testing.assert_array_equal(
        run(world, start, seated(scenario, wish)).state.breadth, np.full((4, 3), 0.8)
    )
    np.testing.assert_array_equal(run(world, start, seated(scenario)).state.breadth, start.state.breadth)


def test_usable_profiles_decide_what_a_narrow_audience_is_worth() -> None:
    def orders(match_rate: float) -> np.ndarray:
        scenario = quiet(measurement={"latency": "0d", "match_rate": match_rate, "consent": 0.9})
        wish = Breadths(lambda seen: np.full(seen.current.shape, 0.2))
        return run(*world_of(scenario), seated(scenario, wish)).ledger.total("orders_driven")

    none, some, all_ = (orders(rate) for rate in (0.0, 0.5, 1.0))
    assert (none < some).all()
    assert (some < all_).all()


def test_traffic_that_favours_the_better_variant_pays_in_every_world() -> None:
    scenario = quiet(creative={"exponent": 0.0})  # nothing wears out
    world, start = world_of(scenario, 6)
    assert world.market.creative is not None
    quality = world.market.creative.quality
    best = (quality == quality.max(axis=2, keepdims=True)).astype(float)
    worst = (quality == quality.min(axis=2, keepdims=True)).astype(float)

    def orders(*agents: Breadths) -> np.ndarray:
        return run(world, start, seated(scenario, *agents)).ledger.total("orders_driven")

    even = orders()
    assert (orders(Mixes(lambda _: Mix(best))) > even).all()
    assert (orders(Mixes(lambda _: Mix(worst))) < even).all()


def test_a_retired_variant_is_gone_and_its_slot_is_filled_first() -> None:
    scenario = quiet(studio={"spread": 0.0})

    def wish(seen: Observation) -> Mix:
        known = creatives(seen)
        if seen.tick > 0:
            return Mix(known.traffic)
        gone = np.zeros(known.live.shape, dtype=bool)
        gone[:, :, 1] = True
        order = np.zeros(seen.current.shape, dtype=np.int64)
        order[:, 0] = 1
        return Mix(np.tile([0.7, 0.0, 0.3], (*order.shape, 1)), gone, order)

    kernel = run(*world_of(scenario, 2), seated(scenario, Mixes(wish)))
    variants = kernel.state.variants
    assert variants is not None
    np.testing.assert_array_equal(
        variants.quality[0] > 0, [[True] * 3, [True, False, True], [True, False, True]]
    )
    np.testing.assert_allclose(variants.traffic[0, 0], [0.7 * 2 / 3, 1 / 3, 0.3 * 2 / 3])
    np.testing.assert_array_equal(variants.traffic[0, 1], [0.7, 0.0, 0.3])


def test_rubbish_in_one_world_leaves_the_others_their_decision_and_is_on_record() -> None:
    scenario = quiet()

    def wish(seen: Observation) -> np.ndarray:
        breadth = np.full(seen.current.shape, 0.3)
        breadth[1, 0] = np.nan
        return breadth

    kernel = run(*world_of(scenario), seated(scenario, Breadths(wish)), fails=True)
    np.testing.assert_array_equal(kernel.state.breadth, np.full((4, 3), [[0.3], [0.5], [0.3], [0.3]]))
    np.testing.assert_array_equal(kernel.ledger.account.interventions, [0, 14, 0, 0])


def test_governance_keeps_risky_money_from_costing() -> None:
    scenario = rich(market={"incidents": {"money_per_incident": 3000, "cost": 500, "exposed": 0.3}})
    world, start = world_of(scenario, 8)
    team = seated(scenario)
    loose, tight, closed = (
        run(world, start, replace(team, governance=share)).ledger.total("penalty")
        for share in (0.0, 0.6, 1.0)
    )
    assert loose.sum() > tight.sum() > 0
    assert (loose >= tight).all()
    assert not closed.any()


# --- what is seen is no truth ---


def test_before_anything_happened_creatives_look_alike_whatever_their_quality() -> None:
    def first(spread: float, exponent: float) -> Creatives:
        seen: list[Observation] = []

        def look(observation: Observation) -> Mix:
            seen.append(observation)
            return Mix(creatives(observation).traffic)

        scenario = rich(creative={"quality": spread, "exponent": exponent})
        world, _ = world_of(scenario)
        ticks = range(-world.brief.history_ticks, -world.brief.history_ticks + 3)
        kernel = Kernel(world, before_history(world), seated(scenario, Mixes(look)), ticks)
        assert kernel.run()
        return creatives(seen[0])

    one, other = first(0.1, 0.1), first(0.9, 0.9)
    for item in fields(Creatives):
        np.testing.assert_array_equal(getattr(one, item.name), getattr(other, item.name), err_msg=item.name)


def test_credit_by_variant_is_the_true_share_with_the_luck_of_counting() -> None:
    shares = np.broadcast_to([0.5, 0.3, 0.2], (4000, 1, 1, 3))
    volume = np.full((4000, 1, 1), 12.0)
    z = np.random.default_rng(3).standard_normal(shares.shape)
    seen = counted(volume, shares, np.full((1, 1), 1.0), z)
    np.testing.assert_allclose(seen.sum(axis=-1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(seen.mean(axis=(0, 1, 2)), [0.5, 0.3, 0.2], atol=0.01)
    multinomial = np.sqrt(shares[0, 0, 0] * (1 - shares[0, 0, 0]) / 12.0)
    np.testing.assert_allclose(seen.std(axis=(0, 1, 2)), multinomial, rtol=0.12)
    exact = counted(volume, shares, np.zeros((1, 1)), z)
    np.testing.assert_allclose(exact, shares, rtol=1e-12)


def test_reports_hold_what_has_been_delivered_and_nothing_younger() -> None:
    looks: list[tuple[int, int, int, int]] = []

    def look(seen: Observation) -> Mix:
        known = creatives(seen)
        delivered = seen.origin[seen.delivered]
        looks.append((seen.tick, int(known.origin[0]), int(known.origin[-1]), int(delivered[-1])))
        assert (np.diff(known.origin) == 1).all()
        assert known.served.shape == known.credit.shape == (len(known.origin), *known.live.shape)
        np.testing.assert_allclose(known.served.sum(axis=-1), 1.0)
        np.testing.assert_allclose(known.credit.sum(axis=-1), 1.0)
        return Mix(known.traffic)

    run(*world_of(rich()), seated(rich(), Mixes(look)))
    assert len(looks) == 14
    for tick, first, last, known_until in looks:
        assert last == known_until == tick - 3  # two days of latency
        assert first == max(tick - 56, -42)


def test_consent_that_is_lost_shows_as_coverage() -> None:
    law = {"name": "law", "start": "2026-03-02", "duration": "4w", "consent": 0.5}
    scenario = rich(market={"events": [law]})
    seen: dict[int, float] = {}

    def look(observation: Observation) -> Any:
        seen[observation.tick] = observation.coverage
        return observation.breadth

    run(*world_of(scenario), seated(scenario, Breadths(look)))
    assert seen[0] == pytest.approx(0.64)
    assert seen[63] == pytest.approx(0.32)
    assert seen[91] == pytest.approx(0.64)


def test_a_reel_keeps_the_last_rows_in_order() -> None:
    reel, kept = Reel(5, (2,)), []
    for n in range(23):
        reel.append(np.full(2, float(n)))
        kept.append(float(n))
        assert reel.last()[:, 0].tolist() == kept[-5:]
        assert reel.last(3)[:, 1].tolist() == kept[-3:]


# --- seats, sessions, bits ---


def test_a_market_without_the_mechanisms_has_no_such_seats() -> None:
    team = resolve(busy(), "ai_cmo")
    assert {agent.seat for agent in team.agents} == {"budget", "pacing"}
    assert {agent.seat for agent in resolve(rich(), "ai_cmo").agents} >= {
        "budget",
        "targeting",
        "creative",
        "pacing",
    }
    seats: tuple[Seat, Seat] = ("targeting", "creative")
    for seat in seats:
        with pytest.raises(ValueError, match=f"seat '{seat}' decides about nothing"):
            Session(busy(), 2, open_seat=seat)


def test_the_creative_seat_can_be_filled_by_hand() -> None:
    session = Session(rich(), 2, open_seat="creative")
    observation = session.reset()
    with pytest.raises(ValueError, match="a Mix for seat 'creative', got ndarray"):
        session.step(observation.current)
    first = creatives(observation)
    kept = first.credit.copy()
    with pytest.raises(ValueError, match=r"shape \(2, 4, 3\) = \(R, C, V\), got \(2, 4\)"):
        session.step(Mix(observation.current))
    while not session.done:
        observation, _, _ = session.step(
            Mix(creatives(observation).traffic, order=np.ones((2, 4), dtype=int))
        )
        assert observation.creatives is not None
    np.testing.assert_array_equal(first.credit, kept)
    assert session.ledger["launched"].sum() > 0


def test_the_targeting_seat_can_be_filled_by_hand() -> None:
    session = Session(rich(), 2, open_seat="targeting")
    observation = session.reset()
    while not session.done:
        observation, _, _ = session.step(np.full((2, 4), 0.3))
    np.testing.assert_array_equal(observation.breadth, np.full((2, 4), 0.3))


@pytest.mark.parametrize("kind", ["ai_cmo", "manual_quarterly", "clairvoyant", "dark"])
def test_the_bits_of_a_world_do_not_depend_on_its_batch(kind: str) -> None:
    def ran(rows: tuple[int, ...]) -> Kernel:
        world, start = world_of(rich(), rows)
        return run(world, start, team_of(kind, rows, ()))

    many = ran(tuple(range(6)))
    for rows in ((0, 1, 2), (5,), (4, 2)):
        assert_same(ran(rows), many, list(rows))


def team_of(kind: str, rows: tuple[int, ...], forks: tuple[int, ...]) -> Team:
    world, _ = world_of(rich(), rows, forks=forks)
    if kind == "dark":
        return dark_team(world.scenario)
    return clairvoyant_team(world.scenario, world) if kind == "clairvoyant" else resolve(world.scenario, kind)


FORK = 34


@pytest.mark.parametrize("kind", ["ai_cmo", "manual_quarterly", "clairvoyant"])
def test_another_future_changes_no_breadth_traffic_or_order_before_it(kind: str) -> None:
    def scripted(forks: tuple[int, ...]) -> tuple[Kernel, Script]:
        rows = (0, 1, 2)
        world, start = world_of(rich(), rows, forks=forks)
        script = Script(start.state)
        kernel = Kernel(world, start, team_of(kind, rows, forks), range(98), script=script)
        assert kernel.run()
        return kernel, script

    (past, written), (other, rewritten) = scripted(()), scripted((FORK,))
    same = FORK + 1 if kind == "clairvoyant" else FORK + 2
    np.testing.assert_array_equal(past.ledger["studio"][:same], other.ledger["studio"][:same])
    np.testing.assert_array_equal(past.ledger["launched"][:same], other.ledger["launched"][:same])
    for left, right in zip(written.levers[:same], rewritten.levers[:same], strict=True):
        np.testing.assert_array_equal(left.breadth, right.breadth)
    assert [t for t in written.creatives if t < same] == [t for t in rewritten.creatives if t < same]
    for tick in (t for t in written.creatives if t < same):
        np.testing.assert_array_equal(written.creatives[tick].traffic, rewritten.creatives[tick].traffic)
    assert (past.ledger["orders"][FORK + 1 :] != other.ledger["orders"][FORK + 1 :]).any()


def test_the_dark_orders_nothing_and_serves_what_is_there() -> None:
    world, start = world_of(rich())
    dark = run(world, start, dark_team(world.scenario))
    assert not dark.ledger["studio"].any()
    assert not dark.ledger["spend"].any()
