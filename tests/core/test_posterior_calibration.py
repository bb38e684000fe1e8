"""Simulation-based calibration (Talts et al. 2018), seeded bugs that it must catch, coverage of intervals."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from aicmo.core import forecast, posterior
from aicmo.core.grid import ShapeGrid

Floats = NDArray[np.float64]
N, DRAWS, W = 3000, 99, 6
LEVEL, CV = 200.0, 0.2
NOISE = posterior.Noise(dispersion=2.0, strength=4.0, relative=0.05, coarseness=0.0)
MULTIPLES, SHAPES = [0.5, 1.0, 2.0], [0.8, 1.3, 2.0]
BAND = 1.358 / np.sqrt(N)  # Kolmogorov's 95 % band around a uniform distribution function
Sampler = Callable[[posterior.Posterior, Floats, Floats], posterior.Posterior]


def prior() -> posterior.Posterior:
    return posterior.init(ShapeGrid(np.full((N, 1), 50.0), MULTIPLES, SHAPES), LEVEL, CV, NOISE)


def value(curve: tuple[Floats, Floats, Floats], pressure: float | Floats) -> Floats:
    scale, half, shape = curve
    return np.asarray(scale * pressure**shape / (half**shape + pressure**shape))


def world(rng: np.random.Generator) -> tuple[tuple[Floats, Floats, Floats], Floats, Floats]:
    """Draw shape, φ and amplitude from the prior, then a history from the model."""
    grid, size = prior().grid, (N, 1)
    g = rng.integers(0, grid.size, size)
    dispersion = NOISE.dispersion * (NOISE.strength - 1.0) / rng.gamma(NOISE.strength, 1.0, size)
    spread = CV * LEVEL * np.sqrt(dispersion / NOISE.dispersion)
    amplitude = np.maximum(LEVEL + spread * rng.normal(size=size), 0.0)
    half = np.take_along_axis(grid.half_saturation, g[..., None], axis=2)[..., 0]
    curve = amplitude * grid.ceiling[g], half, grid.exponent[g]
    pressure = 50.0 * rng.uniform(0.6, 1.6, (W, *size))
    mean = LEVEL * (2.0 * pressure / (pressure + 50.0) + NOISE.floor)
    variance = dispersion * (mean + NOISE.relative**2 / NOISE.dispersion * mean**2)
    expected = np.stack([value(curve, a) for a in pressure])
    return curve, pressure, np.maximum(expected + np.sqrt(variance) * rng.normal(size=pressure.shape), 0.0)


def correct(state: posterior.Posterior, pressure: Floats, outcome: Floats) -> posterior.Posterior:
    return posterior.absorb(state, pressure, outcome)


def prior_deviation_for_variance(
    state: posterior.Posterior, pressure: Floats, outcome: Floats
) -> posterior.Posterior:
    return replace(correct(state, pressure, outcome), precision=state.precision * (CV * LEVEL))


def observations_counted_twice(
    state: posterior.Posterior, pressure: Floats, outcome: Floats
) -> posterior.Posterior:
    return posterior.absorb(state, pressure, outcome, weight=2.0)


def shapes_flipped(state: posterior.Posterior, pressure: Floats, outcome: Floats) -> posterior.Posterior:
    after = correct(state, pressure, outcome)
    return replace(after, xx=after.xx[..., ::-1].copy(), xy=after.xy[..., ::-1].copy())


def deviation(learn: Sampler, pressure: float, spread: float = 1.0) -> float:
    """Largest distance of the ranks' distribution from the uniform one, for the response at a pressure."""
    rng = np.random.default_rng(7)
    curve, history, outcome = world(rng)
    state = learn(prior(), history, outcome)
    truth, rank = value(curve, pressure), np.zeros(N)
    for _ in range(DRAWS):
        drawn = posterior.sample(state, spread * rng.normal(size=(N, 1)), rng.random((N, 1)))
        rank += (value(drawn, pressure) < truth)[:, 0]
    levels = np.arange(DRAWS + 1)
    share = np.searchsorted(np.sort(rank), levels, side="right") / N
    return float(np.abs(share - (levels + 1) / (DRAWS + 1)).max())


@pytest.mark.parametrize("pressure", [20.0, 50.0, 150.0])
def test_ranks_are_uniform(pressure: float) -> None:
    assert deviation(correct, pressure) < BAND


@pytest.mark.parametrize("bug", [prior_deviation_for_variance, observations_counted_twice, shapes_flipped])
def test_seeded_bugs_are_caught(bug: Sampler) -> None:
    assert max(deviation(bug, 50.0), deviation(bug, 150.0)) > 1.5 * BAND


def test_a_halved_noise_variance_is_caught() -> None:
    assert deviation(correct, 50.0, spread=np.sqrt(0.5)) > 1.5 * BAND


def test_predictive_intervals_cover_in_the_model() -> None:
    """Nine in ten of the next observations, within three standard errors."""
    rng = np.random.default_rng(8)
    _, history, outcome = world(rng)
    state = posterior.absorb(prior(), history[:-1], outcome[:-1])
    low, high = forecast.interval(state, history[-1], level=0.9)
    inside = np.mean((low <= outcome[-1]) & (outcome[-1] <= high))
    assert abs(inside - 0.9) < 3.0 * np.sqrt(0.09 / N)


class Market(NamedTuple):
    """A market outside the model: curves off the grid, a wrong prior, skewed noise of variance 3 · mean."""

    scale: Floats
    half: Floats
    shape: Floats

    def mean(self, pressure: Floats) -> Floats:
        return value((self.scale, self.half, self.shape), pressure)


SEASON = np.exp(0.3 * np.sin(np.arange(61) / 8.0))[:, None, None]


def market(seed: int, weeks: int) -> tuple[Market, posterior.Posterior, Floats, Floats]:
    """A market, what all of its weeks but the last teach, and the last week's pressure and outcome."""
    rng, size = np.random.default_rng(seed), (400, 5)
    truth = Market(
        rng.lognormal(6.0, 0.5, size), 80.0 * rng.lognormal(0.0, 0.5, size), rng.uniform(0.6, 2.5, size)
    )
    pressure = 50.0 * rng.lognormal(0.0, 0.5, (weeks, *size))
    mean = SEASON[:weeks] * truth.mean(pressure)
    variance = np.log1p(3.0 / mean)
    outcome = mean * np.exp(np.sqrt(variance) * rng.normal(size=mean.shape) - 0.5 * variance)
    start = posterior.init(ShapeGrid(np.full(size, 50.0)), 120.0, 0.7, posterior.Noise(dispersion=1.5))
    learned = posterior.absorb(start, pressure[:-1], outcome[:-1], SEASON[: weeks - 1])
    return truth, learned, pressure[-1], outcome[-1]


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_predictive_intervals_cover_outside_the_model(level: float) -> None:
    _, state, pressure, outcome = market(9, 40)
    low, high = forecast.interval(state, pressure, SEASON[39], level)
    assert abs(np.mean((low <= outcome) & (outcome <= high)) - level) < 0.05


@pytest.mark.parametrize("weeks", [15, 60])
@pytest.mark.parametrize("pressure", [25.0, 50.0, 100.0])
def test_bands_of_curves_cover_outside_the_model(weeks: int, pressure: float) -> None:
    """Mean ± 1.645 sd of the curve covers near nine in ten, with few data and with many."""
    truth, state, _, _ = market(10, weeks)
    at = np.full(truth.scale.shape, pressure)
    found = forecast.predict(state, at)
    assert abs(np.mean(np.abs(found.mean - truth.mean(at)) < 1.645 * found.sd) - 0.9) < 0.07
