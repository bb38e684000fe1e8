"""The knowledge gradient: its closed form against plain Monte Carlo, and its limits."""

from typing import NamedTuple

import numpy as np
import pytest

from aicmo.core.carryover import Carryover
from aicmo.core.grid import ShapeGrid
from aicmo.core.posterior import Conditional
from aicmo.core.tracking import init
from aicmo.policies._knowledge import PERIOD_DAYS, gradient, lift, marginal
from aicmo.policies._learner import Belief, Demand

PRESSURE = np.array([[80.0, 100.0, 150.0]])
GAIN = np.array([[28.5, 39.0, 72.0]])
RELATIVE = 0.1


class Case(NamedTuple):
    """Three campaigns of one world, in units of a reference pressure of 100."""

    grid: ShapeGrid
    given: Conditional


def case(precision: float = 2.0, *, shapes: int = 4) -> Case:
    """Campaigns of known noise, unsure of amplitude by `precision` and of shape between the first few."""
    grid, rng = ShapeGrid(np.full((1, 3), 100.0), shapes=(0.8, 1.4)), np.random.default_rng(2)
    weight = np.zeros((1, 3, grid.size))
    weight[:, :, :shapes] = rng.dirichlet(np.ones(shapes), (1, 3))
    mean = np.broadcast_to(np.array([9.0, 12.0, 8.0])[None, :, None], weight.shape).copy()
    flat = np.ones(weight.shape)
    return Case(grid, Conditional(weight, mean, precision * flat, 2.0 * flat))


def belief(given: Conditional, grid: ShapeGrid) -> Belief:
    one, stock = np.ones((1, 1)), Carryover.from_days(0.0, 1.0).steady(np.zeros((1, 3)))
    return Belief(init(grid, 10.0, 0.5), given, stock, 0, Demand(one, one, one))


def value(given: Conditional, grid: ShapeGrid) -> np.ndarray:
    """Worth of an observation of each campaign, in marginal return."""
    raised = lift(belief(given, grid), PRESSURE, GAIN, 1.0)
    mean, _ = marginal(given, grid, RELATIVE, PRESSURE)
    return np.asarray((raised - 1.0) * GAIN * mean)


def test_its_closed_form_is_what_monte_carlo_finds() -> None:
    """Draw the truth, a noisy week of it, move the belief by Bayes' rule, take the better: average."""
    rng, n = np.random.default_rng(5), 400_000
    mean, prior_sd, noise_sd, other = 1.1, 0.4, 0.3, 1.3
    truth = rng.normal(mean, prior_sd, n)
    seen = truth + noise_sd * rng.standard_normal(n)
    trust = prior_sd**2 / (prior_sd**2 + noise_sd**2)
    moved = mean + trust * (seen - mean)
    found = np.maximum(moved, other) - max(mean, other)
    told = gradient(np.array([[mean]]), np.array([[prior_sd * trust**0.5]]), np.array([[other]]))
    assert told[0, 0] == pytest.approx(found.mean(), abs=4.0 * found.std() / n**0.5)


def test_what_a_week_moves_is_what_regression_on_that_week_finds() -> None:
    """Draw shapes and amplitudes, a week's noise: the best linear belief about the slope moves by σ̃."""
    (grid, given), rng, n = case(), np.random.default_rng(6), 200_000
    mean, moved = marginal(given, grid, RELATIVE, PRESSURE)
    h, up = grid.evaluate(PRESSURE), grid.evaluate(PRESSURE * (1 + 1e-6))
    slope = (up - h) / (1e-6 * PRESSURE[:, :, None])
    for c in range(3):
        g = rng.choice(grid.size, n, p=given.weight[0, c])
        amplitude = given.mean[0, c, g] + np.sqrt(2.0 / 2.0) * rng.standard_normal(n)
        level, steep = amplitude * h[0, c, g], amplitude * slope[0, c, g]
        center = (given.weight * given.mean * h)[0, c].sum()
        noise = np.sqrt((2.0 * center + (RELATIVE * center) ** 2) / PERIOD_DAYS)
        week = level + noise * rng.standard_normal(n)
        assert mean[0, c] == pytest.approx(steep.mean(), rel=0.01)
        assert moved[0, c] == pytest.approx(abs(np.cov(steep, week)[0, 1]) / week.std(), rel=0.03)


def test_the_whole_index_is_its_parts_put_together() -> None:
    grid, given = case()
    mean, moved = (GAIN * a for a in marginal(given, grid, RELATIVE, PRESSURE))
    for c in range(3):
        rest = np.arange(3) != c
        other = np.average(mean[0, rest], weights=PRESSURE[0, rest])
        alone = gradient(mean[:, [c]], moved[:, [c]], np.array([[other]]))
        assert value(given, grid)[0, c] == pytest.approx(alone[0, 0], rel=1e-9)
    one, four = (lift(belief(given, grid), PRESSURE, GAIN, periods) - 1.0 for periods in (1.0, 4.0))
    np.testing.assert_allclose(four, 4.0 * one)
    assert (one > 0.0).all()


def test_nothing_is_worth_learning_that_is_known_or_cannot_be_used() -> None:
    grid, given = case(np.inf, shapes=1)
    np.testing.assert_array_equal(value(given, grid), 0.0)
    grid, given = case()
    alone = lift(belief(given, grid), np.array([[0.0, 100.0, 0.0]]), GAIN, 1.0)
    assert alone[0, 1] == 1.0, "no money runs elsewhere"
    np.testing.assert_array_equal(lift(belief(given, grid), PRESSURE, GAIN, 0.0), 1.0)
    deaf = given._replace(dispersion=given.dispersion * 1e12, precision=given.precision * 1e12)
    assert (value(deaf, grid) < 1e-3 * value(given, grid)).all()


def test_it_falls_with_precision_and_with_distance() -> None:
    sharper = [value(*reversed(case(precision, shapes=1))) for precision in (0.1, 0.2, 0.4, 0.8)]
    assert (np.diff(sharper, axis=0) < 0.0).all()
    apart = gradient(np.ones((1, 5)), np.full((1, 5), 0.2), 1.0 + np.array([[0.0, 0.1, 0.2, 0.4, 50.0]]))
    assert (np.diff(apart) < 0.0).all()
    assert apart[0, 0] == pytest.approx(0.2 / np.sqrt(2.0 * np.pi))
    assert apart[0, -1] == 0.0
