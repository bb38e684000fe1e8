"""Laws of the allocator on concave curves: optimality, certificate, feasibility, scaling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.feasibility import Infeasible
from tests.core.instances import bounds, mixed


def test_two_exponential_curves_have_a_closed_form() -> None:
    k1, b1, k2, b2, total = 2.0, 0.5, 4.0, 0.3, 7.0
    plan = allocate(Curves.exponential([k1, k2], [1 / b1, 1 / b2]), total)
    assert plan.spend[0] == pytest.approx((b2 * total + np.log(k1 * b1 / (k2 * b2))) / (b1 + b2), rel=1e-14)


@pytest.mark.parametrize("seed", range(8))
def test_no_worse_than_a_generic_solver(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves, budget = mixed(rng), rng.uniform(1.0, 60.0)
    lower, upper = bounds(rng, 8, budget)
    plan = allocate(curves, budget, lower, upper)
    found = minimize(  # type: ignore[call-overload]  # the stubs want narrower callables
        lambda x: -curves.value(np.maximum(x, 0.0)).sum(),
        lower + (upper - lower) * (budget - lower.sum()) / (upper - lower).sum(),
        bounds=list(zip(lower, upper, strict=True)),
        constraints={"type": "eq", "fun": lambda x: x.sum() - budget},
        method="SLSQP",
        options={"maxiter": 1000, "ftol": 1e-13},
    )
    assert plan.response >= -found.fun * (1 - 1e-12)


@given(seed=st.integers(0, 10**6))
def test_plan_satisfies_the_conditions_of_optimality(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves, budget = mixed(rng), 10 ** rng.uniform(-1, 2)
    lower, upper = bounds(rng, 8, budget)
    plan = allocate(curves, budget, lower, upper)
    marginal = curves.marginal(plan.spend)
    free = plan.active == 0
    assert marginal[free] == pytest.approx(plan.price, rel=1e-8)
    assert (marginal[plan.active == -1] <= plan.price * (1 + 1e-8)).all()
    assert (marginal[plan.active == 1] >= plan.price * (1 - 1e-8)).all()
    assert abs(plan.spend.sum() - budget) <= 1e-12 * budget
    assert plan.gap <= 1e-12 * plan.response


def test_rows_do_not_affect_each_other() -> None:
    rng = np.random.default_rng(1)
    curves, budget = mixed(rng, (20, 2)), rng.uniform(1.0, 60.0, 20)
    together = allocate(curves, budget)
    for r in range(20):
        assert allocate(curves.row(r), budget[r]).spend.tobytes() == together.spend[r].tobytes()


def test_a_first_guess_changes_no_plan() -> None:
    rng = np.random.default_rng(2)
    curves = mixed(rng)
    cold = allocate(curves, 20.0)
    for guess in (float(cold.price), 1e-9, 1e9):
        assert allocate(curves, 20.0, price0=guess).spend == pytest.approx(cold.spend, rel=1e-10)


def test_s_curve_that_fits_once_is_funded_once() -> None:
    plan = allocate(Curves.hill([1.0, 1.0], 1.0, 4.0), 1.6)
    assert sorted(plan.spend) == pytest.approx([0.0, 1.6])
    assert plan.bound >= plan.response


def test_money_beyond_all_caps_is_unallocated_or_refused() -> None:
    curves = Curves.logarithmic([1.0, 2.0], 1.0)
    plan = allocate(curves, 10.0, 0.0, [3.0, 4.0], total="at_most")
    assert plan.spend.tolist() == [3.0, 4.0]
    assert plan.unallocated == 3.0
    with pytest.raises(Infeasible, match=r"campaign 0 maximum 3; campaign 1 maximum 4; total budget 10"):
        allocate(curves, 10.0, 0.0, [3.0, 4.0])


def test_the_fewest_minimums_that_break_the_budget_are_named() -> None:
    with pytest.raises(
        Infeasible, match="campaign 1 minimum 6; campaign 2 minimum 5; total budget 10"
    ) as error:
        allocate(Curves.logarithmic([1.0, 1.0, 1.0], 1.0), 10.0, [1.0, 6.0, 5.0])
    assert len(error.value.limits) == 3
