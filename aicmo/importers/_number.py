"""A number as spreadsheets and packages write it; what could be read in two ways is refused."""

from __future__ import annotations

import math
import re
import unicodedata

from aicmo.scenario.quantities import money

_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DECIMAL_COMMA = re.compile(r"[+-]?(?:[0-9.]*,(?:[0-9]{1,2}|[0-9]{4,})|[0-9.]*[.][0-9.]*,[0-9]+)")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MISSING = {"", "-", "na", "n/a", "nan", "null", "none", "#n/a", "inf", "-inf", "infinity"}


def parse(text: str, *, comma_is_free: bool = False) -> float:
    """Read a number, which may be money with its suffix.

    Parameters
    ----------
    text : str
        Such as ``1234.5``, ``1e6``, ``250k``, ``1.2M`` or ``1,200``.
    comma_is_free : bool
        Whether the comma does not divide cells: it may then well be a decimal comma, so ``1,200`` is refused.

    Raises
    ------
    ValueError
        When it is no finite number, or none that can be read in one way only.

    Examples
    --------
    >>> parse("1.2M"), parse("-1e3"), parse("1,200")
    (1200000.0, -1000.0, 1200.0)
    """
    if text.lower() in _MISSING:
        said = f"got {text!r}" if text else "got an empty cell"
        raise ValueError(f"expected a number, {said}. What is missing cannot be guessed: put a number.")
    if _PLAIN.fullmatch(text):
        value = float(text)
        if not math.isfinite(value):
            raise ValueError(f"expected a finite number, got {text}")
        return value
    _refuse_currency(text)
    if _DECIMAL_COMMA.fullmatch(text) or ("," in text and comma_is_free):
        _refuse_comma(text)
    try:
        return money(text)
    except ValueError:
        raise ValueError(f"expected a number such as 1200, 250k or 1.5M, got {text!r}") from None


def _refuse_currency(text: str) -> None:
    bare = "".join(c for c in _CURRENCY.sub("", text) if unicodedata.category(c) != "Sc").strip()
    if bare != text and any(c.isdigit() for c in bare):
        raise ValueError(f"expected a number without its currency, got {text!r}. Write {bare}.")


def _refuse_comma(text: str) -> None:
    """Refuse a comma that is, or may be, a decimal one."""
    whole, _, digits = text.rpartition(",")
    if len(digits) == 3 and whole and "." not in text:
        either = f"{whole.replace(',', '')}{digits} or {whole}.{digits}"
        raise ValueError(f"expected a decimal point, got {text!r}, which may be {either}. Write which.")
    cure = f"{re.sub('[.]', '', whole) or '0'}.{digits}"
    raise ValueError(f"expected a decimal point, got {text!r}. Write {cure}.")
