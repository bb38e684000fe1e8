"""Response curves from a CSV file, as any MMM package can export them.

Two forms, told apart by their columns. *Points*: ``campaign, spend, incremental_outcome``, several rows a
campaign in any order, from spend 0 on; the curve is straight between points and flat beyond the last.
*Parameters*: ``campaign, kind`` and the numbers of that kind, one row a campaign:

============  ===================================  =================================
kind          incremental outcome of a spend x      columns
============  ===================================  =================================
hill          scale · xˢ / (half_saturationˢ + xˢ)  scale, half_saturation, shape (s)
logarithmic   scale · ln(1 + x / half)              scale, half
exponential   scale · (1 − e^(−x / half))           scale, half
power         scale · x^exponent                    scale, exponent
============  ===================================  =================================

Both may have ``current_spend``, ``lower`` and ``upper``; parameters also ``observed_spend``, the largest
spend in the data behind the curve. Spend and outcome cover the same time as the budget that is to be split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aicmo.core.curves import Curves
from aicmo.importers import _parameters, _points
from aicmo.importers._columns import OPTIONAL, at_least_zero, per_campaign, require_ordered
from aicmo.importers._sheet import Row, Sheet, read

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ResponseCurves:
    """C campaigns with their response curves.

    Attributes
    ----------
    source : str
        The file as the user named it.
    campaigns : tuple of str
        Names, in the order of the file.
    curves : Curves
    current : (C,) [currency] or None
        What is spent today; None where the file does not say.
    lower, upper : (C,) [currency]
        Bounds; 0 and infinity where the file gives none.
    observed : (C,) [currency]
        How far spend was observed; NaN where the file does not say.
    """

    source: str
    campaigns: tuple[str, ...]
    curves: Curves
    current: Floats | None
    lower: Floats
    upper: Floats
    observed: Floats


def read_curves(path: Path) -> ResponseCurves:
    """Read a curves file of either form.

    Raises
    ------
    SheetError
        With every problem of the file, each by line and column.
    OSError
        When it cannot be opened.
    """
    sheet = read(path, "response curves")
    points = _are_points(sheet)
    if points:
        sheet.require_columns(_points.REQUIRED, OPTIONAL)
    else:
        sheet.require_columns(
            _parameters.REQUIRED, (*_parameters.PARAMETERS, *OPTIONAL, _parameters.OBSERVED)
        )
    groups = _by_campaign(sheet, once=not points)
    current, lower, upper = (
        per_campaign(sheet, column, groups, default)
        for column, default in zip(OPTIONAL, (np.nan, 0.0, np.inf), strict=True)
    )
    require_ordered(sheet, groups, lower, upper, ("lower", "upper"))
    curves, observed = _points.read_points(sheet, groups) if points else _closed(sheet, groups)
    sheet.require_sound()
    known = current if "current_spend" in sheet.columns else None
    names = tuple(rows[0]["campaign"] for rows in groups)
    return ResponseCurves(sheet.name, names, curves, known, lower, upper, observed)


def _are_points(sheet: Sheet) -> bool:
    """Tell the form by the columns that only one of them has."""
    if not {"kind", "spend", "incremental_outcome"} & set(sheet.columns):
        forms = "campaign, spend, incremental_outcome (points) or campaign, kind, scale, … (parameters)"
        sheet.refuse(f"expected the columns {forms}, got {', '.join(sheet.columns)}", sheet.head)
    return "kind" not in sheet.columns


def _by_campaign(sheet: Sheet, *, once: bool) -> list[list[Row]]:
    """Gather the rows of each campaign, in the order in which campaigns first appear."""
    groups: dict[str, list[Row]] = {}
    for row in sheet.rows():
        name = sheet.name_in(row, "campaign")
        if once and name in groups:
            message = f"expected each campaign once, got {name!r} again after line {groups[name][0].line}"
            sheet.report(f"{message}. Rename or remove one.", row.line, "campaign")
        groups.setdefault(name, []).append(row)
    if not groups:
        sheet.refuse("expected at least one campaign below the line with the columns, got none", sheet.head)
    return list(groups.values())


def _closed(sheet: Sheet, groups: Sequence[Sequence[Row]]) -> tuple[Curves, Floats]:
    rows = [rows[0] for rows in groups]
    observed = [
        sheet.number(row, _parameters.OBSERVED, at_least_zero) if row[_parameters.OBSERVED] else np.nan
        for row in rows
    ]
    return _parameters.read_parameters(sheet, rows), np.array(observed)
