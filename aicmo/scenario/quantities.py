"""Quantities as people write them: durations such as `12h`, money such as `250k`, shares between 0 and 1."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

MINUTES = {"w": 10080, "d": 1440, "h": 60, "min": 1}
SUFFIX = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}

NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,15})?"
_DURATION = re.compile(rf"({NUMBER})\s?(min|h|d|w)")
_MONEY = re.compile(rf"({NUMBER})\s?(k|M|bn|)")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[,_][0-9]{3}){1,4}(?:\.[0-9]{1,15})?")

LONGEST = 1000 * 52 * MINUTES["w"]
"""A thousand years: what is longer is a slip of the pen."""


def _is_number(given: Any) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool)


def minutes(text: Any) -> int:
    """Read a duration as whole minutes.

    >>> minutes("1d"), minutes("12h"), minutes("2w"), minutes("1.5h")
    (1440, 720, 20160, 90)

    Raises
    ------
    ValueError
        When it is not text such as `1d`, not a whole number of minutes, or longer than a thousand years.
    """
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        cure = f". A number needs its unit: '{text}d'?" if _is_number(text) else ""
        raise ValueError(f"expected a duration such as '30min', '12h', '1d' or '2w', got {text!r}{cure}")
    length = float(match[1]) * MINUTES[match[2]]
    if length != int(length):
        raise ValueError(f"expected a whole number of minutes, got {text!r} = {length:g} minutes")
    if length > LONGEST:
        raise ValueError(f"expected at most a thousand years, got {text!r}")
    return int(length)


def spell_minutes(length: int) -> str:
    """Write a duration so that `minutes` reads it back.

    >>> spell_minutes(1440), spell_minutes(90), spell_minutes(20160), spell_minutes(0)
    ('1d', '90min', '2w', '0d')
    """
    if length == 0:
        return "0d"
    unit = next(unit for unit, size in MINUTES.items() if length % size == 0)
    return f"{length // MINUTES[unit]}{unit}"


def by_default(length: str) -> Any:
    """Return the default of a duration, as a person would write it."""
    return Field(default=length)


def money(given: Any) -> float:
    """Read an amount of money; thousands may be set off by ',' or '_'.

    >>> money("250k"), money("1.5M"), money(12), money("1,200")
    (250000.0, 1500000.0, 12.0, 1200.0)

    Raises
    ------
    ValueError
        When it is neither a number nor text such as `250k`.
    """
    if _is_number(given):
        return float(given)
    text = given if isinstance(given, str) else ""
    match = _MONEY.fullmatch(re.sub("[,_]", "", text) if _THOUSANDS.fullmatch(text) else text)
    if match is None:
        raise ValueError(f"expected an amount such as 1200, '250k' or '1.5M', got {given!r}")
    return float(match[1]) * SUFFIX[match[2]]


def number(given: Any) -> float:
    """Read the number of a part's setting, which may be an amount of money with its suffix.

    >>> number(0.2), number("400k")
    (0.2, 400000.0)

    Raises
    ------
    ValueError
        When it is neither a number nor an amount such as `400k`; digits in quotes are text.
    """
    if _is_number(given) or (isinstance(given, str) and given[-1:] in {"k", "M", "n"}):
        return money(given)
    raise ValueError(f"expected a number, or an amount such as '250k', got {given!r}")


def iso_date(text: str) -> str:
    """Check that `text` is a calendar day such as `2025-01-06`, and return it.

    Raises
    ------
    ValueError
        When there is no such day.
    """
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise ValueError(f"expected a day that exists, such as 2025-01-06, got {text!r}")


def day(given: Any) -> date:
    """Read a calendar day; a `date` passes."""
    return given if type(given) is date else date.fromisoformat(iso_date(str(given)))


def _name(text: str) -> str:
    """Check a name: '/' joins names into those of campaigns, so that none may hold it."""
    if not text.strip() or text != text.strip() or "/" in text or "\n" in text or len(text) > 60:
        raise ValueError(f"expected a name of 1 to 60 characters without '/', on one line, got {text!r}")
    return text


_MONEY_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": f"^(?:{_MONEY.pattern}|{_THOUSANDS.pattern})$"},
    ],
    "examples": [1200, "250k", "1.5M"],
}
_DURATION_SCHEMA = {"type": "string", "pattern": f"^{_DURATION.pattern}$", "examples": ["1d", "12h", "2w"]}
_NUMBER_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{NUMBER}\\s?(k|M|bn)$"}]}
_DAY_SCHEMA = {"type": "string", "format": "date", "examples": ["2025-01-06"]}
_NAME_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 60, "pattern": "^[^/\n]*$"}

Duration = Annotated[
    int,
    BeforeValidator(minutes),
    PlainSerializer(spell_minutes, return_type=str),
    WithJsonSchema(_DURATION_SCHEMA),
]
"""Length of time, kept as whole minutes."""
Money = Annotated[float, BeforeValidator(money), Field(ge=0), WithJsonSchema(_MONEY_SCHEMA)]
"""Amount in the scenario's currency."""
PositiveMoney = Annotated[float, BeforeValidator(money), Field(gt=0), WithJsonSchema(_MONEY_SCHEMA)]
Number = Annotated[float, BeforeValidator(number), WithJsonSchema(_NUMBER_SCHEMA)]
Day = Annotated[date, BeforeValidator(day), WithJsonSchema(_DAY_SCHEMA)]
DayText = Annotated[str, AfterValidator(iso_date), WithJsonSchema(_DAY_SCHEMA)]
Name = Annotated[str, AfterValidator(_name), WithJsonSchema(_NAME_SCHEMA)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Objective = Literal["acquisition", "retention"]
