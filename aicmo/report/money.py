"""Amounts of money as people write them: `€1.2M`, `-€300k`, and per what."""

from __future__ import annotations

import math
from functools import cache

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol

LOCALE = Locale.parse("en_US")
UNITS = ((1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k"))


def money(amount: float, currency: str, *, per: str = "", signed: bool = False) -> str:
    """Write an amount with three significant digits.

    Parameters
    ----------
    amount : float [currency]
    currency : str
        ISO-4217 code.
    per : str, optional
        The time that the amount covers, such as ``week``; a total where it is left out.
    signed : bool, optional
        Whether a gain shows its plus.

    Raises
    ------
    ValueError
        When the amount is not a finite number.

    Examples
    --------
    >>> money(1_200_000, "EUR"), money(-300_000, "EUR"), money(9_000, "EUR", per="week")
    ('€1.2M', '-€300k', '€9k per week')
    """
    if not math.isfinite(amount):
        raise ValueError(f"an amount of money is a finite number, got {amount}")
    scaled, unit = _scale(_significant(round(amount, get_currency_precision(currency))))
    text = format_currency(scaled, currency, _pattern(currency, unit), LOCALE, currency_digits=False)
    plus = "+" if signed and scaled > 0 else ""
    return f"{plus}{text} per {per}" if per else f"{plus}{text}"


def _significant(amount: float) -> float:
    """Round to three digits before the unit is chosen, so that 999,950 becomes 1M, not 1000k."""
    return float(f"{amount:.3g}") + 0.0


def _scale(amount: float) -> tuple[float, str]:
    for size, unit in UNITS:
        if abs(amount) >= size:
            return amount / size, unit
    return amount, ""


@cache
def _pattern(currency: str, unit: str) -> str:
    symbol = get_currency_symbol(currency, LOCALE)
    gap = "\N{NO-BREAK SPACE}" if symbol[-1:].isalpha() else ""  # CHF 12, but €12
    decimals = "##" if unit else "#" * get_currency_precision(currency)
    return f"¤{gap}#,##0.{decimals}{unit and repr(unit)}" if decimals else f"¤{gap}#,##0{unit and repr(unit)}"
