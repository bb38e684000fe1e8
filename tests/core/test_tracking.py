"""Tracked curves: fast equals slow, drift does not pass for saturation, and memories sort themselves out."""

import numpy as np
import pytest

from aicmo.core import posterior, tracking
from aicmo.core.grid import ShapeGrid
from aicmo.core.tracking import Dynamics, Tracking
from tests.reference import tracking as reference

REFERENCE = np.array([[100.0, 40.0], [10.0, 300.0]])
GRID = ShapeGrid(REFERENCE, (0.5, 2.0), (0.8, 1.4))


def _data(window: int = 40, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    shape = (window, *REFERENCE.shape)
    pressure = REFERENCE * rng.lognormal(0.0, 0.3, shape)
    multiplier = rng.uniform(0.5, 1.5, shape)
    return pressure, rng.poisson(20.0 * multiplier).astype(float), multiplier


def test_the_kernel_equals_the_slow_loop() -> None:
    told = Dynamics(memories=(3.0, 30.0), relative=0.05)
    pressure, outcome, multiplier = _data()
    fast = tracking.absorb(tracking.init(GRID, 20.0, 0.9, told), pressure, outcome, multiplier)
    shapes = [(multiple, s) for s in GRID.shapes for multiple in GRID.multiples]
    for r in range(2):
        for c in range(2):
            data = list(zip(pressure[:, r, c], outcome[:, r, c], multiplier[:, r, c], strict=True))
            slow = reference.track(REFERENCE[r, c], 20.0, 0.9, shapes, told, data)
            for one, other in zip((fast.amplitude, fast.precision, fast.score), slow, strict=True):
                np.testing.assert_allclose(one[r, c], other.ravel(), rtol=1e-10)


def test_how_observations_are_grouped_into_calls_changes_nothing() -> None:
    pressure, outcome, multiplier = _data()
    start = tracking.init(GRID, 20.0, 0.9)
    once = tracking.absorb(start, pressure, outcome, multiplier)
    half = tracking.absorb(start, pressure[:17], outcome[:17], multiplier[:17])
    twice = tracking.absorb(half, pressure[17:], outcome[17:], multiplier[17:])
    assert once.amplitude.tobytes() == twice.amplitude.tobytes()
    assert once.score.tobytes() == twice.score.tobytes()


def test_a_row_is_the_same_alone() -> None:
    pressure, outcome, multiplier = _data()
    batch = tracking.absorb(tracking.init(GRID, 20.0, 0.9), pressure, outcome, multiplier)
    grid = ShapeGrid(REFERENCE[1:], GRID.multiples, GRID.shapes)
    alone = tracking.absorb(
        tracking.init(grid, 20.0, 0.9), pressure[:, 1:], outcome[:, 1:], multiplier[:, 1:]
    )
    assert batch.amplitude[1:].tobytes() == alone.amplitude.tobytes()
    both = zip(tracking.conditional(batch), tracking.conditional(alone), strict=True)
    assert all(np.ascontiguousarray(one[1:]).tobytes() == other.tobytes() for one, other in both)


def test_without_forgetting_and_tails_it_is_bayesian_regression() -> None:
    told = Dynamics(memories=(1e15,), strength=1e15, freedom=1e15, relative=0.0)
    pressure, outcome, multiplier = _data()
    state = tracking.absorb(tracking.init(GRID, 20.0, 0.9, told), pressure, outcome, multiplier)
    given = tracking.conditional(state)
    mean = multiplier * 20.0 * (2.0 * pressure / (pressure + REFERENCE) + 0.01)
    x = multiplier[..., None] * np.stack([GRID.evaluate(a) for a in pressure])
    precision = 1.0 / 18.0**2 + (x**2 / (2.0 * mean[..., None])).sum(axis=0)
    expected = (20.0 / 18.0**2 + (x * (outcome / (2.0 * mean))[..., None]).sum(axis=0)) / precision
    np.testing.assert_allclose(given.mean, expected, rtol=1e-6)
    np.testing.assert_allclose(given.precision / given.dispersion, precision, rtol=1e-6)


def test_what_was_not_delivered_teaches_nothing() -> None:
    pressure, outcome, _ = _data()
    start = tracking.init(GRID, 20.0, 0.9)
    state = tracking.absorb(start, pressure, outcome, np.zeros_like(outcome))
    assert state.amplitude.tobytes() == start.amplitude.tobytes()
    assert state.score.tobytes() == start.score.tobytes()


def test_amplitudes_follow_while_shapes_are_not_judged() -> None:
    pressure, outcome, multiplier = _data()
    start = tracking.init(GRID, 5.0, 0.9)
    state = tracking.absorb(start, pressure, outcome, multiplier, judge=False)
    assert not state.score.any()
    assert (state.amplitude > 10.0).all()


def _drifting(walk: np.ndarray, rows: int, seed: int) -> tuple[ShapeGrid, np.ndarray, np.ndarray, np.ndarray]:
    """Curves of elasticity ½ at the reference, pressure that wavers within weeks, and a walk of the log."""
    rng, days = np.random.default_rng(seed), len(walk)
    pressure = 100.0 * np.exp(0.2 * np.repeat(rng.normal(size=(days // 7 + 1, rows, 1)), 7, axis=0)[:days])
    mean = 40.0 * pressure / (100.0 + pressure) * 2.0 * np.exp(walk)
    return (
        ShapeGrid(np.full((rows, 1), 100.0)),
        pressure,
        rng.poisson(mean).astype(float),
        np.ones(mean.shape),
    )


def _elasticity(weight: np.ndarray, grid: ShapeGrid) -> np.ndarray:
    return np.asarray((weight * grid.exponent * (1.0 - 1.0 / grid.ceiling)).sum(axis=2))


def test_slow_drift_does_not_pass_for_saturation() -> None:
    rng = np.random.default_rng(5)
    walk = np.cumsum(rng.normal(0.0, 0.04, (360, 60, 1)), axis=0)
    grid, pressure, outcome, one = _drifting(walk, 60, seed=6)
    state = tracking.absorb(tracking.init(grid, 40.0, 0.9), pressure, outcome, one)
    tracked = _elasticity(tracking.conditional(state).weight, grid)
    sums = posterior.absorb(posterior.init(grid, 40.0, 0.9), pressure, outcome, 1.0, discount=0.5 ** (1 / 91))
    summed = _elasticity(posterior.weights(sums), grid)
    off, before = np.abs(tracked - 0.5).mean(), np.abs(summed - 0.5).mean()
    assert off < 0.15
    assert off < 0.7 * before


def _memory(walk: np.ndarray, seed: int) -> float:
    """Mean weight of the shorter memory."""
    grid, pressure, outcome, one = _drifting(walk, walk.shape[1], seed)
    state = tracking.init(grid, 40.0, 0.9, Dynamics(memories=(3.0, 60.0)))
    return float(tracking.memory(tracking.absorb(state, pressure, outcome, one))[..., 0].mean())


def test_memory_is_short_where_the_market_jumps_and_long_where_it_stands() -> None:
    rng = np.random.default_rng(7)
    jumps = np.where(rng.uniform(size=(240, 20, 1)) < 0.05, rng.normal(0.0, 0.5, (240, 20, 1)), 0.0)
    assert _memory(np.cumsum(jumps, axis=0), seed=8) > 0.9
    assert _memory(np.zeros((240, 20, 1)), seed=8) < 0.1


def test_a_jump_is_believed_within_days_and_luck_is_not() -> None:
    walk = np.zeros((200, 40, 1))
    grid, pressure, outcome, one = _drifting(walk, 40, seed=9)
    before = tracking.absorb(
        tracking.init(grid, 40.0, 0.9, Dynamics(memories=(3.0, 60.0))), pressure, outcome, one
    )
    _, _, fallen, _ = _drifting(walk + np.log(0.5), 40, seed=10)
    after = tracking.absorb(before, pressure[-10:], fallen[-10:], one[-10:])
    assert np.median(_level(after)) == pytest.approx(20.0, rel=0.15)
    assert np.abs(_level(before) - 40.0).max() < 8.0


def test_without_a_reserve_a_calm_year_delays_the_answer_to_a_jump() -> None:
    walk = np.zeros((200, 40, 1))
    grid, pressure, outcome, one = _drifting(walk, 40, seed=9)
    _, _, fallen, _ = _drifting(walk + np.log(0.5), 40, seed=10)
    outcome[-10:] = fallen[-10:]
    settings = (Dynamics(memories=(3.0, 60.0), reserve=reserve) for reserve in (5.0, np.inf))
    ready, slow = (
        np.median(_level(tracking.absorb(tracking.init(grid, 40.0, 0.9, told), pressure, outcome, one)))
        for told in settings
    )
    assert ready < slow - 2.0


def _level(state: Tracking) -> np.ndarray:
    given = tracking.conditional(state)
    return np.asarray((given.weight * given.mean).sum(axis=2))


def test_wrong_settings_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"memories\[1\] must be finite and > 0, got 0"):
        Dynamics(memories=(3.0, 0.0))
    with pytest.raises(ValueError, match="at least one half-life"):
        Dynamics(memories=())
    with pytest.raises(ValueError, match="relative must be finite and ≥ 0"):
        Dynamics(relative=-1.0)


def test_next_to_nothing_brings_next_to_nothing_without_a_warning() -> None:
    grid = ShapeGrid(np.full((1, 4), 1e3))
    response = grid.evaluate(np.array([[0.0, 1e-300, 1e-150, 1e-12]]))
    assert np.isfinite(response).all()
    assert (response[0, 0] == 0.0).all()
    assert (np.diff(response[0], axis=0) >= 0.0).all()
