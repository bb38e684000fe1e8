from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicmo.report.money import money

AMOUNTS = st.floats(-1e15, 1e15, allow_nan=False)


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (1_200_000, "EUR", "€1.2M"),
        (-300_000, "EUR", "-€300k"),
        (999_950, "EUR", "€1M"),
        (999.6, "EUR", "€1k"),
        (84.3, "EUR", "€84.3"),
        (0.004, "EUR", "€0"),
        (-0.001, "USD", "$0"),
        (84.36, "JPY", "¥84"),
        (1.6e9, "GBP", "£1.6bn"),
        (12_345, "CHF", "CHF\N{NO-BREAK SPACE}12.3k"),
    ],
)
def test_amounts_read_as_people_write_them(amount: float, currency: str, written: str) -> None:
    assert money(amount, currency) == written


def test_an_amount_says_per_what_and_a_gain_shows_its_plus() -> None:
    assert money(9_000, "EUR", per="week") == "€9k per week"
    assert money(9_000, "EUR", signed=True) == "+€9k"
    assert money(0, "EUR", signed=True) == "€0"


@given(AMOUNTS)
def test_what_is_written_is_the_amount_to_three_digits(amount: float) -> None:
    text = money(amount, "EUR")
    match = re.fullmatch(r"(-?)€([\d,.]+)(k|M|bn|tn|)", text)
    assert match is not None, text
    size = {"": 1, "k": 1e3, "M": 1e6, "bn": 1e9, "tn": 1e12}[match[3]]
    read = float(match[1] + match[2].replace(",", "")) * size
    assert read == pytest.approx(amount, rel=5.1e-3, abs=5.1e-3)


@given(AMOUNTS)
def test_a_loss_is_the_gain_with_its_sign_turned(amount: float) -> None:
    gain, loss = money(abs(amount), "EUR"), money(-abs(amount), "EUR")
    assert loss == (gain if gain == "€0" else f"-{gain}")


@pytest.mark.parametrize("amount", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(amount: float) -> None:
    with pytest.raises(ValueError, match="finite number"):
        money(amount, "EUR")
