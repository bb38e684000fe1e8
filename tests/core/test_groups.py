"""Laminar groups: optimal by the KKT conditions, prices that predict.

And errors that name the smallest conflict.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicmo.core.allocate import allocate
from aicmo.core.feasibility import Infeasible
from aicmo.core.groups import Group, tree
from tests.core.instances import mixed

LIMITS = [([0, 1, 2, 3], 3.0, 8.0), ([0, 1], 1.0, 4.0), ([4, 5, 6], 0.0, 6.0), ([6], 0.5, 1.5)]


def nested(scale: float = 1.0) -> list[Group]:
    return [
        Group(members, low * scale, high * scale, f"g{i}") for i, (members, low, high) in enumerate(LIMITS)
    ]


@given(seed=st.integers(0, 10**6))
def test_plan_satisfies_the_conditions_of_optimality_in_every_group(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves, budget = mixed(rng), rng.uniform(6.0, 40.0)
    plan = allocate(curves, budget, groups=nested())
    assert plan.spend.sum() == pytest.approx(budget, rel=1e-11)
    for price, (members, low, high) in zip(plan.group_price, LIMITS, strict=True):
        spent = plan.spend[members].sum()
        assert low * (1 - 1e-9) <= spent <= high * (1 + 1e-9)
        if price > 1e-9 * plan.price:
            assert spent == pytest.approx(high, rel=1e-9)
        if price < -1e-9 * plan.price:
            assert spent == pytest.approx(low, rel=1e-9)
    inside = plan.node_price[plan.nest.home_of]
    free = plan.spend > 0.0
    assert plan.marginal[free] == pytest.approx(inside[free], rel=1e-7)
    assert plan.gap <= 1e-9 * plan.response


def test_group_price_predicts_what_one_more_unit_brings() -> None:
    curves = mixed(np.random.default_rng(3))
    cap, step = 0.5 * allocate(curves, 30.0).spend[:3].sum(), 1e-4
    plan = allocate(curves, 30.0, groups=[Group([0, 1, 2], 0.0, cap)])
    wider = allocate(curves, 30.0, groups=[Group([0, 1, 2], 0.0, cap + step)])
    assert plan.group_price[0] > 0.0
    assert plan.group_price[0] == pytest.approx((wider.response - plan.response) / step, rel=1e-3)


def test_empty_group_with_a_minimum_is_named() -> None:
    with pytest.raises(Infeasible, match="group 'none' minimum 2"):
        allocate(mixed(np.random.default_rng(0)), 10.0, groups=[Group([], 2.0, 5.0, "none")])


def test_minimums_below_a_group_that_exceed_its_maximum_are_named() -> None:
    groups = [Group([0, 1, 2], 0.0, 5.0, "tv"), Group([0, 1], 4.0, 9.0, "tv spots")]
    with pytest.raises(
        Infeasible, match="group 'tv spots' minimum 4; campaign 2 minimum 2; group 'tv' maximum 5"
    ):
        allocate(mixed(np.random.default_rng(0)), 30.0, [0, 0, 2, 0, 0, 0, 0, 0], groups=groups)


def test_overlapping_groups_are_refused_with_the_campaigns_they_share() -> None:
    with pytest.raises(ValueError, match=r"share campaigns \[1\] but neither contains the other"):
        tree([Group([0, 1]), Group([1, 2])], 3, 1)


@pytest.mark.parametrize(
    ("members", "said"),
    [([0, 9], "campaign 9 does not exist"), ([1, 1], "listed twice"), ([0.5], "must be a list")],
)
def test_members_that_make_no_sense_are_refused(members: list[int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        tree([Group(members)], 3, 1)
