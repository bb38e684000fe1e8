"""Minor units of currencies, from the Unicode tables that Babel carries."""

from __future__ import annotations

from babel.numbers import get_currency_precision


def minor_unit(currency: str) -> float:
    """Smallest amount that is paid in a currency [currency].

    >>> minor_unit("EUR"), minor_unit("JPY"), minor_unit("KWD")
    (0.01, 1.0, 0.001)
    """
    return float(10.0 ** -get_currency_precision(currency))
