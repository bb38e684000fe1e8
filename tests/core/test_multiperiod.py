"""Plans over periods against the single-period allocator, SciPy, brute force, and their own certificate."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.horizon import Horizon
from aicmo.core.multiperiod import plan_ahead

Floats = NDArray[np.float64]


def case(R: int, C: int, T: int, tail: int, seed: int, keep: float = 0.9) -> tuple[Curves, Horizon]:
    rng = np.random.default_rng(seed)
    curves = Curves.hill(
        rng.uniform(10, 50, (R, C)), rng.uniform(3, 15, (R, C)), rng.uniform(0.7, 1.0, (R, C))
    )
    weight = np.concatenate(
        [rng.uniform(0.5, 2.0, (R, C, T)), 0.9 ** np.arange(tail) * np.ones((R, C, tail))], axis=2
    )
    horizon = Horizon(
        rng.uniform(0.0, keep, (R, C)), rng.uniform(0.7, 1.5, (R, C, T)), weight, rng.uniform(0, 5, (R, C))
    )
    return curves, horizon


def response(curves: Curves, horizon: Horizon, spend: Floats) -> Floats:
    """Written from the definition, period by period."""
    level, total = horizon.carry, np.zeros(len(spend))
    for t in range(horizon.weight.shape[2]):
        bought = spend[:, :, t] / horizon.price[:, :, t] if t < spend.shape[2] else 0.0
        level = horizon.keep * level + (1.0 - horizon.keep) * bought
        total = total + (horizon.weight[:, :, t] * curves.value(level)).sum(axis=1)
    return total


def test_without_carry_over_periods_are_campaigns() -> None:
    """The allocator on C × T curves, each with its own price and weight, must say the same."""
    curves, horizon = case(4, 3, 5, 0, seed=1)
    horizon = Horizon(np.zeros((4, 3)), horizon.price, horizon.weight, np.zeros((4, 3)))
    plan = plan_ahead(curves, 60.0, horizon, tolerance=1e-7)
    flat = [
        (x[:, :, None] * y).reshape(4, 15)
        for x, y in (
            (curves.scale, horizon.weight),
            (curves.half, horizon.price),
            (curves.shape, np.ones((4, 3, 5))),
        )
    ]
    exact = allocate(Curves.hill(*flat), np.full(4, 60.0))
    np.testing.assert_allclose(plan.response, exact.response, rtol=2e-7)
    np.testing.assert_allclose(plan.spend.reshape(4, 15), exact.spend, atol=0.05)


def test_certificate_closes_and_the_response_is_what_it_says() -> None:
    curves, horizon = case(6, 8, 13, 8, seed=2)
    plan = plan_ahead(curves, 900.0, horizon)
    np.testing.assert_allclose(plan.response, response(curves, horizon, plan.spend), rtol=1e-12)
    np.testing.assert_allclose(plan.spend.sum(axis=(1, 2)), 900.0, rtol=1e-9)
    assert np.all(plan.gap <= 1e-5 * plan.response)


def test_scipy_finds_nothing_better() -> None:
    curves, horizon = case(3, 2, 4, 3, seed=3)
    plan = plan_ahead(curves, 50.0, horizon, upper=20.0)
    for r in range(3):
        row = Horizon(*(x[r : r + 1] for x in (horizon.keep, horizon.price, horizon.weight, horizon.carry)))
        alone = curves.row(r)

        def loss(x: Floats, row: Horizon = row, alone: Curves = alone) -> float:
            return -float(response(alone, row, np.maximum(x, 0.0).reshape(1, 2, 4))[0])

        money = optimize.LinearConstraint(np.ones(8), 50.0, 50.0)
        found = optimize.minimize(
            loss,
            np.full(8, 6.25),
            method="SLSQP",
            bounds=[(0.0, 20.0)] * 8,
            constraints=money,
            options={"ftol": 1e-12},
        )
        assert plan.response[r] >= -found.fun * (1.0 - 1e-5)
        assert plan.response[r] + plan.gap[r] >= -found.fun * (1.0 - 1e-9)


def test_two_by_two_against_brute_force() -> None:
    curves, horizon = case(2, 2, 2, 2, seed=4)
    plan, axis = plan_ahead(curves, 10.0, horizon), np.linspace(0.0, 10.0, 41)
    best = np.full(2, -np.inf)
    for a in axis:
        for b in axis[axis <= 10.0 - a]:
            for c in axis[axis <= 10.0 - a - b]:
                spend = np.array([[[a, b], [c, 10.0 - a - b - c]]] * 2)
                best = np.maximum(best, response(curves, horizon, spend))
    assert np.all(plan.response >= best - 1e-9)
    assert np.all(plan.response <= best * 1.01)


def test_limits_hold() -> None:
    curves, horizon = case(3, 4, 6, 2, seed=5)
    most = np.full((3, 6), 25.0)
    plan = plan_ahead(curves, 100.0, horizon, lower=0.5, upper=12.0, period_upper=most)
    assert np.all(plan.spend >= 0.5 - 1e-9)
    assert np.all(plan.spend <= 12.0 + 1e-9)
    assert np.all(plan.spend.sum(axis=1) <= 25.0 + 1e-9)
    assert np.all(plan.spend.sum(axis=(1, 2)) <= 100.0 + 1e-7)
    assert np.all(plan.gap <= 1e-5 * plan.response)


def test_what_is_left_behind_moves_money_late() -> None:
    """With long memory and no tail the last periods starve; the terminal value cures it."""
    rng = np.random.default_rng(6)
    R, C, T = 3, 2, 8
    curves = Curves.hill(rng.uniform(20, 40, (R, C)), np.full((R, C), 10.0), np.ones((R, C)))

    def late(tail: int) -> Floats:
        ones = np.ones((R, C, T + tail))
        plan = plan_ahead(
            curves, 100.0, Horizon(np.full((R, C), 0.8), np.ones((R, C, T)), ones, np.zeros((R, C)))
        )
        return np.asarray(plan.spend[:, :, -1].sum(axis=1))

    assert np.all(late(12) > 2.0 * late(0))


def test_s_curves_are_bounded() -> None:
    rng = np.random.default_rng(7)
    curves, horizon = case(4, 3, 4, 2, seed=7)
    steep = Curves.hill(curves.scale, curves.half, rng.uniform(1.5, 2.5, (4, 3)))
    plan = plan_ahead(steep, 60.0, horizon, rounds=300)
    for _ in range(200):
        spend = 60.0 * rng.dirichlet(np.full(12, 0.3), 4).reshape(4, 3, 4)
        assert np.all(response(steep, horizon, spend) <= plan.response + plan.gap)


def test_s_curves_are_funded_almost_as_a_proven_optimum_funds_them() -> None:
    """Without carry-over every campaign and period is a campaign to the exact allocator."""
    rng = np.random.default_rng(3)
    R, C, T = 24, 4, 3
    scale, half, shape = rng.uniform(10, 50, (R, C)), rng.uniform(5, 20, (R, C)), rng.uniform(2, 4, (R, C))
    weight, budget = rng.uniform(0.5, 2.0, (R, C, T)), rng.uniform(5, 60, R)
    horizon = Horizon(np.zeros((R, C)), np.ones((R, C, T)), weight, np.zeros((R, C)))
    plan = plan_ahead(Curves.hill(scale, half, shape), budget, horizon)
    every = [np.repeat(x, T, axis=1) for x in (scale, half, shape)]
    proven = allocate(Curves.hill(every[0] * weight.reshape(R, -1), *every[1:]), budget, total="at_most")
    share = plan.response / proven.response
    assert np.all(proven.response <= (plan.response + plan.gap) * (1 + 1e-9))
    assert share.mean() >= 0.99  # from an even split alone it is 0.86
    assert share.min() >= 0.9


@pytest.mark.parametrize("scale", [1e-9, 1e9])
@pytest.mark.parametrize("money", [1e-9, 1e9])
def test_units_do_not_matter(scale: float, money: float) -> None:
    curves, horizon = case(3, 4, 5, 2, seed=10)
    other = Curves.hill(scale * curves.scale, money * curves.half, curves.shape)
    plan = plan_ahead(curves, 80.0, horizon)
    large = Horizon(horizon.keep, horizon.price, horizon.weight, money * horizon.carry)
    scaled = plan_ahead(other, 80.0 * money, large)
    np.testing.assert_allclose(scaled.response / scale, plan.response, rtol=2e-5)
    assert np.all(scaled.gap <= 1e-5 * scaled.response)


def test_no_money_brings_what_is_carried() -> None:
    curves, horizon = case(2, 3, 4, 2, seed=11)
    plan = plan_ahead(curves, 0.0, horizon)
    assert not plan.spend.any()
    np.testing.assert_allclose(plan.response, response(curves, horizon, plan.spend), rtol=1e-12)


def test_rows_do_not_see_each_other() -> None:
    curves, horizon = case(3, 3, 4, 2, seed=8)
    whole = plan_ahead(curves, 60.0, horizon)
    row = Horizon(*(x[1:2] for x in (horizon.keep, horizon.price, horizon.weight, horizon.carry)))
    alone = plan_ahead(Curves.hill(curves.scale[1:2], curves.half[1:2], curves.shape[1:2]), 60.0, row)
    np.testing.assert_array_equal(whole.spend[1], alone.spend[0])
    assert whole.gap[1] == alone.gap[0]


def test_a_stock_that_never_decays_is_refused() -> None:
    _, horizon = case(1, 2, 3, 0, seed=9)
    with pytest.raises(ValueError, match="0 ≤ keep < 1"):
        Horizon(np.ones((1, 2)), horizon.price, horizon.weight, horizon.carry)
