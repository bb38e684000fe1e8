"""Sums of S-curves: the bidding problem of Udell and Boyd, and general solvers with many starts."""

import importlib
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from tests.core.instances import Floats

cp: Any = importlib.import_module("cvxpy")  # ships no usable types

STEEPNESS, WORTH, DOUBT, MONEY = (
    10.0,
    4.0,
    3.0,
    0.2,
)  # Udell and Boyd (2013), Maximizing a Sum of Sigmoids, bidding
TOLERANCE = 1e-3  # a campaign: to which their solver proves its answers
POINTS, LAST = 512, 3.0


def bidding(n: int, seed: int) -> tuple[Floats, float, Curves]:
    """Goods of worth v ~ U(0, 4), each won with chance σ(10·bid − 3v) − σ(−3v); money 0.2·Σv for all bids.

    Their curves are logistic. Here they are tables whose error of at most (10h)²/8·max|σ''| is returned too.
    """
    worth = WORTH * np.random.default_rng(seed).random(n)
    bid = np.linspace(0.0, LAST, POINTS)
    chance = expit(STEEPNESS * bid - DOUBT * worth[:, None]) - expit(-DOUBT * worth[:, None])
    error = n * (STEEPNESS * LAST / (POINTS - 1)) ** 2 / 8.0 * 0.0963
    points = np.broadcast_to(bid, chance.shape)[:, 1:], chance[:, 1:]
    return worth, error, Curves.table(*points)


@pytest.mark.parametrize("n", [1, 10, 50, 200])
def test_bidding_is_proven_far_within_the_published_tolerance(n: int) -> None:
    worth, _, curves = bidding(n, 4)
    budget = MONEY * worth.sum()
    plan = allocate(curves, budget, 0.0, LAST, total="at_most")
    assert plan.gap <= 0.01 * TOLERANCE * n
    shares = np.random.default_rng(n).dirichlet(np.full(n, 0.2), 300)
    assert curves.value(np.minimum(shares * budget, LAST)).sum(axis=1).max() <= plan.bound


@pytest.mark.parametrize("seed", range(4))
def test_many_starts_of_a_general_solver_find_no_better_bids(seed: int) -> None:
    n = 8
    worth, error, curves = bidding(n, seed)
    budget, rng = MONEY * worth.sum(), np.random.default_rng(seed)
    plan = allocate(curves, budget, 0.0, LAST, total="at_most")
    best = 0.0
    for _ in range(30):
        start = rng.dirichlet(np.full(n, 0.3)) * budget
        found = minimize(  # type: ignore[call-overload]  # the stubs want narrower callables
            lambda x: -(expit(STEEPNESS * x - DOUBT * worth) - expit(-DOUBT * worth)).sum(),
            np.minimum(start, LAST),
            bounds=[(0.0, LAST)] * n,
            constraints={"type": "ineq", "fun": lambda x: budget - x.sum()},
            method="SLSQP",
        )
        if found.x.sum() <= budget * (1.0 + 1e-9):
            best = max(best, -float(found.fun))
    assert best > 0.0
    assert plan.bound >= best - error - 1e-6
    assert plan.response >= best - error - TOLERANCE


@pytest.mark.parametrize("seed", range(3))
def test_a_cone_solver_finds_the_same_concave_plan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scale, half, exponent = rng.uniform(1.0, 5.0, 12), rng.uniform(1.0, 5.0, 12), rng.uniform(0.2, 0.9, 4)
    curves = Curves.concatenate(
        [
            Curves.logarithmic(scale[:4], half[:4]),
            Curves.exponential(scale[4:8], half[4:8]),
            Curves.power(scale[8:], exponent),
        ]
    )
    budget, upper = 20.0, rng.uniform(1.0, 6.0, 12)
    plan = allocate(curves, budget, 0.0, upper)
    x = cp.Variable(12, nonneg=True)
    parts = [scale[c] * cp.log1p(x[c] / half[c]) for c in range(4)]
    parts += [scale[c] * (1.0 - cp.exp(-x[c] / half[c])) for c in range(4, 8)]
    parts += [scale[8 + c] * cp.power(x[8 + c], exponent[c], approx=False) for c in range(4)]
    problem = cp.Problem(cp.Maximize(sum(parts)), [cp.sum(x) == budget, x <= upper])
    problem.solve(solver=cp.CLARABEL)
    assert plan.response == pytest.approx(problem.value, rel=1e-6)
    assert plan.response >= problem.value * (1.0 - 1e-7)
    assert plan.spend == pytest.approx(x.value, abs=2e-3)
