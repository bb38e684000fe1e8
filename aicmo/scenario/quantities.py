"""Quantities as people write them: durations such as `12h`, money such as `250k`, shares between 0 and 1."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

MINUTES = {"min": 1, "h": 60, "d": 1440, "w": 10080}
SUFFIX = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}

NUMBER = r"\d{1,15}(?:\.\d{1,15})?"
_DURATION = re.compile(rf"({NUMBER})\s?(min|h|d|w)")
_MONEY = re.compile(rf"({NUMBER})\s?(k|M|bn|)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[,_]\d{3})+(?:\.\d{1,15})?")

LONGEST = 1000 * 52 * MINUTES["w"]
"""A thousand years: what is longer is a slip of the pen."""


class Model(BaseModel):
    """Base of everything a person writes: unknown fields are refused, nothing is converted, values are frozen."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, strict=True, use_attribute_docstrings=True
    )


def minutes(text: Any) -> int:
    """Read a duration as whole minutes.

    >>> minutes("1d"), minutes("12h"), minutes("2w"), minutes("1.5h")
    (1440, 720, 20160, 90)

    Raises
    ------
    ValueError
        When it is not text such as `1d`, not a whole number of minutes, or longer than a thousand years.
    """
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        raise ValueError(f"expected a duration with its unit, such as '{text}d' or '{text}h', got {text}")
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"expected a duration such as '30min', '12h', '1d' or '2w', got {text!r}")
    length = float(match[1]) * MINUTES[match[2]]
    if length != int(length):
        raise ValueError(f"expected a whole number of minutes, got {text!r} = {length:g} minutes")
    if length > LONGEST:
        raise ValueError(f"expected at most a thousand years, got {text!r}")
    return int(length)


def spell_minutes(length: int) -> str:
    """Write a duration so that `minutes` reads it back.

    >>> spell_minutes(1440), spell_minutes(90), spell_minutes(20160)
    ('1d', '90min', '2w')
    """
    unit = next(
        unit for unit in ("w", "d", "h", "min") if length and length % MINUTES[unit] == 0 or unit == "min"
    )
    return f"{length // MINUTES[unit]}{unit}" if length else "0d"


def money(text: Any) -> float:
    """Read an amount of money; thousands may be set off by ',' or '_'.

    >>> money("250k"), money("1.5M"), money(12), money("1,200")
    (250000.0, 1500000.0, 12.0, 1200.0)

    Raises
    ------
    ValueError
        When it is neither a number nor text such as `250k`.
    """
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return float(text)
    plain = re.sub("[,_]", "", text) if isinstance(text, str) and _THOUSANDS.fullmatch(text) else text
    match = _MONEY.fullmatch(plain) if isinstance(plain, str) else None
    if match is None:
        raise ValueError(f"expected an amount such as 1200, '250k' or '1.5M', got {text!r}")
    return float(match[1]) * SUFFIX[match[2]]


def iso_date(text: str) -> str:
    """Check that `text` is a calendar day such as `2025-01-06`, and return it.

    Raises
    ------
    ValueError
        When there is no such day.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            date.fromisoformat(text)
            return text
    except ValueError:
        pass
    raise ValueError(f"expected a day that exists, such as '2025-01-06', got {text!r}")


def _day(text: Any) -> date:
    """Read a calendar day; a `date` passes."""
    return text if type(text) is date else date.fromisoformat(iso_date(str(text)))


Duration = Annotated[
    int,
    BeforeValidator(minutes),
    PlainSerializer(spell_minutes, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION.pattern}$", "examples": ["1d", "12h", "2w"]}),
]
"""Length of time, kept as whole minutes."""
Money = Annotated[
    float,
    BeforeValidator(money),
    Field(ge=0, allow_inf_nan=False),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": f"^(?:{_MONEY.pattern}|{_THOUSANDS.pattern})$"},
            ],
            "examples": [1200, "250k", "1.5M"],
        }
    ),
]
"""Amount in the scenario's currency."""
PositiveMoney = Annotated[Money, Field(gt=0)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
DayText = Annotated[str, AfterValidator(iso_date), WithJsonSchema({"type": "string", "format": "date"})]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
