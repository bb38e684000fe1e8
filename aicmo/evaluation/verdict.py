"""What an uplift says about a promise of 15 to 25 %: kept, merely positive, zero or negative."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

PROMISE = (0.15, 0.25)
"""Better ROI than before, as vendors promise it: a share of the baseline's ROI."""


class Verdict(StrEnum):
    """How an uplift with its interval stands to the promise."""

    KEPT = "kept"
    ON_AVERAGE = "kept on average"
    POSITIVE = "positive, below"
    OPEN = "not told from zero"
    NEGATIVE = "negative"
    UNDEFINED = "undefined"


def verdict(uplift: Mapping[str, Any]) -> Verdict:
    """Judge a relative uplift (an M of the JSON) by its mean and interval.

    Examples
    --------
    >>> verdict({"mean": 0.18, "low": 0.16, "high": 0.2}), verdict({"mean": 0.01, "low": -0.01, "high": 0.03})
    (<Verdict.KEPT: 'kept'>, <Verdict.OPEN: 'not told from zero'>)
    """
    mean, low, high = (uplift[name] for name in ("mean", "low", "high"))
    if mean is None:
        return Verdict.UNDEFINED
    if low is None or high is None or low <= 0.0 <= high:
        return Verdict.OPEN
    if high < 0.0:
        return Verdict.NEGATIVE
    if low >= PROMISE[0]:
        return Verdict.KEPT
    return Verdict.ON_AVERAGE if mean >= PROMISE[0] else Verdict.POSITIVE
