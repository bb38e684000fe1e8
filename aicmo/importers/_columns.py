"""Amounts of a campaign or group that has several rows: said in one of them, or the same in each."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aicmo.importers._sheet import Row, Sheet

Floats = NDArray[np.float64]

OPTIONAL = ("current_spend", "lower", "upper")


def at_least_zero(value: float) -> str:
    """Range of money and outcomes."""
    return "" if value >= 0.0 else "at least 0"


def positive(value: float) -> str:
    """Range of scales that divide."""
    return "" if value > 0.0 else "a number greater than 0"


def per_campaign(sheet: Sheet, column: str, groups: Sequence[Sequence[Row]], default: float) -> Floats:
    """Read an amount of each campaign from its rows: (C,) [currency].

    It may stand in one row of a campaign or in all of them; rows that disagree are a problem. A current spend
    must be given for all campaigns or for none.
    """
    return np.array([_one(sheet, column, rows, default) for rows in groups])


def _one(sheet: Sheet, column: str, rows: Sequence[Row], default: float) -> float:
    said = [row for row in rows if row[column]]
    if not said:
        if column == "current_spend" and column in sheet.columns:
            name = rows[0]["campaign"]
            message = f"expected the current spend of {name!r}, got an empty cell. Write 0 if it has none."
            sheet.report(message, rows[0].line, column)
        return default
    first = sheet.number(said[0], column, at_least_zero)
    for row in said[1:]:
        other = sheet.number(row, column, at_least_zero)
        if not math.isnan(first + other) and other != first:
            message = f"expected {said[0][column]} as on line {said[0].line}, got {row[column]}"
            sheet.report(f"{message}. Give the {column} once.", row.line, column)
    return first


def require_ordered(
    sheet: Sheet, groups: Sequence[Sequence[Row]], lower: Floats, upper: Floats, ends: tuple[str, str]
) -> None:
    """Report each minimum that exceeds its maximum, at the line that gives the minimum."""
    for rows, low, high in zip(groups, lower, upper, strict=True):
        if low > high:
            row = next(row for row in rows if row[ends[0]])
            message = (
                f"expected at most the {ends[1]} {high:,.15g}, got {low:,.15g}: raise one or lower the other"
            )
            sheet.report(message, row.line, ends[0])
