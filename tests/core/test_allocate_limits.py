"""Limits hold and certificates are true on wild instances: every family, any scale, groups that touch."""

import numpy as np
import pytest

from aicmo.core.allocate import allocate
from aicmo.core.allocation import Allocation
from aicmo.core.curves import Curves
from aicmo.core.feasibility import Limits
from aicmo.core.groups import Group, tree
from aicmo.core.mend import mend
from tests.core.instances import Floats, held, nested_around, wild

ROUNDING = 1e-9


def require_within(
    plan: Allocation, lower: Floats, upper: Floats, groups: list[Group], budget: float
) -> None:
    slack = ROUNDING * budget
    assert (plan.spend >= lower - slack).all()
    assert (plan.spend <= upper + slack).all()
    assert plan.spend.sum() <= budget + slack
    for group in groups:
        joint = plan.spend[np.asarray(group.members, dtype=np.int64)].sum()
        assert float(np.max(group.lower)) - slack <= joint <= float(np.max(group.upper)) + slack


@pytest.mark.parametrize("steepest", [1.0, 5.0])
@pytest.mark.parametrize("total", ["exact", "at_most"])
def test_limits_hold_and_a_plan_inside_them_stays_below_the_bound(total: str, steepest: float) -> None:
    for seed in range(150):
        rng = np.random.default_rng([seed, int(steepest), len(total)])
        money, worth = 10.0 ** rng.choice([0.0, 0.0, 12.0, -12.0], 2)
        curves = wild(rng, money, worth, steepest)
        lower, upper, inside = held(rng, len(curves), money)
        groups = nested_around(rng, inside)
        plan = allocate(curves, inside.sum(), lower, upper, groups, total=total)  # type: ignore[arg-type]
        require_within(plan, lower, upper, groups, inside.sum())
        known = curves.value(inside).sum()
        assert plan.gap >= 0.0
        assert plan.bound >= known * (1.0 - 1e-12)
        if total == "exact":
            assert plan.spend.sum() == pytest.approx(inside.sum(), rel=ROUNDING)
        if steepest == 1.0:
            assert plan.response >= known * (1.0 - 1e-11)
            assert plan.gap <= 1e-9 * plan.response


def test_a_group_of_mixtures_at_its_minimum_gets_it() -> None:
    """Mixtures that end at a bound must not look as if they answered prices."""
    half, shape = np.array([7.38, 1.53, 3.39]), np.array([2.98, 1.69, 1.87])
    curves = Curves.mixture(
        np.outer([4.45, 1.51, 4.64], [1.0, 0.5]), np.outer(half, [1.0, 3.0]), np.outer(shape, [1.0, 0.5])
    )
    lower, upper = np.array([1.1, 0.99, 1.7]), np.array([1.11, 1.78, 3.48])
    groups = [Group([2], 3.3, 3.39), Group([1, 0], 2.56, 3.56)]
    for spare in np.geomspace(1e-15, 1e-3, 25):
        plan = allocate(curves, 5.86 * (1.0 + spare), lower, upper, groups, total="at_most")
        require_within(plan, lower, upper, groups, 5.86 * (1.0 + spare))
        assert plan.spend[[2]].sum() >= 3.3 * (1.0 - 1e-9)
        assert plan.spend[[1, 0]].sum() >= 2.56 * (1.0 - 1e-9)


@pytest.mark.parametrize("guess", 10.0 ** np.arange(-9.0, 10.0, 3.0))
def test_a_curve_that_is_nearly_a_line_throws_no_search_off_its_way(guess: float) -> None:
    """Above its slope at nothing it answers prices by 1e-300, from which no step may be extrapolated."""
    rng = np.random.default_rng(3)
    straight, steep = Curves.hill([0.03], [2.0], 1.0 - 1e-7), Curves.table([[0.0, 0.01]], [[0.0, 10.0]])
    curves = Curves.concatenate([straight, steep, Curves.hill([0.007], [0.3], [3.5])])
    for _ in range(20):
        upper = np.array([0.02, 0.008, 4.0]) * rng.uniform(0.5, 2.0, 3)
        plan = allocate(curves, 2.0, 0.0, upper, price0=guess)
        assert plan.gap <= 1e-9 * plan.response


def test_minimums_of_groups_hold_where_nothing_brings_anything() -> None:
    curves = Curves.concatenate(
        [Curves.hill([0.0, 0.0], 1.0), Curves.mixture(np.zeros((2, 3)), np.ones((2, 3)), np.ones((2, 3)))]
    )
    for rest in (0.0, 1.0):
        plan = allocate(curves, 5.0 + rest, groups=[Group([0, 2], 2.0), Group([1, 3], 3.0)], total="at_most")
        assert plan.spend[[0, 2]].sum() == 2.0
        assert plan.spend[[1, 3]].sum() == 3.0
        assert plan.unallocated == rest
        assert plan.gap == 0.0


def test_what_was_not_solved_is_moved_into_its_limits_with_a_bound_that_is_true() -> None:
    curves, total = Curves.logarithmic([1.0, 2.0, 3.0], 1.0), np.array([6.0, 6.0])
    groups = [Group([0, 1], 4.0, 5.0)]
    limits = Limits(np.zeros((1, 3)), np.full((1, 3), 3.0), total, tree(groups, 3, 2), groups, exact=True)
    spend, response, gap = np.array([[2.0, 2.0, 2.0], [0.0, 0.0, 9.0]]), np.array([5.5, 6.9]), np.zeros(2)
    gap[1] = np.inf
    mend(curves, limits, spend, response, gap)
    assert spend[0].tolist() == [2.0, 2.0, 2.0]
    assert response[0] == 5.5
    np.testing.assert_allclose(spend[1], [2.0, 2.0, 2.0])  # the nearest: equal parts of what must move
    assert response[1] == pytest.approx(6.0 * np.log(3.0))
    best = allocate(curves, 6.0, 0.0, 3.0, groups)
    assert response[1] <= best.response <= response[1] + gap[1] < np.inf


def test_twins_share_what_groups_leave_them() -> None:
    rng = np.random.default_rng(3)
    curves = Curves.hill(np.full(40, 2.0), 3.0, 0.7)
    groups = nested_around(rng, np.full(40, 1.0))
    plan = allocate(curves, 40.0, groups=groups)
    np.testing.assert_allclose(plan.spend, 1.0, rtol=1e-9)


def test_a_cut_that_leaves_one_plan_leaves_it() -> None:
    """Limits that touch and S-curves: the best plan may be all that a branch of the search has left."""
    for seed in range(3000):
        rng = np.random.default_rng(seed)
        lower = rng.uniform(0.1, 0.8, 3)
        inside = lower + rng.random(3) * [0.0, 3.0, 3.0]
        scale, half = 10.0 ** rng.uniform(-1.0, 1.0, (2, 3))
        curves = Curves.hill(scale, half, rng.uniform(1.5, 6.0, 3))
        groups = [Group([1], inside[1]), Group([2, 0], inside[2] + inside[0])]
        plan = allocate(curves, inside.sum(), lower, lower + 4.0, groups)
        assert plan.bound >= curves.value(inside).sum() * (1.0 - 1e-12)
