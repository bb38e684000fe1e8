"""Curves as parameters: one row a campaign, which family it is and its numbers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from aicmo.core.curves import Curves
from aicmo.importers._columns import at_least_zero, positive
from aicmo.importers._sheet import Range, Row, Sheet
from aicmo.shelf import did_you_mean

Floats = NDArray[np.float64]


def _exponent(value: float) -> str:
    return "" if 0.0 < value <= 1.0 else "a number above 0 and at most 1 (a convex power has no best plan)"


REQUIRED = ("campaign", "kind")
PARAMETERS: dict[str, Range] = {
    "scale": at_least_zero,
    "half_saturation": positive,
    "shape": positive,
    "half": positive,
    "exponent": _exponent,
}
FAMILIES: dict[str, tuple[Callable[..., Curves], tuple[str, ...]]] = {
    "hill": (Curves.hill, ("scale", "half_saturation", "shape")),
    "logarithmic": (Curves.logarithmic, ("scale", "half")),
    "exponential": (Curves.exponential, ("scale", "half")),
    "power": (Curves.power, ("scale", "exponent")),
}
OBSERVED = "observed_spend"


def read_parameters(sheet: Sheet, rows: Sequence[Row]) -> Curves:
    """Make the curve of each row, in the order of the file."""
    read = [(row["kind"], _numbers(sheet, row)) for row in rows]
    sheet.require_sound()
    runs = itertools.groupby(read, key=lambda curve: curve[0])
    return Curves.concatenate(
        [FAMILIES[kind][0](*np.array([numbers for _, numbers in run]).T) for kind, run in runs]
    )


def _numbers(sheet: Sheet, row: Row) -> list[float]:
    """Parameters of one curve, in the order that its family takes them."""
    if row["kind"] not in FAMILIES:
        hint = did_you_mean(row["kind"].lower(), list(FAMILIES))
        sheet.report(f"no response curve named {row['kind']!r}. {hint}", row.line, "kind")
        return []
    wanted = FAMILIES[row["kind"]][1]
    for column in PARAMETERS:
        if row[column] and column not in wanted:
            message = (
                f"expected an empty cell: a {row['kind']} curve has no {column}, only {', '.join(wanted)}"
            )
            sheet.report(f"{message}; got {row[column]}", row.line, column)
    missing = [column for column in wanted if column not in sheet.columns]
    if missing:
        message = f"a {row['kind']} curve needs {', '.join(wanted)}: add a column {', '.join(missing)}"
        sheet.report(message, row.line, "kind")
        return []
    return [sheet.number(row, column, PARAMETERS[column]) for column in wanted]
