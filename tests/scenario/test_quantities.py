"""Durations and money: what is written is what is read, and nothing else is read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicmo.scenario.quantities import (
    LONGEST,
    MINUTES,
    SUFFIX,
    iso_date,
    minutes,
    money,
    number,
    spell_minutes,
)


@given(st.integers(0, LONGEST))
def test_a_duration_survives_writing_and_reading(length: int) -> None:
    assert minutes(spell_minutes(length)) == length


@given(st.integers(0, 10_000), st.sampled_from(sorted(MINUTES)), st.sampled_from(["", " "]))
def test_a_duration_is_its_number_times_its_unit(count: int, unit: str, gap: str) -> None:
    assert minutes(f"{count}{gap}{unit}") == count * MINUTES[unit]


@given(st.decimals(0, 10**9, places=2), st.sampled_from(sorted(SUFFIX)))
def test_money_is_its_number_times_its_suffix(amount: Any, suffix: str) -> None:
    assert money(f"{amount}{suffix}") == float(amount) * SUFFIX[suffix]


@given(st.integers(0, 10**15 - 1), st.sampled_from([",", "_"]))
def test_thousands_may_be_set_off(amount: int, mark: str) -> None:
    assert money(f"{amount:,}".replace(",", mark)) == amount


@given(st.floats(allow_nan=False))
def test_numbers_are_money_and_settings_as_they_are(amount: float) -> None:
    assert money(amount) == amount
    assert number(amount) == amount


@given(st.text("0123456789.,_ kMbnhdwmi-+e€١"))
def test_any_other_text_is_refused_with_an_example(text: str) -> None:
    for read, example in ((minutes, "'1d'"), (money, "'250k'"), (number, "'250k'"), (iso_date, "2025-01-06")):
        try:
            read(text)
        except ValueError as error:
            assert example in str(error) or "whole number of minutes" in str(error)  # noqa: PT017 - both ends are legal


@pytest.mark.parametrize(
    "given", ["1", "1 day", "-1d", "1e3d", "d", "", "١d", "1d ", " 1d", 1, 1.5, True, None, ("1d",)]
)
def test_what_is_no_duration(given: object) -> None:
    with pytest.raises(ValueError, match="expected a duration such as '30min', '12h', '1d' or '2w'"):
        minutes(given)


@pytest.mark.parametrize("given", ["0.5min", "0.0001h"])
def test_a_part_of_a_minute_is_no_duration(given: str) -> None:
    with pytest.raises(ValueError, match="expected a whole number of minutes"):
        minutes(given)


def test_a_thousand_years_are_enough() -> None:
    with pytest.raises(ValueError, match="at most a thousand years"):
        minutes("999999w")


@pytest.mark.parametrize(
    "given", ["1K", "1m", "k", "1,00", "1,0000", "1.5.2M", "-3", "€3", "1e6", "", True, None, [1]]
)
def test_what_is_no_money(given: object) -> None:
    with pytest.raises(ValueError, match=r"expected an amount such as 1200, '250k' or '1\.5M'"):
        money(given)


@pytest.mark.parametrize("given", ["3", "0.5", True, None, "x"])
def test_a_setting_in_quotes_is_no_number(given: object) -> None:
    with pytest.raises(ValueError, match="expected a number, or an amount"):
        number(given)
