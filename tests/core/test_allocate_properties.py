"""What the allocator must hold on any instance.

Certificate, scale, permutation, monotony, batch and bounds that touch.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.groups import Group
from tests.core.instances import any_family, bounds, mixed
from tests.reference.knapsack import best_response

SEEDS = st.integers(0, 10**6)


@pytest.mark.parametrize("seed", range(12))
def test_s_curves_come_within_a_thousandth_of_dynamic_programming(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves = Curves.hill(rng.uniform(1, 5, 6), rng.uniform(1, 10, 6), rng.uniform(0.5, 6.0, 6))
    budget = rng.uniform(1.0, 40.0)
    plan = allocate(curves, budget)
    grid = best_response(curves, budget, np.zeros(6), np.full(6, budget))
    assert plan.response >= grid * (1 - 1e-9)
    assert plan.bound >= grid
    assert plan.gap <= 1e-3 * plan.response


@pytest.mark.parametrize("seed", range(8))
def test_any_family_is_at_least_dynamic_programming_and_below_the_bound(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    curves, budget = any_family(rng), rng.uniform(2.0, 40.0)
    lower, upper = np.zeros(len(curves)), np.full(len(curves), 0.4 * budget)
    plan = allocate(curves, budget, lower, upper)
    grid = best_response(curves, budget, lower, upper, coins=200)
    assert plan.response >= grid * (1 - 1e-9)
    assert plan.bound >= grid
    assert plan.gap <= 1e-6 * plan.response


@given(seed=SEEDS)
def test_no_feasible_point_beats_the_bound_or_a_concave_plan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves, budget = mixed(rng), 10 ** rng.uniform(-1, 2)
    lower, upper = bounds(rng, 8, budget)
    plan = allocate(curves, budget, lower, upper)
    share = rng.dirichlet(np.ones(8), 1000)
    trial = lower + share * (budget - lower.sum())
    inside = trial[(trial <= upper).all(axis=1)]
    if len(inside):
        assert curves.value(inside).sum(axis=1).max() <= plan.response * (1 + 1e-12)


@given(seed=SEEDS, money=st.integers(-40, 40), worth=st.integers(-40, 40))
def test_units_that_are_powers_of_two_change_no_bit_of_the_plan(seed: int, money: int, worth: int) -> None:
    rng = np.random.default_rng(seed)
    a, k, s = rng.uniform(1, 5, 6), rng.uniform(1, 10, 6), rng.uniform(0.3, 4.0, 6)
    lower, upper = bounds(rng, 6, 20.0)
    plan = allocate(Curves.hill(a, k, s), 20.0, lower, upper)
    m, w = 2.0**money, 2.0**worth
    scaled = allocate(Curves.hill(a * w, k * m, s), 20.0 * m, lower * m, upper * m)
    assert (scaled.spend / m).tobytes() == plan.spend.tobytes()
    assert scaled.response / w == plan.response


@pytest.mark.parametrize("unit", [1e-12, 1e12])
def test_units_of_any_size_change_shares_by_rounding_only(unit: float) -> None:
    rng = np.random.default_rng(4)
    a, k, s = rng.uniform(1, 5, 6), rng.uniform(1, 10, 6), rng.uniform(0.3, 1.0, 6)
    plan = allocate(Curves.hill(a, k, s), 20.0)
    scaled = allocate(Curves.hill(a / unit, k * unit, s), 20.0 * unit)
    assert scaled.spend / unit == pytest.approx(plan.spend, rel=1e-11)


@given(seed=SEEDS)
def test_order_of_campaigns_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, k, s = rng.uniform(1, 5, 7), rng.uniform(1, 10, 7), rng.uniform(0.3, 4.0, 7)
    order = rng.permutation(7)
    plan = allocate(Curves.hill(a, k, s), 15.0)
    shuffled = allocate(Curves.hill(a[order], k[order], s[order]), 15.0)
    assert shuffled.response == pytest.approx(plan.response, rel=2e-9)


@given(seed=SEEDS)
def test_value_rises_with_the_budget_and_its_rise_falls(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves = mixed(rng)
    value = allocate(curves, np.linspace(0.0, 40.0, 9)).response
    rise = np.diff(value)
    assert (rise >= 0.0).all()
    assert (np.diff(rise) <= 1e-12 * value[-1]).all()


@settings(max_examples=25)
@given(seed=SEEDS)
def test_a_row_has_the_same_bits_alone_and_in_any_batch(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (11, 3)
    curves = Curves.concatenate(
        [
            mixed(rng, shape),
            Curves.hill(rng.uniform(1, 5, shape), rng.uniform(1, 9, shape), rng.uniform(0.5, 5, shape)),
        ]
    )
    budget = rng.uniform(1.0, 60.0, 11)
    groups = [Group(list(range(6)), 0.0, 9.0), Group([12, 13, 14], 0.5, 4.0)]
    together = allocate(curves, budget, groups=groups)
    for r in (0, 5, 10):
        alone = allocate(curves.row(r), budget[r], groups=groups)
        assert alone.spend.tobytes() == together.spend[r].tobytes()
        assert alone.gap == together.gap[r]


@given(seed=SEEDS)
def test_a_slack_group_changes_nothing_but_the_last_digits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves = mixed(rng)
    plain = allocate(curves, 20.0)
    nested = allocate(curves, 20.0, groups=[Group([0, 3, 5], 0.0, 1e3), Group([0, 5]), Group([])])
    assert nested.spend == pytest.approx(plain.spend, rel=1e-9, abs=1e-12)
    assert (nested.group_price == 0.0).all()


def test_bounds_that_touch_leave_one_plan() -> None:
    lower = np.array([0.1, 0.2, 0.3])
    plan = allocate(Curves.power(1.0, [0.5, 0.6, 1.0]), 0.6, lower, [1.0, 1.0, 1.0])
    assert plan.spend.tolist() == pytest.approx(lower.tolist())
    fixed = allocate(Curves.power(1.0, [0.5, 0.6, 1.0]), 0.6, lower, lower)
    assert fixed.active.tolist() == [2, 2, 2]


def test_a_budget_of_nothing_buys_nothing() -> None:
    plan = allocate(any_family(np.random.default_rng(0)), 0.0)
    assert (plan.spend == 0.0).all()
    assert plan.response == 0.0
    assert plan.gap == 0.0


def test_twins_of_concave_curves_get_the_same() -> None:
    plan = allocate(Curves.hill([2.0] * 5, 3.0, 0.7), 10.0)
    assert plan.spend == pytest.approx(np.full(5, 2.0))


def test_dead_campaigns_get_money_only_when_all_must_be_spent() -> None:
    curves = Curves.hill([1.0, 0.0], 1.0, 0.8)
    forced = allocate(curves, 5.0, 0.0, [3.0, 10.0])
    assert forced.spend.tolist() == [3.0, 2.0]
    free = allocate(curves, 5.0, 0.0, [3.0, 10.0], total="at_most")
    assert free.spend.tolist() == [3.0, 0.0]
    assert free.unallocated == 2.0
    assert "campaigns 0" in free.reason


def test_far_saturated_exponentials_still_share_by_their_slopes() -> None:
    plan = allocate(Curves.exponential([1.0, 3.0], [1e-3, 2e-3]), 30.0)
    assert plan.spend[1] / plan.spend[0] == pytest.approx(2.0, rel=1e-3)
    assert plan.gap <= 1e-12 * plan.response
