"""Which limits bind, and their shadow prices, on a plan whose multipliers are known."""

from __future__ import annotations

import numpy as np

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.guardrails import bindings
from aicmo.messages import Binding, GroupLimit, Limits

NOBODY = Limits.none(1, 4)


def piece(source: str, **limits: object) -> Limits:
    """One guardrail's limits on four campaigns of one world."""
    given = {"lower": NOBODY.lower, "upper": NOBODY.upper, "total": NOBODY.total} | limits
    return Limits(**given, source=source)  # type: ignore[arg-type]  # of what the test needs


def merged(*pieces: Limits) -> Limits:
    lower = np.maximum.reduce([item.lower for item in pieces])
    upper = np.minimum.reduce([item.upper for item in pieces])
    total = np.minimum.reduce([item.total for item in pieces])
    return Limits(lower, upper, total, tuple(group for item in pieces for group in item.groups))


def told(rate: np.ndarray, marginal: np.ndarray | None, *pieces: Limits) -> dict[str, Binding]:
    return {item.guardrail: item for item in bindings(rate, merged(*pieces), pieces, marginal)}


def test_prices_are_the_multipliers_of_the_optimum() -> None:
    """Maximise Σ a log(1 + x/k) under caps: the price of a cap is f' − λ, that of the total λ (KKT)."""
    curves = Curves.logarithmic(np.array([9.0, 5.0, 4.0, 1.0]), np.array([10.0, 8.0, 12.0, 9.0]))
    cap = np.array([[20.0, np.inf, np.inf, np.inf]])
    floor = np.array([[0.0, 0.0, 0.0, 6.0]])
    plan = allocate(curves, 90.0, floor[0], np.where(np.isinf(cap), 1e9, cap)[0])
    marginal = curves.marginal(plan.spend)[None]
    found = told(
        plan.spend[None],
        marginal,
        piece("cap", upper=cap),
        piece("floor", lower=floor),
        piece("budget", total=np.array([90.0])),
    )
    np.testing.assert_allclose(found["cap"].price, marginal[0, 0] - plan.price, rtol=1e-6)
    np.testing.assert_allclose(found["floor"].price, plan.price - marginal[0, 3], rtol=1e-6)
    np.testing.assert_allclose(found["budget"].price, plan.price, rtol=1e-6)
    assert [int(item.limits[0]) for item in found.values()] == [1, 1, 1]


def test_a_group_s_price_is_what_its_money_is_worth_beyond_the_others() -> None:
    rate, marginal = np.array([[10.0, 20.0, 30.0, 40.0]]), np.array([[3.0, 3.0, 1.0, 1.0]])
    group = GroupLimit("tv", np.array([0, 1]), np.zeros(1), np.array([30.0]))
    found = told(rate, marginal, piece("bounds", groups=(group,)), piece("budget", total=np.array([100.0])))
    np.testing.assert_allclose(found["bounds"].price, 3.0 - 1.0)
    np.testing.assert_allclose(found["budget"].price, 1.0)
    assert found["bounds"].limits[0] == 1


def test_only_the_tightest_limit_binds_and_only_where_the_plan_lies_at_it() -> None:
    rate = np.array([[10.0, 20.0, 30.0, 40.0]])
    found = told(
        rate,
        None,
        piece("step", upper=np.array([[10.0, 25.0, 30.0, 41.0]])),
        piece("bounds", upper=np.array([[12.0, 20.0, 30.0, np.inf]])),
        piece("approval", lower=np.array([[5.0, 19.0, 0.0, 40.0]])),
        piece("budget", total=np.array([101.0])),
    )
    assert {name: int(item.limits[0]) for name, item in found.items()} == {
        "step": 2,
        "bounds": 2,
        "approval": 1,
        "budget": 0,
    }
    assert not any(item.price.any() for item in found.values())


def test_limits_hold_their_campaigns_groups_their_members_and_totals_nobody() -> None:
    rate = np.array([[5.0, 10.0, 20.0, 15.0]])
    box = np.array([[5.0, np.inf, np.inf, np.inf]])
    group = GroupLimit("pair", np.array([1, 2]), np.zeros(1), np.array([30.0]))
    found = told(
        rate,
        None,
        piece("box", upper=box),
        piece("group", groups=(group,)),
        piece("budget", total=np.array([50.0])),
    )
    np.testing.assert_array_equal(found["box"].campaigns, [[True, False, False, False]])
    np.testing.assert_array_equal(found["group"].campaigns, [[False, True, True, False]])
    np.testing.assert_array_equal(found["budget"].campaigns, [[False, False, False, False]])
    assert found["budget"].limits[0] == 1
