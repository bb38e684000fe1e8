"""The channel agent: totals and limits hold on every day of a ramp, and the hours are learned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicmo.agents.channel import Channel, to_total
from aicmo.agents.containment import sound_timing
from aicmo.checks import fixtures
from aicmo.core.noise import Draws
from aicmo.messages import Limits, Observation, Pace
from aicmo.scenario.load import load
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.team import resolve
from aicmo.simulation.world import open_world
from tests.agents.looks import BRIEF, FLAT, draws, looked

SCENARIO = Path(__file__).parents[2] / "scenarios" / "send_time.yaml"


@given(st.integers(0, 2**32))
def test_a_day_keeps_its_total_and_every_campaign_its_limits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    target = rng.lognormal(0.0, 1.0, (4, 6)) * (rng.random((4, 6)) < 0.9)
    running = rng.lognormal(0.0, 1.5, (4, 6)) * (target > 0)
    lower, upper = target * rng.uniform(0.0, 1.0, (4, 6)), target * rng.uniform(1.0, 2.0, (4, 6))
    total = target.sum(axis=1, keepdims=True)
    paced = to_total(running, total, lower, upper)
    assert (paced >= lower * (1 - 1e-12)).all()
    assert (paced <= upper * (1 + 1e-12)).all()
    np.testing.assert_allclose(paced.sum(axis=1, keepdims=True), total, rtol=1e-9, atol=1e-12)
    alone = to_total(running[2:3], total[2:3], lower[2:3], upper[2:3])
    np.testing.assert_array_equal(alone[0], paced[2])


def test_a_minimum_holds_also_on_the_first_days_of_a_ramp() -> None:
    agent, rate = Channel(), np.full(BRIEF.shape, 10.0)
    rate[:, 0] = 1.0
    limits = replace(Limits.none(*BRIEF.shape), lower=np.tile([8.0, *[0.0] * 6], (6, 1)))
    state = agent.update(agent.init(BRIEF), replace(looked(28), current=rate))
    after = replace(looked(29), current=np.full(BRIEF.shape, 10.0), limits=limits)
    state = agent.update(state, after)
    wish = agent.act(state, after, draws(agent, 29)).value
    assert isinstance(wish, Pace)
    sent = 10.0 * wish.factor
    np.testing.assert_allclose(sent[:, 0], 8.0)  # the ramp alone would be at 1.2
    np.testing.assert_allclose(sent.sum(axis=1), 70.0)


def paced(agent: Channel, seen: Observation) -> np.ndarray:
    state = agent.update(agent.init(FLAT), seen)
    wish = agent.act(state, seen, draws(agent, seen.tick)).value
    assert isinstance(wish, Pace)
    assert wish.timing is not None
    return wish.timing


def test_money_goes_to_the_hours_that_bring_orders() -> None:
    """The last part of three brings twice as much: with crowding ½ it gets four times the money."""
    seen = looked(70, orders=np.full((BRIEF.history_ticks + 70, *BRIEF.shape), 500.0))
    timing = paced(Channel(spread=2.0), seen)
    np.testing.assert_allclose(timing.mean(axis=2), 1.0)
    np.testing.assert_allclose(timing[..., 2] / timing[..., 0], 4.0, rtol=0.15)
    doubtful = paced(Channel(spread=0.01), seen)
    assert (doubtful[..., 2] / doubtful[..., 0] < 0.7 * timing[..., 2] / timing[..., 0]).all()


def test_without_hours_a_pace_is_a_factor_alone() -> None:
    agent, brief = Channel(), replace(FLAT, dayparts=0)
    seen = replace(looked(28), hours=None)
    state = agent.update(agent.init(brief), seen)
    np.testing.assert_array_equal(agent.act(state, seen, draws(agent, 28)).value, 1.0)


def test_a_timing_that_is_none_leaves_the_day_as_it_is() -> None:
    even = np.ones((6, 7, 3))
    for wrong in (np.full((6, 7, 3), np.nan), 2.0 * even, np.ones((7, 6, 3)), "noon"):
        taken, rejections = sound_timing(wrong, even, 3)
        np.testing.assert_array_equal(taken, even)
        assert rejections[0].reason
    half = np.where(np.arange(6)[:, None, None] == 1, np.array([3.0, 0.0, 0.0]), 2.0 * even)
    taken, (told,) = sound_timing(half, even, 3)
    np.testing.assert_array_equal(taken[1, 0], [3.0, 0.0, 0.0])
    np.testing.assert_array_equal(told.moved, [1.0, 0.0, 1.0, 1.0, 1.0, 1.0])


class Even(Channel):
    """The same ramps on an even day."""

    def act(self, state: Any, observation: Observation, draws: Draws) -> Any:
        wish = super().act(state, observation, draws)
        return replace(wish, value=wish.value.factor)


def test_in_a_whole_market_learned_hours_bring_nearly_what_known_ones_would() -> None:
    world = open_world(load(SCENARIO), 1, 6)
    history, team = live_history(world), resolve(world.scenario, "level_1")
    driven = []
    for agent in (Channel(), Even()):
        agents = tuple(agent if item.seat == "pacing" else item for item in team.agents)
        kernel = Kernel(world, history, replace(team, agents=agents), range(world.brief.ticks), "week")
        kernel.run()
        driven.append(kernel.ledger.total("orders_driven"))
    assert (driven[0] > driven[1]).all()
    gain = driven[0].sum() / driven[1].sum() - 1.0
    assert 0.01 < gain < 0.05  # who knew the hours: .0235


@pytest.mark.parametrize("build", [lambda: Channel(crowding=0.0), lambda: Channel(spread=0.0)])
def test_settings_that_cannot_be_are_refused(build: Any) -> None:
    with pytest.raises(ValueError, match="crowding lies above 0"):
        build()


def test_all_checks_see_a_market_with_hours() -> None:
    assert fixtures.brief().dayparts == 3
    assert fixtures.observation(fixtures.brief(), 28).hours is not None
