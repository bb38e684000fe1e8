"""The projection is the nearest feasible point.

Checked by its optimality conditions and against a generic solver.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, minimize

from aicmo.core.feasibility import Infeasible
from aicmo.core.groups import Group
from aicmo.core.project import project

Floats = NDArray[np.float64]

LIMITS = [([0, 1, 2], 1.0, 6.0), ([0, 1], 0.5, 4.0), ([3, 4], 0.0, 5.0)]
GROUPS = [Group(members, low, high) for members, low, high in LIMITS]


def instance(seed: int, rows: int = 4) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Points, bounds, totals and weights that every row can satisfy."""
    rng = np.random.default_rng(seed)
    lower = rng.uniform(0.0, 0.5, (rows, 6))
    upper = lower + rng.uniform(0.5, 5.0, (rows, 6))
    return (
        rng.uniform(-2.0, 8.0, (rows, 6)),
        lower,
        upper,
        rng.uniform(5.0, 12.0, rows),
        rng.uniform(0.2, 5.0, (rows, 6)),
    )


@pytest.mark.parametrize("seed", range(6))
def test_equals_a_generic_quadratic_solver(seed: int) -> None:
    point, lower, upper, total, weight = instance(seed)
    nearest = project(point, lower, upper, total, GROUPS, weight)
    sums = np.zeros((4, 6))
    sums[0] = 1.0
    for row, (members, _, _) in enumerate(LIMITS, start=1):
        sums[row, members] = 1.0
    for r in range(4):
        limits = LinearConstraint(sums, [-np.inf, 1.0, 0.5, 0.0], [total[r], 6.0, 4.0, 5.0])
        found = minimize(  # type: ignore[call-overload]  # the stubs want narrower callables
            lambda x, r=r: (weight[r] * (x - point[r]) ** 2).sum(),
            nearest[r] * 0.5 + 0.5 * np.clip(point[r], lower[r], upper[r]),
            bounds=list(zip(lower[r], upper[r], strict=True)),
            constraints=limits,
            method="SLSQP",
            options={"maxiter": 500, "ftol": 1e-14},
        )
        assert nearest[r] == pytest.approx(found.x, abs=1e-5)


@given(seed=st.integers(0, 10_000))
def test_result_is_feasible_and_projecting_again_changes_no_bit(seed: int) -> None:
    point, lower, upper, total, weight = instance(seed, rows=1)
    nearest = project(point, lower, upper, total, GROUPS, weight)
    assert (nearest >= lower).all()
    assert (nearest <= upper).all()
    assert nearest.sum() <= total[0] * (1 + 1e-12)
    for members, low, high in LIMITS:
        assert low * (1 - 1e-12) <= nearest[0, members].sum() <= high * (1 + 1e-12)
    assert project(nearest, lower, upper, total, GROUPS, weight).tobytes() == nearest.tobytes()


def test_rows_do_not_affect_each_other() -> None:
    point, lower, upper, total, weight = instance(3, rows=50)
    together = project(point, lower, upper, total, GROUPS, weight)
    for r in range(50):
        alone = project(point[r : r + 1], lower[r], upper[r], total[r], GROUPS, weight[r])
        assert alone.tobytes() == together[r].tobytes()


def test_a_feasible_plan_is_left_alone_bit_for_bit() -> None:
    plan = np.array([[0.1, 0.2, 0.7]])
    assert project(plan, 0.0, 1.0, 1.0).tobytes() == plan.tobytes()


def test_only_the_total_binds_then_all_move_by_the_same_amount() -> None:
    nearest = project(np.array([[3.0, 4.0, 5.0]]), 0.0, 10.0, 9.0)
    assert nearest == pytest.approx(np.array([[2.0, 3.0, 4.0]]))


def test_conflicting_limits_are_named_with_their_amounts() -> None:
    with pytest.raises(Infeasible, match=r"group 'tv' minimum 400; group 'tv' maximum 350"):
        project(np.zeros((1, 2)), 0.0, 1e3, 1e6, [Group([0, 1], 400.0, 350.0, "tv")])


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"point must be finite, got nan at index \(0, 1\)"):
        project(np.array([[1.0, np.nan]]), 0.0, 1.0, 1.0)
