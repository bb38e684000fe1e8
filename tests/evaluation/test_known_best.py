"""What the clairvoyant knows of breadth and variants is right, and worth something."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aicmo.agents.optimization import Optimization
from aicmo.core.noise import Draws
from aicmo.evaluation.compare import compare
from aicmo.evaluation.insight import Insight
from aicmo.evaluation.known_best import BREADTHS, KnownBreadth, KnownVariants, expected_excess
from aicmo.evaluation.reference import clairvoyant_team
from aicmo.market import advance
from aicmo.market.levers import Levers
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.team import resolve
from aicmo.simulation.world import Start, World
from tests.simulation.worlds import Constant, quiet, rich, run, world_of

RATES = np.array([300.0, 900.0, 60.0])


def test_the_expected_excess_of_a_new_variant_is_its_integral() -> None:
    z = np.linspace(-8, 8, 200_001)
    density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    for spread in (0.1, 0.3, 0.8):
        quality = np.exp(spread * z - 0.5 * spread**2)
        for level in (0.3, 1.0, 1.7):
            integral = np.trapezoid(np.maximum(quality - level, 0.0) * density, z)
            found = expected_excess(np.array([[level]]), np.array([[spread]]))
            assert float(found[0, 0]) == pytest.approx(integral, rel=1e-5, abs=1e-12)
    np.testing.assert_allclose(
        expected_excess(np.array([[0.4, 1.3]]), np.zeros((1, 1))), [[0.6, 0.0]], atol=1e-8
    )


def steady(world: World, start: Start, insight: Insight, breadth: np.ndarray) -> np.ndarray:
    """Orders a day of a campaign when rates and breadth have stood for long, (R, C)."""
    state, skill = start.state, 0.64
    for tick in range(90):
        money = np.broadcast_to(np.round(RATES, 2), world.market.ceiling.shape)
        state, outcome = advance(
            world.market, world.weather, state, money, tick, levers=Levers(breadth=breadth, skill=skill)
        )
    return outcome.mean


def test_the_known_breadth_is_the_best_of_all_that_can_be_tried_on_the_market() -> None:
    scenario = quiet(creative={"exponent": 0.0}, guardrails=[])
    world, start = world_of(scenario, 2)
    team = replace(clairvoyant_team(scenario, world), agents=(Optimization(Constant(tuple(RATES))),))
    insight = Insight(world, team.stack)
    kernel = Kernel(world, start, replace(team, witness=insight.see), range(30))
    assert kernel.run()
    seen = replace(kernel.observe_end(), current=np.tile(RATES, (2, 1)))
    agent = KnownBreadth(insight)
    chosen = agent.act(None, seen, Draws(1, "targeting/known", 2)).value
    tried = np.stack(
        [steady(world, start, insight, np.full(chosen.shape, share)) for share in BREADTHS], axis=0
    )
    found = steady(world, start, insight, chosen)
    assert (found >= tried.max(axis=0) * (1 - 1e-3)).all()
    assert len(np.unique(chosen)) > 1  # rich campaigns address more people than poor ones


def test_the_market_as_money_meets_it_is_what_the_market_does() -> None:
    scenario = quiet(creative={"exponent": 0.0}, guardrails=[])
    world, start = world_of(scenario, 2)
    insight = Insight(world, resolve(scenario, "manual_quarterly").stack)
    insight.see(start.state)
    assert start.state.breadth is not None
    market = insight.standing(0)
    rate = np.tile(RATES, (2, 1))
    expected = market.ceiling * insight.response(rate / (insight.price(0) * market.half_saturation))
    np.testing.assert_allclose(steady(world, start, insight, start.state.breadth), expected, rtol=0.01)


def test_an_insight_that_has_seen_nothing_says_so() -> None:
    world, _ = world_of(quiet(), 2)
    with pytest.raises(ValueError, match="has not seen a state"):
        Insight(world, resolve(world.scenario, "ai_cmo").stack).quality()


def test_knowing_breadth_and_variants_pays() -> None:
    world, start = world_of(rich(), 16)
    team = clairvoyant_team(world.scenario, world)
    assert {agent.seat for agent in team.agents} == {"budget", "pacing", "targeting", "creative"}
    money = replace(team, agents=tuple(a for a in team.agents if a.seat in {"budget", "pacing"}))

    def contribution(staffed: object) -> np.ndarray:
        ledger = run(world, start, staffed, "week").ledger  # type: ignore[arg-type]  # a team
        return np.asarray(ledger.total("gross_profit") - ledger.total("spend") - ledger.total("studio"))

    gain = contribution(team) - contribution(money)
    assert gain.mean() > 2.0 * gain.std() / np.sqrt(len(gain))


def test_blocks_and_workers_change_no_bit_of_a_market_with_creatives_and_audiences() -> None:
    one, two = (
        compare(rich(), ["ai_cmo"], replications=4, seed=3, workers=workers).dataset for workers in (1, 2)
    )
    assert one.identical(two)
    few = compare(rich(), ["ai_cmo"], replications=2, seed=3, workers=1).dataset
    for name in ("contribution", "spend", "costs"):
        np.testing.assert_array_equal(few[name].values, one[name].values[..., :2])


def test_references_are_no_parts_that_a_team_could_seat() -> None:
    assert [*KnownBreadth.examples(), *KnownVariants.examples()] == []
