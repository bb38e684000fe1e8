"""Mixtures of Hill curves: their envelopes, their demand, and the same bits alone and in company."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from tests.reference.knapsack import best_response

Floats = NDArray[np.float64]
SEEDS = st.integers(0, 10**6)


def mixtures(rng: np.random.Generator, *lead: int, least: float = 0.3, most: float = 6.0) -> Curves:
    """Mixtures of 24 Hill curves, of which a few carry most of the weight."""
    shape = (*lead, 24)
    half = rng.lognormal(1.0, rng.uniform(0.1, 1.5), shape)
    weight = rng.dirichlet(np.full(24, rng.uniform(0.05, 2.0)), lead)
    return Curves.mixture(rng.uniform(1, 5, shape), half, rng.uniform(least, most, shape), weight)


def envelope_slopes(curves: Curves, x: Floats) -> Floats:
    """Slope (N, C) of each curve's envelope on [x_0, x_N] along spends (N, C)."""
    pieces, slope = curves.envelope(x[0], x[-1]), curves.marginal(x)
    for j in range(pieces.begin.shape[-1]):
        begin, end = pieces.begin[:, j], pieces.end[:, j]
        within = (x >= begin * (1 - 1e-12)) & (x <= end * (1 + 1e-12)) & (end > begin)
        slope = np.where(within, pieces.slope[:, j], slope)
    return slope


@given(seed=SEEDS, wide=st.booleans())
def test_slopes_of_envelopes_never_rise(seed: int, wide: bool) -> None:
    rng = np.random.default_rng(seed)
    curves = mixtures(rng, 8)
    low = rng.lognormal(0.0, 1.5, 8) if not wide else np.full(8, 1e-6)
    high = low * rng.uniform(1.2, 4.0, 8) if not wide else np.full(8, 200.0)
    slope = envelope_slopes(curves, np.geomspace(low, high, 400))
    # within the shortest step of the walk a convex stretch may stay, which raises the slope by less
    assert (np.diff(slope, axis=0) <= 1e-5 * slope[1:] + 1e-13).all()


def few_parts(rng: np.random.Generator, parts: int) -> Curves:
    """Mixtures of few curves far apart, also of shapes that are nearly one."""
    odd = np.array([0.3, 0.7, 0.9999999, 1.0, 1.0000001, 1.3, 3.0, 6.0])
    shape = rng.choice(odd, (12, parts)) if rng.random() < 0.3 else rng.uniform(0.3, 6.0, (12, parts))
    scale = rng.uniform(0.0, 1.0, (12, parts)) ** rng.choice([1.0, 6.0]) * (rng.random((12, parts)) > 0.2)
    return Curves.mixture(
        scale, 10.0 ** rng.normal(0.0, rng.choice([0.1, 0.5, 1.0, 2.0]), (12, parts)), shape
    )


@given(seed=SEEDS, parts=st.sampled_from([1, 2, 3, 5, 7, 24]), nothing=st.booleans())
def test_tangents_of_envelopes_lie_above_the_curve(seed: int, parts: int, nothing: bool) -> None:
    """So no price promises less than a plan may bring, from zero spend on as from any other bound."""
    rng = np.random.default_rng(seed)
    curves, high = few_parts(rng, parts), 10.0 ** rng.uniform(-2.0, 3.0, 12)
    low = np.zeros(12) if nothing else high * 10.0 ** rng.uniform(-6.0, -0.1, 12)
    steps = np.concatenate([[0.0], np.geomspace(1e-14, 1.0, 200), np.linspace(0.02, 0.98, 40)])[:, None]
    x = np.minimum(low + steps * (high - low), high)
    value, slope, height = curves.value(x), curves.marginal(x), curves.value(x)
    pieces = curves.envelope(low, high)
    for j in range(pieces.begin.shape[-1]):
        begin, end, rise = pieces.begin[:, j], pieces.end[:, j], pieces.slope[:, j]
        on = (begin <= x) & (x <= end * (1.0 + 1e-12)) & (begin < end)  # the end is scaled and back
        slope = np.where(on, rise, slope)
        height = np.where(on, curves.value(begin) + rise * (x - begin), height)
    most = value.max(axis=0)
    for h, at, rise in zip(height, x, slope, strict=True):
        steep = np.isinf(rise)
        tangent = np.where(steep, np.inf, h + np.where(steep, 0.0, rise) * (x - at))
        assert (value <= tangent + 1e-8 * most).all()


@pytest.mark.parametrize("seed", range(6))
def test_plans_reach_dynamic_programming_and_stay_below_their_bound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves, budget = mixtures(rng, 6), rng.uniform(5.0, 60.0)
    lower, upper = np.zeros(6), np.full(6, 0.5 * budget)
    plan = allocate(curves, budget, lower, upper)
    grid = best_response(curves, budget, lower, upper, coins=200)
    assert plan.response >= grid * (1 - 1e-9)
    assert plan.bound >= grid
    assert plan.gap <= 1e-6 * plan.response


@given(seed=SEEDS)
def test_marginals_of_free_campaigns_equal_the_price(seed: int) -> None:
    rng = np.random.default_rng(seed)
    curves = mixtures(rng, 12, most=1.0)
    spend = rng.lognormal(1.0, 0.5, 12)
    lower, upper = 0.6 * spend, 1.5 * spend
    plan = allocate(curves, spend.sum(), lower, upper)
    free = (plan.spend > lower * (1 + 1e-9)) & (plan.spend < upper * (1 - 1e-9))
    assert curves.marginal(plan.spend)[free] == pytest.approx(float(plan.price), rel=1e-8)
    assert plan.gap <= 1e-12 * plan.response


@pytest.mark.parametrize("rows", [1, 7, 8, 33, 70])
def test_a_row_of_mixtures_has_the_same_bits_in_any_batch(rows: int) -> None:
    rng = np.random.default_rng(3)
    curves, spend = mixtures(rng, 70, 9), rng.lognormal(1.0, 0.5, (70, 9))
    lower, upper = 0.5 * spend * (rng.random((70, 9)) < 0.7), 2.0 * spend
    half, shape, scale = curves.parts
    some = Curves.mixture(scale[:rows], half[:rows], shape[:rows], np.ones(24))
    whole = Curves.mixture(scale, half, shape, np.ones(24))
    alone = allocate(some, spend[:rows].sum(axis=1), lower[:rows], upper[:rows])
    among = allocate(whole, spend.sum(axis=1), lower, upper)
    assert np.array_equal(alone.spend, among.spend[:rows])
    assert np.array_equal(alone.price, among.price[:rows])


@given(seed=SEEDS, money=st.integers(-40, 40), worth=st.integers(-40, 40))
def test_units_that_are_powers_of_two_change_no_bit_of_mixtures(seed: int, money: int, worth: int) -> None:
    rng = np.random.default_rng(seed)
    curves, budget = mixtures(rng, 5), rng.uniform(1.0, 40.0)
    half, shape, scale = curves.parts[:, 0]
    same = Curves.mixture(scale * 2.0**worth, half * 2.0**money, shape, np.ones(24))
    plan, scaled = allocate(curves, budget), allocate(same, budget * 2.0**money)
    assert np.array_equal(plan.spend * 2.0**money, scaled.spend)
