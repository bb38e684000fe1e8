"""What holdouts say about credit: exact updates, calibrated beliefs, windows that compare like with like."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aicmo.checks import fixtures
from aicmo.messages import Experiments, Observation, Terms
from aicmo.policies._calibration import Calibration, as_if_whole, counted_credit, step, withheld

BRIEF = fixtures.brief(replications=3)
TICK, SLOTS = 90, 4
SHARE, START, COUNTED, END = 0.4, 20, 30, 58


def observed(estimate: float | np.ndarray, error: float = 1.0, *, channel: int = 0) -> Observation:
    """One readout of a channel in every world; credit dips while people are held out."""
    empty = Experiments.none(*BRIEF.shape, SLOTS, Terms(2, 7.0))
    filled = {name: getattr(empty, name).copy() for name in vars(empty) if name != "terms"}
    first = {"share": SHARE, "start": START, "counted": COUNTED, "end": END, "known": True}
    for name, value in {**first, "estimate": estimate, "error": error}.items():
        filled[name][:, 0] = value
    filled["tested"][:, 0] = channel == BRIEF.channel
    whole = fixtures.observation(BRIEF, TICK)
    seen = replace(whole, experiments=replace(empty, **filled))
    return replace(seen, unified=whole.unified * (1.0 - withheld(BRIEF, seen, -BRIEF.history_ticks)))


def test_a_step_is_the_posterior_of_a_joint_normal() -> None:
    rng = np.random.default_rng(4)
    root = rng.standard_normal((4, 4))
    mean, covariance = rng.normal(0.8, 0.1, 4), root @ root.T
    credit, estimate, variance = rng.uniform(0.0, 50.0, 4), 30.0, 16.0
    moved, left = step(mean, covariance, credit, estimate, variance)
    precision = np.linalg.inv(covariance) + np.outer(credit, credit) / variance
    expected = np.linalg.solve(precision, np.linalg.solve(covariance, mean) + credit * estimate / variance)
    np.testing.assert_allclose(moved, expected, rtol=1e-8)
    np.testing.assert_allclose(left, np.linalg.inv(precision), rtol=1e-6, atol=1e-9)


def test_beliefs_are_as_wide_as_they_are_wrong() -> None:
    """Draw shares from the prior, test channels at random: errors stand in proportion to what is stated."""
    rng, prior = np.random.default_rng(8), Calibration()
    covariance = prior.common_sd**2 + prior.channel_sd**2 * np.eye(3)
    found = []
    for _ in range(600):
        true = rng.multivariate_normal(np.full(3, prior.mean), covariance)
        mean, left = np.full(3, prior.mean), covariance
        for k in rng.integers(0, 3, 4):
            credit = 40.0 * np.eye(3)[k]
            mean, left = step(mean, left, credit, float(credit @ true) + 8.0 * rng.standard_normal(), 64.0)
        found.append((true - mean) / np.sqrt(np.diag(left)))
    scores = np.array(found)
    assert np.abs(scores.mean(axis=0)).max() < 4.0 / np.sqrt(600)
    np.testing.assert_allclose(scores.std(axis=0), 1.0, atol=4.0 / np.sqrt(1200))


def test_a_test_of_one_channel_says_something_about_the_others() -> None:
    prior = Calibration()
    belief = prior.learn(BRIEF, prior.open(BRIEF), observed(1.0))
    moved = prior.mean - belief.mean
    assert (moved[:, 0] > moved[:, 1]).all()
    assert (moved[:, 1] > 0.05).all()
    np.testing.assert_array_equal(moved[:, 1], moved[:, 2])
    assert (np.diagonal(belief.covariance, axis1=1, axis2=2) < prior.common_sd**2 + prior.channel_sd**2).all()


def test_credit_is_compared_as_if_nobody_had_been_held_out_and_nobody_remembered() -> None:
    seen, row = observed(1.0), 1
    credit = counted_credit(BRIEF, seen, row, 0)
    members = np.flatnonzero(BRIEF.channel == 0)
    daily = fixtures.PACE / 7 / 40.0
    t = np.arange(COUNTED, END) + 1 - START
    kept = [(1.0 - 2.0 ** (-t / BRIEF.half_life[row, c])).mean() for c in members]
    np.testing.assert_allclose(credit[0], daily * np.sum(kept), rtol=1e-9)
    assert not credit[1:].any()


def test_credit_is_made_whole_for_the_learner_and_only_where_people_were_held_out() -> None:
    seen, whole = observed(1.0), fixtures.observation(BRIEF, TICK)
    mended = as_if_whole(BRIEF, seen, -BRIEF.history_ticks)
    np.testing.assert_allclose(mended.unified, whole.unified, rtol=1e-9)
    untested = BRIEF.channel != 0
    np.testing.assert_array_equal(mended.unified[:, :, untested], whole.unified[:, :, untested])
    assert (seen.unified[END + BRIEF.history_ticks - 1, :, ~untested] < 0.7 * whole.unified[-30, 0, 0]).all()
    assert as_if_whole(BRIEF, whole, 0) is whole


def test_each_readout_is_absorbed_once_and_worlds_without_any_are_left_alone() -> None:
    prior, seen = Calibration(), observed(np.array([1.0, 5.0, 5.0]))
    known = seen.experiments.known.copy()
    known[1] = False
    seen = replace(seen, experiments=replace(seen.experiments, known=known))
    belief = prior.learn(BRIEF, prior.open(BRIEF), seen)
    assert prior.learn(BRIEF, belief, seen) is belief
    np.testing.assert_array_equal(belief.factor[1], 1.0)
    np.testing.assert_array_equal(belief.mean[1], prior.mean)
    assert (belief.factor[0] < belief.factor[2]).all()


def test_what_says_nothing_moves_nothing() -> None:
    mean, covariance = step(np.full(2, 0.8), np.eye(2), np.zeros(2), 0.0, 0.0)
    np.testing.assert_array_equal(mean, 0.8)
    np.testing.assert_array_equal(covariance, np.eye(2))
    precise = step(np.full(2, 0.8), np.eye(2), np.array([10.0, 0.0]), 5.0, 1e-12)
    assert precise[0][0] == pytest.approx(0.5)
