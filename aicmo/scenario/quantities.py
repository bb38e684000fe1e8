"""Quantities as people write them: durations such as `12h`, money such as `250k`, shares between 0 and 1."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from pydantic import BaseModel

MINUTES = {"min": 1, "h": 60, "d": 1440, "w": 10080}
SUFFIX = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(min|h|d|w)")
_MONEY = re.compile(r"(\d+(?:\.\d+)?)\s*(k|M|bn|)")


class Model(BaseModel):
    """Base of everything a person writes: unknown fields are refused, numbers are finite, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=False)


def minutes(text: Any) -> Any:
    """Read a duration as whole minutes.

    >>> minutes("1d"), minutes("12h"), minutes("2w")
    (1440, 720, 20160)
    """
    if isinstance(text, int) and not isinstance(text, bool):
        raise ValueError(f"a duration needs its unit, such as '{text}d' or '{text}h'; got {text}")
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"expected a duration such as '1d', '12h' or '2w', got {text!r}")
    length = float(match[1]) * MINUTES[match[2]]
    if length != int(length):
        raise ValueError(f"a duration is a whole number of minutes; {text!r} is {length:g}")
    return int(length)


def money(text: Any) -> Any:
    """Read an amount of money.

    >>> money("250k"), money("1.5M"), money(12)
    (250000.0, 1500000.0, 12.0)
    """
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return float(text)
    match = _MONEY.fullmatch(text.replace(",", "").replace("_", "")) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"expected an amount such as 1200, '250k' or '1.5M', got {text!r}")
    return float(match[1]) * SUFFIX[match[2]]


Duration = Annotated[
    int, BeforeValidator(minutes), WithJsonSchema({"type": "string", "pattern": f"^{_DURATION.pattern}$"})
]
Money = Annotated[
    float,
    BeforeValidator(money),
    Field(ge=0, allow_inf_nan=False),
    WithJsonSchema({"type": ["number", "string"], "minimum": 0, "pattern": f"^{_MONEY.pattern}$"}),
]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
