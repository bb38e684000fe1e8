"""Currencies by their ISO 4217 codes, from the Unicode tables that Babel carries."""

from __future__ import annotations

from babel.core import get_global

from aicmo.shelf import did_you_mean


def iso_4217(code: str) -> str:
    """Check a currency's code, and return it.

    Raises
    ------
    ValueError
        When no currency has it.
    """
    known = get_global("all_currencies")
    if code in known:
        return code
    raise ValueError(
        f"expected an ISO 4217 code such as EUR, got {code!r}. {_hint(code, list(known))}".rstrip()
    )


def _hint(code: str, known: list[str]) -> str:
    hint = did_you_mean(code.strip().upper(), known)
    return hint if hint.startswith("Did") else ""
