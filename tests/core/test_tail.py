"""Conditional value at risk against linear programming and brute force, and certificates that hold."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.grid import Hill
from aicmo.core.tail import maximise_tail, tail_mean

Floats = NDArray[np.float64]


def draws(R: int, C: int, D: int, seed: int, steepest: float = 1.0) -> list[Hill]:
    rng = np.random.default_rng(seed)
    centre = rng.uniform(20.0, 60.0, (R, C))
    return [
        Hill(
            centre * rng.lognormal(0.0, 0.6, (R, C)),
            rng.uniform(5.0, 20.0, (R, C)),
            rng.uniform(0.6, steepest, (R, C)),
        )
        for _ in range(D)
    ]


def response(sample: list[Hill], spend: Floats) -> Floats:
    return np.stack([Curves.hill(*curve).value(spend).sum(axis=1) for curve in sample], axis=1)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.37, 1.0])
def test_tail_mean_is_the_least_expectation(share: float) -> None:
    """Linear programming over the weights that define the conditional value at risk."""
    x = np.random.default_rng(1).normal(size=(1, 12))
    found = optimize.linprog(x[0], A_eq=np.ones((1, 12)), b_eq=[1.0], bounds=(0.0, 1.0 / (share * 12)))
    assert tail_mean(x, share)[0] == pytest.approx(found.fun, rel=1e-9)


def test_the_certificate_closes_on_concave_curves() -> None:
    sample = draws(6, 5, 24, seed=2)
    plan = maximise_tail(sample, 0.2, 60.0)
    np.testing.assert_allclose(plan.cvar, tail_mean(response(sample, plan.spend), 0.2), rtol=1e-9)
    np.testing.assert_allclose(plan.spend.sum(axis=1), 60.0, rtol=1e-9)
    assert np.all(plan.gap <= 1.01e-4 * plan.cvar)
    np.testing.assert_allclose(plan.weight.sum(axis=1), 1.0, rtol=1e-9)
    assert np.all(plan.weight <= 1.0 / (0.2 * 24) * (1 + 1e-9))


def test_no_plan_of_a_fine_grid_beats_the_bound() -> None:
    sample = draws(3, 2, 10, seed=3, steepest=2.5)
    plan = maximise_tail(sample, 0.3, 30.0)
    best = np.full(3, -np.inf)
    for x in np.linspace(0.0, 30.0, 301):
        spend = np.tile([x, 30.0 - x], (3, 1))
        best = np.maximum(best, tail_mean(response(sample, spend), 0.3))
    assert np.all(plan.cvar + plan.gap >= best - 1e-9)
    assert np.all(plan.cvar >= 0.97 * best)


def test_the_whole_distribution_is_the_mean() -> None:
    sample = draws(4, 5, 12, seed=4)
    plan = maximise_tail(sample, 1.0, 50.0)
    scale, half, shape = (np.stack(parts, axis=2) for parts in zip(*sample, strict=True))
    expected = allocate(Curves.mixture(scale, half, shape), np.full(4, 50.0))
    np.testing.assert_allclose(plan.cvar, expected.response, rtol=1e-9)


def test_caution_costs_mean_and_buys_tail() -> None:
    sample = draws(8, 6, 32, seed=5)
    careful, neutral = maximise_tail(sample, 0.1, 60.0), maximise_tail(sample, 1.0, 60.0)
    for_tail, for_mean = response(sample, careful.spend), response(sample, neutral.spend)
    assert np.all(tail_mean(for_tail, 0.1) >= tail_mean(for_mean, 0.1) - 1e-9)
    assert np.all(for_tail.mean(axis=1) <= for_mean.mean(axis=1) + 1e-9)


def test_rows_do_not_see_each_other() -> None:
    sample = draws(4, 3, 12, seed=7)
    whole, alone = (
        maximise_tail(sample, 0.25, 40.0),
        maximise_tail([Hill(*(x[2:3] for x in d)) for d in sample], 0.25, 40.0),
    )
    np.testing.assert_array_equal(whole.spend[2], alone.spend[0])
    assert whole.gap[2] == alone.gap[0]


def test_wrong_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="0 < share ≤ 1, got share 0"):
        maximise_tail(draws(1, 2, 3, seed=6), 0.0, 10.0)
