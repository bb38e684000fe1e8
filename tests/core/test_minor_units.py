"""Plans in whole minor units: every row adds up, within all limits, and what cannot be whole is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.groups import Group
from tests.core.instances import mixed


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), unit=st.sampled_from([0.001, 0.01, 1.0, 5.0]), rows=st.integers(1, 4))
def test_every_row_adds_up_within_all_limits(seed: int, unit: float, rows: int) -> None:
    rng = np.random.default_rng(seed)
    curves = mixed(rng)
    units = rng.integers(1000, 10**7, rows)
    low = rng.integers(0, units.min() // 20, 8)
    high = low + rng.integers(0, units.max(), 8)
    high[0] = units.max()  # room for all money outside the group
    most = low[[1, 2, 5]].sum() + int(rng.integers(0, units.min() // 4))
    groups = [Group([1, 2, 5], 0.0, most * unit), Group([2, 5])]
    plan = allocate(curves, units * unit, low * unit, high * unit, groups, minor_unit=unit)
    whole = np.rint(plan.spend / unit).astype(np.int64)
    np.testing.assert_allclose(plan.spend, whole * unit, rtol=1e-15)
    assert whole.sum(axis=1).tolist() == units.tolist()
    assert ((low <= whole) & (whole <= high)).all()
    assert (whole[:, [1, 2, 5]].sum(axis=1) <= most).all()
    np.testing.assert_allclose(plan.response, curves.value(plan.spend).sum(axis=1), rtol=1e-15)
    exact = allocate(curves, units * unit, low * unit, high * unit, groups)
    assert (np.abs(plan.spend - exact.spend) <= unit * (1.0 + 1e-6)).all()
    assert (exact.response <= plan.bound * (1.0 + 1e-12)).all()


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_units_of_any_size_round_alike(size: float) -> None:
    curves = Curves.logarithmic(np.arange(1.0, 8.0), size * np.linspace(1.0, 2.0, 7))
    plan = allocate(curves, 1000 * size, minor_unit=size)
    usual = allocate(Curves.logarithmic(np.arange(1.0, 8.0), np.linspace(1.0, 2.0, 7)), 1000, minor_unit=1.0)
    np.testing.assert_array_equal(np.rint(plan.spend / size), usual.spend)


def test_money_far_larger_than_its_unit_still_adds_up() -> None:
    plan = allocate(Curves.logarithmic(np.arange(1.0, 8.0), 1e10), 123_456_789_012.34, minor_unit=0.01)
    assert int(np.rint(plan.spend * 100).sum()) == 12_345_678_901_234


def test_amounts_are_the_doubles_nearest_to_their_decimals() -> None:
    plan = allocate(Curves.hill([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), 10.0, minor_unit=0.01)
    assert plan.spend.tolist() == [1.67, 3.33, 5.0]


@pytest.mark.parametrize(("budget", "unit"), [(10.005, 0.01), (10.0, 100.0)])
def test_a_budget_that_is_not_whole_is_refused_or_left_in_part(budget: float, unit: float) -> None:
    curves = Curves.hill([1.0, 2.0], [1.0, 2.0])
    with pytest.raises(ValueError, match=f"but is no multiple of {unit:g}: round it"):
        allocate(curves, budget, minor_unit=unit)
    plan = allocate(curves, budget, total="at_most", minor_unit=unit)
    assert budget - unit < plan.spend.sum() <= budget


def test_limits_that_leave_no_whole_plan_are_refused() -> None:
    with pytest.raises(ValueError, match="no plan in whole units of 1 meets all limits"):
        allocate(Curves.hill([1.0, 2.0], [1.0, 2.0]), 3.0, 0.0, [1.5, 1.6], minor_unit=1.0)
    with pytest.raises(ValueError, match="minor_unit must be finite and greater than 0"):
        allocate(Curves.hill([1.0], [1.0]), 3.0, minor_unit=-0.01)
