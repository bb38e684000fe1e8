"""Curves prepared once: the same bits as without, for any budget, and errors that say where bounds belong."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.core.allocate import allocate, prepare
from aicmo.core.curves import Curves
from aicmo.core.feasibility import Infeasible
from aicmo.core.groups import Group
from tests.core.instances import any_family, held, mixed, nested_around, wild


@pytest.mark.parametrize("seed", range(40))
def test_prepared_curves_give_the_same_bits_for_any_budget(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves = wild(rng, 1.0, 1.0, float(rng.choice([1.0, 5.0])))
    lower, upper, inside = held(rng, len(curves), 1.0)
    groups = nested_around(rng, inside) if seed % 2 else None
    prepared = prepare(curves, lower, upper, groups)
    for budget in (inside.sum(), 1.5 * inside.sum(), 1.5 * inside.sum() + 2.0):
        plain = allocate(curves, budget, lower, upper, groups, total="at_most")
        again = allocate(prepared, budget, total="at_most")
        assert again.spend.tobytes() == plain.spend.tobytes()
        assert (again.gap, again.price, again.response) == (plain.gap, plain.price, plain.response)


@pytest.mark.parametrize("rows", [3, 40])
def test_one_prepared_set_serves_many_budgets_at_once(rows: int) -> None:
    rng = np.random.default_rng(rows)
    curves, budgets = any_family(rng), np.linspace(0.0, 40.0, rows)
    together = allocate(prepare(curves), budgets)
    assert together.spend.tobytes() == allocate(curves, budgets).spend.tobytes()
    assert together.spend[2].tobytes() == allocate(prepare(curves), budgets[2]).spend.tobytes()


def test_rows_of_curves_are_prepared_row_by_row() -> None:
    rng = np.random.default_rng(0)
    curves, lower = mixed(rng, (40, 3)), rng.uniform(0.0, 0.2, (40, 12))
    prepared, budget = prepare(curves, lower, 9.0), rng.uniform(5.0, 50.0, 40)
    plain = allocate(curves, budget, lower, 9.0)
    warm = allocate(prepared, budget, price0=plain.price)
    assert allocate(prepared, budget).spend.tobytes() == plain.spend.tobytes()
    assert warm.spend == pytest.approx(plain.spend, rel=1e-11)


def test_later_changes_of_given_bounds_have_no_effect() -> None:
    upper = np.array([3.0, 4.0])
    prepared = prepare(Curves.hill([1.0, 2.0], 3.0, 2.0), 0.0, upper)
    upper[:] = 0.0
    assert allocate(prepared, 7.0).spend.tolist() == [3.0, 4.0]


def test_bounds_belong_to_the_preparation() -> None:
    prepared = prepare(Curves.power(1.0, [0.5, 0.6]), 0.0, 3.0)
    with pytest.raises(TypeError, match=r"give them to prepare\(\)"):
        allocate(prepared, 4.0, 1.0)
    with pytest.raises(ValueError, match=r"'prepared curves': 2, 'budget': 3"):
        allocate(prepare(Curves.power(np.ones((2, 1)), [0.5, 0.6])), np.ones(3))


def test_limits_that_no_budget_can_meet_are_refused_at_once() -> None:
    curves = Curves.power(1.0, [0.5, 0.6])
    with pytest.raises(Infeasible, match="campaign 1 minimum 2"):
        prepare(curves, 2.0, [3.0, 1.0])
    with pytest.raises(Infeasible, match="group 'pair' minimum 9"):
        prepare(curves, 0.0, 3.0, [Group([0, 1], 9.0, name="pair")])
    with pytest.raises(ValueError, match="lower must be finite"):
        prepare(curves, np.nan)
