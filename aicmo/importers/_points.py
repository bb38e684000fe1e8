"""Curves as points: several rows a campaign, each a spend and what it brings; straight between them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aicmo.core.curves import Curves
from aicmo.importers._columns import at_least_zero
from aicmo.importers._sheet import Row, Sheet

Floats = NDArray[np.float64]
REQUIRED = ("campaign", "spend", "incremental_outcome")


def read_points(sheet: Sheet, groups: Sequence[Sequence[Row]]) -> tuple[Curves, Floats]:
    """Make a table of each campaign's points, and say how far they were observed: (C,) [currency]."""
    tables = [_table(sheet, rows) for rows in groups]
    sheet.require_sound()
    widest = max(len(points) for points in tables)
    padded = np.array([points + points[-1:] * (widest - len(points)) for points in tables])
    return Curves.table(padded[..., 0], padded[..., 1]), padded[:, -1, 0]


def _table(sheet: Sheet, rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Points of one campaign by rising spend."""
    read = [
        (
            sheet.number(row, "spend", at_least_zero),
            sheet.number(row, "incremental_outcome", at_least_zero),
            row,
        )
        for row in rows
    ]
    if any(math.isnan(spend + outcome) for spend, outcome, _ in read):
        return []
    read.sort(key=lambda point: point[0])
    _require_origin(sheet, *read[0])
    for before, after in itertools.pairwise(read):
        _require_rising(sheet, before, after)
    return [(spend, outcome) for spend, outcome, _ in read]


def _require_origin(sheet: Sheet, spend: float, outcome: float, row: Row) -> None:
    name = row["campaign"]
    if spend > 0.0:
        message = f"expected the points of {name!r} to start at spend 0, got {row['spend']} as the lowest"
        sheet.report(f"{message}. Add a row with spend 0 and incremental_outcome 0.", row.line, "spend")
    elif outcome > 0.0:
        message = f"expected 0 at spend 0, got {row['incremental_outcome']}"
        cure = f"Incremental means without the baseline: subtract it from all points of {name!r}."
        sheet.report(f"{message}. {cure}", row.line, "incremental_outcome")


def _require_rising(sheet: Sheet, before: tuple[float, float, Row], after: tuple[float, float, Row]) -> None:
    (spend, outcome, row), (more, then, next_row) = before, after
    if more == spend:
        first, second = sorted((row.line, next_row.line))
        message = f"expected each spend of {row['campaign']!r} once, got {row['spend']} also on line {first}"
        sheet.report(message, second, "spend")
    elif then < outcome:
        reached = f"reached at spend {row['spend']} (line {row.line})"
        message = f"expected at least {row['incremental_outcome']}, {reached}"
        got = f"got {next_row['incremental_outcome']}: more spend must not bring less"
        sheet.report(f"{message}, {got}", next_row.line, "incremental_outcome")
