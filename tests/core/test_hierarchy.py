"""Pooling helps thin campaigns, does no harm where groups mean nothing, and uses no campaign's data twice."""

import numpy as np
import pytest
from numpy.typing import NDArray

from aicmo.core import posterior
from aicmo.core.grid import ShapeGrid
from aicmo.core.hierarchy import pool

Floats = NDArray[np.float64]
R, C, GROUPS = 60, 24, 4
CHANNEL = np.arange(C) % GROUPS
SEGMENT = np.arange(C) // 8
THIN = np.arange(C) >= 12


def market(between: float, within: float, seed: int) -> tuple[posterior.Posterior, Floats]:
    """Half of the campaigns have two noisy observations, the others sixty; truth is the response at 100."""
    rng = np.random.default_rng(seed)
    effect = rng.normal(0.0, between, (R, GROUPS))[:, CHANNEL]
    truth = 20.0 * np.exp(effect + rng.normal(0.0, within, (R, C)))
    grid = ShapeGrid(np.full((R, C), 100.0), [0.5, 1.0, 2.0], [1.0])
    state = posterior.init(grid, 20.0, 0.8, posterior.Noise(dispersion=30.0))
    pressure = 100.0 * rng.lognormal(0.0, 0.3, (60, R, C))
    mean = truth * 2.0 * pressure / (pressure + 100.0)
    outcome = rng.gamma(mean / 30.0, 30.0)  # variance 30 · mean
    weight = np.ones((60, R, C))
    weight[2:, :, THIN] = 0.0
    return posterior.absorb(state, pressure, outcome, weight=weight), truth


def error(state: posterior.Posterior, truth: Floats) -> Floats:
    given = posterior.conditional(state)
    squared = ((given.weight * given.mean).sum(axis=-1) - truth) ** 2
    return np.asarray(squared[:, THIN].mean(axis=1))


def test_thin_campaigns_borrow_from_their_group() -> None:
    state, truth = market(between=0.6, within=0.1, seed=1)
    alone, pooled = error(state, truth), error(pool(state, [CHANNEL]), truth)
    assert pooled.mean() < 0.6 * alone.mean()
    assert np.mean(pooled < alone) > 0.9


def test_second_grouping_does_not_spoil_the_first() -> None:
    state, truth = market(between=0.6, within=0.1, seed=2)
    alone, both = error(state, truth), error(pool(state, [CHANNEL, SEGMENT]), truth)
    assert both.mean() < 0.6 * alone.mean()


def test_groups_without_information_do_no_harm() -> None:
    """Labels drawn at random: not worse than no pooling, within two standard errors of the difference."""
    state, truth = market(between=0.0, within=0.5, seed=3)
    alone = error(state, truth)
    labels = np.random.default_rng(3).integers(0, GROUPS, C)
    difference = error(pool(state, [labels]), truth) - alone
    assert difference.mean() < 2.0 * difference.std() / np.sqrt(R) + 0.02 * alone.mean()


def test_own_data_counts_once() -> None:
    """The prior of a campaign is deaf to that campaign's own outcomes when it is alone in its group."""
    rng = np.random.default_rng(4)
    grid = ShapeGrid(np.full((1, C), 100.0), [1.0], [1.0])
    pressure = 100.0 * rng.lognormal(0.0, 0.3, (30, 1, C))
    truth = 20.0 * rng.lognormal(0.0, 0.3, C)
    lonely = np.minimum(np.arange(C), 1)  # campaign 0 is alone
    priors, posteriors = [], []
    for factor in (0.3, 3.0):
        level = truth * np.where(np.arange(C) == 0, factor, 1.0)
        outcome = level * 2.0 * pressure / (pressure + 100.0)
        alone = posterior.absorb(posterior.init(grid, 20.0, 0.5), pressure, outcome)
        state = pool(alone, [lonely])
        response = state.response[0, 0]
        variance = posterior.conditional(alone).dispersion[0, 0, 0] / state.precision[0, 0]
        priors.append(response / np.sqrt(1.0 + variance / response**2))  # the median of the log-normal
        posteriors.append(posterior.mean(state).scale[0, 0, 0])
    # the weights hang on variances, which are learned from all campaigns
    assert priors[1] == pytest.approx(priors[0], rel=0.05)
    assert posteriors[1] > 8.0 * posteriors[0]


def test_pooling_is_idempotent() -> None:
    state, _ = market(between=0.5, within=0.2, seed=5)
    once = pool(state, [CHANNEL, SEGMENT])
    twice = pool(once, [CHANNEL, SEGMENT])
    np.testing.assert_array_equal(once.response, twice.response)
    np.testing.assert_array_equal(once.precision, twice.precision)


def test_without_data_the_prior_stays() -> None:
    grid = ShapeGrid(np.full((2, C), 100.0))
    state = posterior.init(grid, np.geomspace(1.0, 1e6, C), 0.5)
    after = pool(state, [CHANNEL, SEGMENT])
    np.testing.assert_allclose(after.response, state.response, rtol=1e-9)
    np.testing.assert_allclose(after.precision, state.precision, rtol=1e-9)


def test_rows_do_not_see_each_other() -> None:
    state, _ = market(between=0.5, within=0.2, seed=6)
    whole = pool(state, [CHANNEL, SEGMENT])
    grid = ShapeGrid(np.full((1, C), 100.0), [0.5, 1.0, 2.0], [1.0])
    start = posterior.init(grid, 20.0, 0.8, posterior.Noise(dispersion=30.0))
    names = ("xx", "xy", "yy", "count")
    alone = pool(
        type(start)(**(vars(start) | {k: getattr(state, k)[7:8] for k in names})), [CHANNEL, SEGMENT]
    )
    np.testing.assert_array_equal(alone.response[0], whole.response[7])
    np.testing.assert_array_equal(alone.precision[0], whole.precision[7])


@pytest.mark.parametrize("group", [np.zeros(C + 1, dtype=int), np.zeros(C), np.full(C, -1)])
def test_wrong_groups_are_refused(group: NDArray[np.int64]) -> None:
    state, _ = market(between=0.5, within=0.2, seed=7)
    with pytest.raises(ValueError, match=rf"groups\[0\] must hold one integer ≥ 0 for each of {C} campaigns"):
        pool(state, [group])
