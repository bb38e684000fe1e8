"""Free totals against closed forms and brute force; certificates that hold."""

import numpy as np
import pytest
from numpy.typing import NDArray

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.groups import Group
from aicmo.core.objectives import maximise_profit, minimise_spend, spend_until

Floats = NDArray[np.float64]


def logarithmic(R: int, C: int, seed: int) -> tuple[Curves, Floats, Floats]:
    rng = np.random.default_rng(seed)
    scale, half = rng.uniform(5.0, 50.0, (R, C)), rng.uniform(1.0, 20.0, (R, C))
    return Curves.logarithmic(scale, half), scale, half


def s_curves(R: int, C: int, seed: int) -> Curves:
    rng = np.random.default_rng(seed)
    return Curves.hill(rng.uniform(5, 50, (R, C)), rng.uniform(2, 20, (R, C)), rng.uniform(1.5, 3.0, (R, C)))


def test_spend_until_meets_the_closed_form() -> None:
    """a/(k + x) = h, so x = a/h − k, or nothing."""
    curves, scale, half = logarithmic(5, 7, seed=1)
    hurdle = np.array([0.3, 0.5, 1.0, 2.0, 4.0])
    plan = spend_until(curves, hurdle, most=1e4)
    expected = np.maximum(scale / hurdle[:, None] - half, 0.0)
    np.testing.assert_allclose(plan.spend, expected, rtol=1e-8, atol=1e-6)
    np.testing.assert_allclose(plan.response, (scale * np.log1p(expected / half)).sum(axis=1), rtol=1e-9)
    np.testing.assert_allclose(plan.total, expected.sum(axis=1), rtol=1e-8, atol=1e-6)
    assert np.all(plan.gap <= 1e-8 * (plan.response + hurdle * 1e4))


def test_profit_stops_where_the_next_unit_pays_for_itself() -> None:
    curves, _, _ = logarithmic(4, 5, seed=2)
    value = np.array([0.5, 1.0, 2.0, 3.0])
    plan = maximise_profit(curves, value, most=1e4)
    marginal = curves.marginal(plan.spend)
    inside = plan.spend > 1e-9
    np.testing.assert_allclose((marginal * value[:, None])[inside], 1.0, rtol=1e-7)
    assert np.all((marginal * value[:, None])[~inside] <= 1.0 + 1e-9)


def test_a_cap_on_the_total_binds() -> None:
    curves, _, _ = logarithmic(1, 4, seed=3)
    plan = maximise_profit(curves, 100.0, most=50.0)
    assert plan.total[0] == pytest.approx(50.0)
    np.testing.assert_allclose(plan.spend[0], allocate(curves, 50.0).spend[0], rtol=1e-9)
    assert plan.price[0] > 0.01


def test_profit_of_s_curves_is_within_its_gap_of_brute_force() -> None:
    curves, value = s_curves(6, 3, seed=4), 1.5
    plan = maximise_profit(curves, value, most=60.0)
    profit = value * plan.response - plan.total
    axis = np.linspace(0.0, 60.0, 6001)
    for r in range(6):
        alone = value * np.stack([curves.row(r).value(np.full(3, x)) for x in axis]) - axis[:, None]
        best, at = alone.max(axis=0), axis[alone.argmax(axis=0)]
        if at.sum() <= 60.0:  # the cap does not bind: campaigns separate
            assert profit[r] >= best.sum() - plan.gap[r] - 1e-9
            assert profit[r] + plan.gap[r] >= best.sum() - 1e-9


def test_least_spend_inverts_the_value_of_money() -> None:
    curves, _, _ = logarithmic(6, 8, seed=5)
    budget = np.geomspace(1.0, 500.0, 6)
    value = allocate(curves, budget).response
    plan = minimise_spend(curves, value, most=1e4)
    np.testing.assert_allclose(plan.total, budget, rtol=1e-9)
    assert np.all(plan.response >= value)
    assert np.all(plan.gap <= 1e-9 * budget)


def test_least_spend_of_s_curves_is_certified() -> None:
    """No plan of a fine grid reaches the target with less than the certificate says."""
    curves, R = s_curves(5, 2, seed=6), 5
    ceiling = allocate(curves, 200.0).response
    target = ceiling * np.linspace(0.2, 0.9, R)
    plan = minimise_spend(curves, target, most=200.0)
    assert np.all(plan.response >= target)
    axis = np.linspace(0.0, 120.0, 2401)
    for r in range(R):
        one, two = (np.stack([curves.row(r).value(np.full(2, x)) for x in axis])[:, c] for c in (0, 1))
        enough = one[:, None] + two[None, :] >= target[r]
        least = (axis[:, None] + axis[None, :])[enough].min()
        assert plan.total[r] - plan.gap[r] <= least + 1e-9
        assert plan.total[r] <= least * 1.002 + 0.1


def test_groups_and_bounds_hold() -> None:
    curves, _, _ = logarithmic(2, 6, seed=7)
    lower, upper = np.full(6, 1.0), np.full(6, 30.0)
    group = Group([0, 1, 2], 10.0, 20.0, "television")
    free = maximise_profit(curves, 2.0, 500.0, lower, upper, [group])
    value = allocate(curves, 70.0, lower, upper, [group]).response
    least = minimise_spend(curves, value, 500.0, lower, upper, [group])
    for plan in (free, least):
        assert np.all(plan.spend >= lower - 1e-9)
        assert np.all(plan.spend <= upper + 1e-9)
        assert np.all(plan.spend[:, :3].sum(axis=1) <= 20.0 + 1e-9)
        assert np.all(plan.spend[:, :3].sum(axis=1) >= 10.0 - 1e-9)
    np.testing.assert_allclose(least.total, 70.0, rtol=1e-8)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("money", [1e-9, 1.0, 1e9])
def test_units_do_not_matter(scale: float, money: float) -> None:
    rng = np.random.default_rng(9)
    curves = Curves.exponential(scale * rng.uniform(5, 50, (3, 4)), money * rng.uniform(1, 20, (3, 4)))
    value = allocate(curves, np.full(3, 25.0 * money)).response
    plan = minimise_spend(curves, value, 1e3 * money)
    np.testing.assert_allclose(plan.total, 25.0 * money, rtol=1e-9)
    assert np.all(plan.gap <= 1e-6 * plan.total)


def test_unreachable_targets_are_refused() -> None:
    curves, _, _ = logarithmic(2, 3, seed=8)
    with pytest.raises(ValueError, match=r"row 0 needs a response of 1e\+06, but within the limits 10 bring"):
        minimise_spend(curves, 1e6, most=10.0)
    with pytest.raises(ValueError, match="marginal must be finite and > 0"):
        spend_until(curves, 0.0, most=10.0)


def test_what_little_pays_counts_to_the_last_digit_beside_a_hoard_of_cash() -> None:
    curves, _, _ = logarithmic(6, 4, seed=7)
    for hoard in (1e6, 1e15, 1e18):
        plan = spend_until(curves, 3.0, most=hoard)
        np.testing.assert_allclose(plan.response, curves.value(plan.spend).sum(axis=1), rtol=1e-14)
        assert (plan.response >= 0.0).all()
