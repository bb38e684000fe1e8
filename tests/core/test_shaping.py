"""Shaped noise: exact means, volumes that rise with their mean, processes of the promised covariance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from aicmo.core.noise import Tape
from aicmo.core.shaping import (
    SERIES_END,
    TRUNCATION,
    clipped_lognormal_mean,
    lognormal_factor,
    noisy_volume,
    ornstein_uhlenbeck,
    truncated_normal,
)

VARIANCES = [0.0, 1e-6, 0.01, 0.3, 1.0, SERIES_END, 4.0, 30.0]


def expectation(shape: float, power: int = 1) -> float:
    """E[factor^power] by quadrature; beyond the limits the factor is constant."""

    def density(z: float) -> float:
        return float(lognormal_factor(np.array(z), shape)) ** power * norm.pdf(z)

    body = quad(density, -TRUNCATION, TRUNCATION, epsabs=0.0, epsrel=1e-12, limit=200)[0]
    ends = lognormal_factor(np.array([-TRUNCATION, TRUNCATION]), shape) ** power
    return float(body + norm.sf(TRUNCATION) * ends.sum())


@pytest.mark.parametrize("variance", VARIANCES)
def test_lognormal_factor_has_mean_one(variance: float) -> None:
    assert expectation(variance) == pytest.approx(1.0, rel=1e-10)


@pytest.mark.parametrize(("mean", "dispersion"), [(2.0, 1.0), (50.0, 1.0), (50.0, 20.0), (1e6, 3.0)])
def test_volume_has_variance_dispersion_times_mean(mean: float, dispersion: float) -> None:
    relative = expectation(np.log1p(dispersion / mean), power=2) - 1.0
    # clipping at ±4 takes up to 5 % of the variance of the most skewed case here
    assert relative * mean / dispersion == pytest.approx(1.0, abs=0.05)


def test_truncation_clips_and_keeps_the_mean() -> None:
    z = np.array([-9.0, -4.0, -1.0, 0.0, 3.9, 4.1])
    assert truncated_normal(z).tolist() == [-4.0, -4.0, -1.0, 0.0, 3.9, 4.0]
    assert truncated_normal(z, 1.0).tolist() == [-1.0, -1.0, -1.0, 0.0, 1.0, 1.0]


def test_fused_volume_equals_the_reference() -> None:
    mean = np.geomspace(1e-12, 1e12, 481)[:, None]
    z = Tape(1, 1).constant_normal("z", [str(i) for i in range(40)]) * 1.5
    for dispersion in (0.25, 1.0, 17.0):
        expected = mean * lognormal_factor(z, np.log1p(dispersion / mean))
        np.testing.assert_allclose(noisy_volume(mean, dispersion, z), expected, rtol=2e-14)


@given(
    mean=st.floats(1e-9, 1e9),
    rise=st.floats(1e-6, 1.0),
    dispersion=st.floats(1e-3, 1e3),
    z=st.floats(-TRUNCATION - 1.0, TRUNCATION + 1.0),
)
@settings(deadline=None, max_examples=500)
def test_volume_is_positive_and_rises_with_its_mean_and_luck(
    mean: float, rise: float, dispersion: float, z: float
) -> None:
    low, high = noisy_volume([mean, mean * (1.0 + rise)], dispersion, z)
    assert 0.0 < low < high
    assert noisy_volume(mean, dispersion, z - 0.1) <= low


def test_volume_rises_with_its_mean_only_because_of_the_limit() -> None:
    mean = np.geomspace(0.01, 100.0, 2001)
    at_limit = mean * lognormal_factor(np.array(TRUNCATION), np.log1p(1.0 / mean))
    assert (np.diff(at_limit) > 0.0).all()
    beyond = mean * lognormal_factor(np.array(5.0), np.log1p(1.0 / mean), limit=5.0)
    assert (np.diff(beyond) < 0.0).any()


def test_edges_of_volume_are_exact() -> None:
    z = np.array([-9.0, 0.0, 9.0])
    assert noisy_volume(0.0, 1.0, z).tolist() == [0.0] * 3
    assert noisy_volume(1e-310, 1e3, z).tolist() == [0.0] * 3
    assert noisy_volume(7.0, 0.0, z).tolist() == [7.0] * 3
    assert noisy_volume(0.0, 0.0, z).tolist() == [0.0] * 3
    assert np.isfinite(noisy_volume(1e-300, 1.0, z)).all()
    assert noisy_volume(np.empty((0, 3)), 1.0, z).shape == (0, 3)
    assert clipped_lognormal_mean(0.0) == pytest.approx(1.0, rel=1e-15)


@pytest.mark.parametrize("half_life", [0.0, 0.5, 3.0, 14.0, np.inf])
def test_ornstein_uhlenbeck_has_its_covariance_exactly(half_life: float) -> None:
    T, sd = 12, 0.3
    impulses = np.eye(T)[:, :, None]  # the process is linear in z: row r answers a shock at tick r
    response = ornstein_uhlenbeck(impulses, sd, half_life)[:, :, 0]
    lag = np.abs(np.subtract.outer(np.arange(T), np.arange(T)))
    correlation = np.where(lag == 0, 1.0, 2.0 ** (-lag / half_life) if half_life else 0.0)
    np.testing.assert_allclose(response @ response.T, sd**2 * correlation, atol=1e-15)


def test_ornstein_uhlenbeck_takes_a_parameter_per_entity_and_leaves_its_input() -> None:
    z = Tape(3, 5).normal("drift", ["a", "b"], range(30))
    before = z.copy()
    both = ornstein_uhlenbeck(z, [0.1, 0.7], [2.0, np.inf])
    assert (z == before).all()
    assert (both[:, :, 0] == ornstein_uhlenbeck(z, 0.1, 2.0)[:, :, 0]).all()
    assert (both[:, 2:3] == ornstein_uhlenbeck(z[:, 2:3], [0.1, 0.7], [2.0, np.inf])).all()
    assert (both[:, :, 1] == 0.7 * z[0, :, 1]).all()
    assert ornstein_uhlenbeck(z[:0], 0.1, 2.0).shape == (0, 5, 2)
