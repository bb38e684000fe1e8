"""Mechanisms one by one, in their limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicmo.market.learning import Learning, learn, memory_of
from aicmo.market.saturation import carry_over, saturate
from aicmo.market.totals import total_by

PHASE = Learning(np.array([0.5]), np.array([0.6]), np.array([0.5 ** (1 / 7)]))
KAPPA = np.array([[800.0]])


def efficiencies(rates: list[float]) -> list[float]:
    remembered = memory_of(np.array([[rates[0]]]), KAPPA)
    factors = []
    for rate in rates:
        factor, remembered = learn(PHASE, np.array([[rate]]), KAPPA, remembered)
        factors.append(float(factor[0, 0]))
    return factors


def test_a_steady_campaign_pays_nothing_for_learning() -> None:
    assert efficiencies([500.0] * 30) == [1.0] * 30


def test_a_large_step_costs_its_published_form_and_heals() -> None:
    factors = efficiencies([500.0] + [1000.0] * 60)
    step = math.log((1000 + 8) / (500 + 8)) - math.log(1.2)
    assert factors[1] == pytest.approx(math.exp(-0.5 * step), rel=1e-12)
    assert factors[1:] == sorted(factors[1:])
    assert factors[-1] == 1.0


def test_small_daily_steps_do_not_dodge_learning() -> None:
    """Doubling by 10 % a day loses about as much as doubling at once, since the memory lags behind."""
    at_once = [500.0] + [1000.0] * 40
    gently = [500.0 * min(2.0, 1.1**day) for day in range(41)]
    lost_at_once, lost_gently = (sum(1 - f for f in efficiencies(rates)) for rates in (at_once, gently))
    assert lost_gently > 0.4 * lost_at_once


def test_no_step_costs_more_than_the_floor() -> None:
    assert min(efficiencies([1.0, 1e9, 0.0])) == 0.6


@given(rate=st.floats(0, 1e9), pressure=st.floats(0, 1e9), theta=st.floats(0, 1))
def test_carried_pressure_lies_between_old_and_new(rate: float, pressure: float, theta: float) -> None:
    stock = float(carry_over(np.array([[rate]]), np.array([[pressure]]), np.array([[theta]]))[0, 0])
    assert min(rate, pressure) * (1 - 1e-12) <= stock <= max(rate, pressure) * (1 + 1e-12)


@given(x=st.floats(0, 1e6), more=st.floats(1e-6, 10), shape=st.floats(0.3, 20), logistic=st.booleans())
@settings(max_examples=200, deadline=None)
def test_saturation_rises_from_zero_to_one(x: float, more: float, shape: float, *, logistic: bool) -> None:
    low, high = saturate(np.array([x, x * (1 + more)]), np.array([shape] * 2), np.array([logistic] * 2))
    assert 0 <= low <= high <= 1
    zero, one = saturate(np.array([0.0, 1.0]), np.array([shape] * 2), np.array([logistic] * 2))
    assert zero == 0
    assert one == pytest.approx(0.5, rel=1e-14)


def test_hill_is_the_textbook_ratio() -> None:
    x, s = np.linspace(0, 5, 101), np.full(101, 1.7)
    np.testing.assert_allclose(saturate(x, s, np.zeros(101, bool)), x**1.7 / (1 + x**1.7), rtol=1e-13, atol=0)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_totals_are_plain_sums(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values, index = rng.normal(size=(2, 3, 11)), rng.integers(0, 4, 11)
    expected = np.zeros((2, 3, 4))
    for column, group in enumerate(index):
        expected[..., group] += values[..., column]
    np.testing.assert_array_equal(total_by(values, index, 4), expected)
