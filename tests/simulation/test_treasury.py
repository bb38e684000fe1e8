"""The treasury: whole minor units, and never more than there is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicmo.checks import fixtures
from aicmo.simulation.treasury import Treasury

BRIEF = fixtures.brief()
CENTS = {period.name: period.budget * 100 for period in BRIEF.periods}


@given(
    rates=st.lists(st.lists(st.floats(0), min_size=7, max_size=7), min_size=4, max_size=4),
    ticks=st.lists(st.integers(0, BRIEF.ticks - 1), max_size=6),
)
def test_whatever_is_asked_for_the_sum_of_a_period_stays_within_its_budget(
    rates: list[list[float]], ticks: list[int]
) -> None:
    treasury, spent = Treasury(BRIEF), {name: np.zeros(4) for name in CENTS}
    for tick in ticks:
        booked = treasury.book(np.array(rates), tick)
        assert (booked == np.rint(booked)).all()
        assert (booked >= 0).all()
        treasury.settle(booked, tick)
        name = BRIEF.period_at(tick).name
        spent[name] = spent[name] + booked.sum(axis=1)
        assert (spent[name] <= CENTS[name]).all()
        np.testing.assert_allclose(treasury.remaining(tick), (CENTS[name] - spent[name]) / 100, rtol=1e-12)


def test_a_wish_that_fits_is_booked_to_the_cent() -> None:
    treasury, rate = Treasury(BRIEF), np.full(BRIEF.shape, 12.345678)
    np.testing.assert_array_equal(treasury.book(rate, 0), np.full(BRIEF.shape, 1235.0))


def test_a_wish_that_does_not_fit_is_cut_in_proportion_and_hardly_anything_is_left() -> None:
    treasury, rate = Treasury(BRIEF), np.tile(np.arange(1.0, 8.0) * 1e7, (4, 1))
    booked = treasury.book(rate, 0)
    left = CENTS["first"] - booked.sum(axis=1)
    assert (left >= 0).all()
    assert (left < 7).all()
    np.testing.assert_allclose(
        booked / booked.sum(axis=1, keepdims=True), rate / rate.sum(axis=1, keepdims=True), atol=1e-6
    )


def test_each_period_has_its_own_purse() -> None:
    treasury, late = Treasury(BRIEF), BRIEF.ticks - 1
    treasury.settle(treasury.book(np.full(BRIEF.shape, 1e9), 0), 0)
    np.testing.assert_allclose(treasury.remaining(0), 0, atol=0.07)
    np.testing.assert_allclose(treasury.remaining(late), CENTS["second"] / 100)


def test_a_budget_with_a_fraction_of_a_cent_is_rounded_down() -> None:
    period = replace(BRIEF.periods[1], budget=100.019999)
    treasury = Treasury(replace(BRIEF, periods=(BRIEF.periods[0], period, BRIEF.periods[2])))
    np.testing.assert_allclose(treasury.remaining(0), 100.01, rtol=1e-12)


def test_overspending_is_refused_with_the_amount() -> None:
    treasury = Treasury(BRIEF)
    with pytest.raises(ValueError, match=r"'first' is overspent by 10 minor units at tick 3"):
        treasury.settle(np.full(BRIEF.shape, (CENTS["first"] + 10) / 7), 3)


def test_days_run_out_with_the_period() -> None:
    treasury, end = Treasury(BRIEF), BRIEF.periods[1].end
    assert treasury.days_left(0) == end
    assert treasury.days_left(end - 1) == 1.0
    assert treasury.days_left(end) == BRIEF.periods[2].ticks
