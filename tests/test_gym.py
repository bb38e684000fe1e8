"""The door for learners: the same worlds and rewards as a Session stepped by hand."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

import aicmo
from aicmo.gym import BY_CAMPAIGN, ID, WHOLE, BudgetEnv
from aicmo.scenario.schema import Scenario

R = 3


@pytest.fixture(scope="module")
def small() -> Scenario:
    return aicmo.load("scenarios/small.yaml")


@pytest.fixture
def env(small: Scenario) -> BudgetEnv:
    return BudgetEnv(small, num_envs=R, cadence="13w")


def test_what_is_seen_fits_the_spaces_until_the_end_and_after(env: BudgetEnv) -> None:
    seen, info = env.reset(seed=1)
    steps, ended = 0, np.zeros(R, dtype=bool)
    while not ended.any():
        assert env.observation_space.contains(seen)
        seen, reward, ended, cut, _ = env.step(env.action_space.sample())
        assert reward.shape == ended.shape == cut.shape == (R,)
        steps += 1
    assert ended.all()
    assert not cut.any()
    assert steps > 1
    seen, reward, ended, _, again = env.step(env.action_space.sample())
    assert env.observation_space.contains(seen)
    assert not reward.any()
    assert not ended.any()
    assert again["seed"] != info["seed"]


def test_rewards_are_those_of_a_session_stepped_by_hand(env: BudgetEnv, small: Scenario) -> None:
    weights = np.random.default_rng(0).uniform(size=env.action_space.shape)
    env.reset(seed=4)
    session = aicmo.Session(small, R, 4, "ai_cmo", open_seat="budget", cadence="13w")
    observation = session.reset()
    shares = weights / weights.sum(axis=1, keepdims=True)
    while not session.done:
        rate = shares * (observation.remaining / observation.days_left)[:, None]
        observation, expected, _ = session.step(rate)
        np.testing.assert_array_equal(env.step(weights)[1], expected)


def test_a_seed_names_the_worlds_and_all_that_follow(env: BudgetEnv) -> None:
    first, _ = env.reset(seed=9)
    second, info = env.reset()
    assert (first != second).any()
    np.testing.assert_array_equal(env.reset(seed=9)[0], first)
    np.testing.assert_array_equal(env.reset()[0], second)
    np.testing.assert_array_equal(env.reset(seed=info["seed"])[0], second)


def test_only_the_proportions_of_an_action_matter_and_none_at_all_means_equal(small: Scenario) -> None:
    def rewards(action: np.ndarray) -> np.ndarray:
        env = BudgetEnv(small, num_envs=2, cadence="13w")
        env.reset(seed=2)
        return env.step(action)[1]

    shape = (2, len(small.market.campaigns))
    assert (rewards(np.zeros(shape)) == rewards(np.full(shape, 0.25))).all()
    tilted = np.linspace(0.25, 1.0, shape[1]) * np.ones(shape)
    assert (rewards(tilted) == rewards(tilted / 4)).all()
    assert (rewards(tilted) != rewards(np.zeros(shape))).any()


def test_worlds_do_not_know_how_many_they_are(small: Scenario) -> None:
    few, many = (BudgetEnv(small, num_envs=n).reset(seed=5)[0] for n in (2, 5))
    np.testing.assert_array_equal(many[:2], few)


def test_features_are_named_in_order(env: BudgetEnv) -> None:
    seen, _ = env.reset(seed=1)
    campaigns = len(env.scenario.market.campaigns)
    assert seen.shape == (R, len(BY_CAMPAIGN) * campaigns + len(WHOLE))
    np.testing.assert_allclose(seen[:, -2:], 1.0)
    assert (seen[:, :campaigns] > 0.0).any(axis=1).all()


@pytest.mark.parametrize("wrong", [-0.1, np.nan, np.inf])
def test_an_impossible_action_is_told(env: BudgetEnv, wrong: float) -> None:
    env.reset(seed=1)
    action = np.ones((R, len(env.scenario.market.campaigns)))
    with pytest.raises(ValueError, match="finite actions ≥ 0"):
        env.step(action * wrong)
    with pytest.raises(ValueError, match=r"= \(R, C\), got shape"):
        env.step(action.T)


def test_gymnasium_makes_it_by_name() -> None:
    env = gymnasium.make_vec(ID, num_envs=2, scenario="scenarios/small.yaml")
    assert isinstance(env.unwrapped, BudgetEnv)
    assert env.num_envs == 2
