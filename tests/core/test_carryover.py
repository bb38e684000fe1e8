"""Carry-over: closed forms, steady states, no dependence on the tick, and the peak where it was asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from aicmo.core.carryover import Carryover, Stock, retention

HALF_LIVES = st.one_of(st.floats(0.05, 400.0), st.sampled_from([0.0, np.inf]))
LATENESS = st.floats(0.0, 1.0)  # share of the latest peak that a half-life allows


def carryover(half_life: float, dt: float, lateness: float) -> Carryover:
    latest = half_life / np.log(2.0) if np.isfinite(half_life) else 0.0
    return Carryover.from_days(half_life, dt, lateness * latest * (1.0 - 1e-12))


def test_retention_halves_at_the_half_life_and_is_exact_at_the_ends() -> None:
    assert retention([0.0, 7.0, 14.0, np.inf], 7.0).tolist() == [0.0, 0.5, 2.0**-0.5, 1.0]


def test_without_delay_it_is_the_normalised_geometric_adstock() -> None:
    carry = Carryover.from_days([0.0, 3.0, np.inf], 1.0)
    rng = np.random.default_rng(0)
    pressure, a = rng.exponential(1.0, (20, 4, 3)), rng.exponential(1.0, (4, 3))
    stocks, last = carry.over(pressure, carry.steady(a))
    theta = retention([0.0, 3.0, np.inf], 1.0)
    for t in range(20):
        a = theta * a + (1.0 - theta) * pressure[t]
        np.testing.assert_allclose(stocks[t], a, rtol=1e-14)
    assert (last.value == stocks[-1]).all()
    assert (stocks[:, :, 0] == pressure[:, :, 0]).all()
    assert (stocks[:, :, 2] == stocks[0, :, 2]).all()
    weights = carry.weights(30)[:, 1]
    np.testing.assert_allclose(weights, (1.0 - theta[1]) * theta[1] ** np.arange(30), rtol=1e-12)


@given(half_life=HALF_LIVES, lateness=LATENESS, dt=st.floats(0.04, 7.0), ticks=st.integers(0, 60))
@settings(deadline=None)
def test_weights_are_a_mean_of_the_past(half_life: float, lateness: float, dt: float, ticks: int) -> None:
    carry = carryover(half_life, dt, lateness)
    weights, rest = carry.weights(ticks), carry.carry_in_weight(ticks)
    assert (weights >= -1e-16).all()
    assert rest >= 0.0
    assert weights.sum() + rest == pytest.approx(1.0, abs=1e-12)


@given(half_life=HALF_LIVES, lateness=LATENESS, dt=st.floats(0.04, 7.0), seed=st.integers(0, 99))
@settings(deadline=None)
def test_window_equals_steps_and_weights(half_life: float, lateness: float, dt: float, seed: int) -> None:
    carry, rng = carryover(half_life, dt, lateness), np.random.default_rng(seed)
    pressure, before = rng.exponential(1.0, (25, 2, 3)), rng.exponential(1.0, (2, 3))
    stocks, last = carry.over(pressure, carry.steady(before))
    stock = carry.steady(before)
    for t in range(25):
        stock = carry.step(stock, pressure[t])
        np.testing.assert_allclose(stocks[t], stock.value, rtol=1e-13)
    np.testing.assert_allclose(last.stage, stock.stage, rtol=1e-13)
    linear = np.einsum("w,wrc->rc", carry.weights(25), pressure[::-1]) + carry.carry_in_weight(25) * before
    np.testing.assert_allclose(stocks[-1], linear, rtol=1e-11)


@given(half_life=HALF_LIVES, lateness=LATENESS, parts=st.integers(2, 24))
@settings(deadline=None)
def test_refining_the_tick_changes_nothing(half_life: float, lateness: float, parts: int) -> None:
    coarse, fine = carryover(half_life, 1.0, lateness), carryover(half_life, 1.0 / parts, lateness)
    pressure = np.random.default_rng(parts).exponential(1.0, (12, 1, 1))
    start = Stock(np.array([[0.3]]), np.array([[2.0]]))
    whole = coarse.over(pressure, start)[0]
    split = fine.over(np.repeat(pressure, parts, axis=0), start)[0][parts - 1 :: parts]
    np.testing.assert_allclose(split, whole, rtol=1e-9)


@given(half_life=HALF_LIVES, lateness=LATENESS)
@settings(deadline=None)
def test_constant_pressure_is_a_steady_state(half_life: float, lateness: float) -> None:
    carry = carryover(half_life, 1.0, lateness)
    pressure = np.full((30, 1, 2), 7.5)
    np.testing.assert_allclose(carry.over(pressure, carry.steady(pressure[0]))[0], pressure, rtol=1e-13)


@pytest.mark.parametrize(("half_life", "peak"), [(7.0, 1.0), (7.0, 7.0), (14.0, 14.0 / np.log(2.0) * 0.9999)])
def test_pulse_peaks_when_asked_and_decays_with_the_half_life(half_life: float, peak: float) -> None:
    dt = 0.01
    weights = Carryover.from_days(half_life, dt, peak).weights(40_000)
    assert np.argmax(weights) * dt == pytest.approx(peak, abs=0.02)
    if peak <= half_life:  # near the latest peak both rates agree and the tail is t·e^(−βt) for long
        late, later = round(20 * half_life / dt), round(21 * half_life / dt)
        assert weights[later] / weights[late] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("peak", [0.0, 2.0, 9.9])
def test_equals_the_differential_equation(peak: float) -> None:
    carry = Carryover.from_days(7.0, 1.0, peak)
    beta, alpha = np.log(2.0) / 7.0, -np.log(carry.hold) if peak else np.inf

    def slope(_: float, state: np.ndarray) -> list[float]:
        a, b = state
        target = b if peak else 3.0
        return [beta * (target - a), alpha * (3.0 - b) if peak else 0.0]

    solved = solve_ivp(slope, (0.0, 1.0), [1.0, 0.5], rtol=1e-12, atol=1e-13).y[0, -1]
    assert carry.step(Stock(np.array(1.0), np.array(0.5)), 3.0).value == pytest.approx(solved, rel=1e-9)


def test_a_row_does_not_depend_on_its_batch() -> None:
    carry = Carryover.from_days([3.0, 10.0], 1.0, [0.0, 6.0])
    pressure = np.random.default_rng(1).exponential(1.0, (9, 17, 2))
    whole = carry.over(pressure, carry.steady(0.0))[0]
    assert (carry.over(pressure[:, 4:6], carry.steady(0.0))[0] == whole[:, 4:6]).all()


def test_what_cannot_be_is_refused_with_the_cure() -> None:
    with pytest.raises(ValueError, match=r"a peak after 20.0 days needs a half-life of at least 13.86 days"):
        Carryover.from_days(7.0, 1.0, 20.0)
    with pytest.raises(ValueError, match="half-lives must be ≥ 0 days"):
        Carryover.from_days(-1.0, 1.0)
    with pytest.raises(ValueError, match="ticks > 0 days"):
        retention(7.0, 0.0)
