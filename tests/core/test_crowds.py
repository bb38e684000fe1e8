"""Very many campaigns: solved in few passes, to the optimum that the solver of small sets proves."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.core.allocate import allocate, prepare
from aicmo.core.allocation import Allocation
from aicmo.core.curves import Curves
from aicmo.core.feasibility import Infeasible
from aicmo.core.groups import Group
from aicmo.core.kernels import solver
from tests.core.instances import bounds, held, mixed, nested_around

NEVER, ALWAYS = 10**9, 2


def both(monkeypatch: pytest.MonkeyPatch, *given: object, **more: object) -> tuple[Allocation, Allocation]:
    """The same problem solved as a crowd and as a tile."""
    plans = []
    for many in (ALWAYS, NEVER):
        monkeypatch.setattr(solver, "MANY", many)
        plans.append(allocate(*given, **more))  # type: ignore[arg-type]  # handed through
    return plans[0], plans[1]


@pytest.mark.parametrize("seed", range(3))
def test_a_concave_crowd_is_the_plan_of_the_tile(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    curves = mixed(rng, (1500,))
    lower, upper = bounds(rng, 6000, 9000.0)
    crowd, tile = both(monkeypatch, curves, 9000.0, lower, upper)
    assert crowd.response == pytest.approx(tile.response, rel=1e-13)
    assert crowd.price == pytest.approx(tile.price, rel=1e-8)
    assert crowd.spend == pytest.approx(tile.spend, rel=1e-5, abs=1e-9)
    assert crowd.spend.sum() == pytest.approx(9000.0, rel=1e-13)
    assert crowd.gap <= 1e-12 * crowd.response
    free = crowd.active == 0
    assert crowd.marginal[free] == pytest.approx(crowd.price, rel=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_a_crowd_of_s_curves_is_within_a_billionth(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    n = 30_000
    curves = Curves.hill(rng.uniform(1, 5, n), rng.uniform(1, 10, n), rng.uniform(0.3, 3.0, n))
    crowd, tile = both(monkeypatch, curves, 2.0 * n, 0.1)
    assert crowd.gap <= 1e-9 * crowd.response
    assert crowd.bound >= tile.response * (1 - 1e-14)
    assert crowd.spend.sum() == pytest.approx(2.0 * n, rel=1e-13)


@pytest.mark.parametrize("steepest", [1.0, 5.0])
def test_few_campaigns_as_a_crowd_keep_limits_and_bound(
    steepest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        u, n = rng.uniform, int(rng.integers(1, 40))
        curves = Curves.concatenate(
            [
                Curves.hill(10 ** u(-2, 2, n), 10 ** u(-2, 2, n), u(0.3, steepest, n)),
                Curves.exponential(10 ** u(-2, 2, n) * (u(0, 1, n) > 0.1), 10 ** u(-2, 2, n)),
                Curves.power(10 ** u(-2, 2, n), np.where(u(0, 1, n) < 0.2, 1.0, u(0.2, 0.99, n))),
            ]
        )
        lower, upper, inside = held(rng, len(curves), 1.0)
        groups = nested_around(rng, inside) if seed % 2 else None
        given = (curves, inside.sum(), lower, upper, groups)
        crowd, tile = both(monkeypatch, *given, total="at_most")
        assert crowd.bound >= tile.response * (1 - 1e-12)
        assert tile.bound >= crowd.response * (1 - 1e-12)
        assert (crowd.spend >= lower * (1 - 1e-12)).all()
        assert (crowd.spend <= upper * (1 + 1e-12)).all()
        assert crowd.spend.sum() <= inside.sum() * (1 + 1e-9)


@pytest.mark.parametrize("steepest", [0.9, 3.0])
def test_binding_groups_of_a_crowd_meet_their_caps(steepest: float) -> None:
    rng = np.random.default_rng(1)
    n = 20_000
    curves = Curves.hill(rng.uniform(1, 5, n), rng.uniform(1, 10, n), rng.uniform(0.3, steepest, n))
    members = rng.permutation(n).reshape(10, -1)
    spent = allocate(curves, 2.0 * n).spend[members].sum(axis=1)
    shares = np.where(np.arange(10) % 2, 0.8, 1.5)
    caps = [Group(m, 0.0, x) for m, x in zip(members, spent * shares, strict=True)]
    plan = allocate(curves, 2.0 * n, groups=[*caps, Group(members[:4].ravel(), 0.0, 0.9 * spent[:4].sum())])
    used = plan.spend[members].sum(axis=1)
    assert used[1::2] == pytest.approx(0.8 * spent[1::2], rel=1e-12)
    assert plan.spend[members[:4].ravel()].sum() == pytest.approx(0.9 * spent[:4].sum(), rel=1e-12)
    assert plan.spend.sum() == pytest.approx(2.0 * n, rel=1e-12)
    assert (plan.group_price[1:10:2] > 0.0).all()
    assert (plan.group_price[4:10:2] == 0.0).all()
    assert plan.gap <= (1e-12 if steepest < 1.0 else 1e-5) * plan.response


def test_a_prepared_crowd_and_units_move_no_bit() -> None:
    rng = np.random.default_rng(2)
    n = 5000
    a, k, s = rng.uniform(1, 5, n), rng.uniform(1, 10, n), rng.uniform(0.3, 1.0, n)
    plain = allocate(Curves.hill(a, k, s), 2.0 * n, 0.1)
    prepared = prepare(Curves.hill(a, k, s), 0.1)
    again = allocate(prepared, np.array([n, 2.0 * n]))
    assert again.spend[1].tobytes() == plain.spend.tobytes()
    assert again.gap[1] == plain.gap
    scaled = allocate(Curves.hill(a * 8.0, k * 0.25, s), 0.5 * n, 0.025)
    assert (scaled.spend * 4.0).tobytes() == plain.spend.tobytes()
    assert allocate(prepared, 2.0 * n, price0=plain.price).spend == pytest.approx(plain.spend, rel=1e-6)


def test_what_no_crowd_can_do_is_refused_or_left_unspent_as_for_few() -> None:
    curves, many = Curves.logarithmic(np.linspace(1.0, 2.0, 5000), 1.0), np.full(5000, 3.0)
    with pytest.raises(Infeasible, match="total budget"):
        allocate(curves, 1.0, 1.0)
    with pytest.raises(Infeasible, match="campaign 7 minimum 3"):
        allocate(curves, 1e5, many, np.where(np.arange(5000) == 7, 2.0, np.inf))
    with pytest.raises(ValueError, match="lower must be finite"):
        allocate(curves, 1e5, np.where(np.arange(5000) == 7, np.nan, 0.0))
    left = allocate(curves, 20_000.0, 0.0, many, total="at_most")
    assert left.unallocated == pytest.approx(5000.0)
    assert (left.spend == 3.0).all()
