"""Joint limits of campaigns from a CSV file: `group, campaign, minimum, maximum`, one row a member.

A group's limits stand in one of its rows, or the same in all. Groups are nested or disjoint.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from aicmo.core.groups import Group
from aicmo.importers._columns import per_campaign, require_ordered
from aicmo.importers._sheet import Row, Sheet, read
from aicmo.shelf import did_you_mean

REQUIRED, OPTIONAL = ("group", "campaign"), ("minimum", "maximum")
Members = dict[str, list[Row]]


def read_groups(path: Path, campaigns: Sequence[str]) -> tuple[Group, ...]:
    """Read groups of the `campaigns`, given by their names.

    Raises
    ------
    SheetError
        With every problem of the file, each by line and column.
    OSError
        When it cannot be opened.
    """
    sheet = read(path, "groups of campaigns")
    sheet.require_columns(REQUIRED, OPTIONAL)
    index = {name: c for c, name in enumerate(campaigns)}
    groups = _members(sheet, index)
    lower = per_campaign(sheet, "minimum", list(groups.values()), 0.0)
    upper = per_campaign(sheet, "maximum", list(groups.values()), np.inf)
    require_ordered(sheet, list(groups.values()), lower, upper, OPTIONAL)
    _require_limits(sheet, groups)
    _require_laminar(sheet, groups)
    sheet.require_sound()
    return tuple(
        Group([index[row["campaign"]] for row in rows], low, high, name)
        for (name, rows), low, high in zip(groups.items(), lower, upper, strict=True)
    )


def _members(sheet: Sheet, index: dict[str, int]) -> Members:
    groups: Members = {}
    seen: dict[tuple[str, str], int] = {}
    for row in sheet.rows():
        pair = sheet.name_in(row, "group"), sheet.name_in(row, "campaign")
        if pair[1] and pair[1] not in index:
            message = f"no campaign named {pair[1]!r} in the curves. {did_you_mean(pair[1], list(index))}"
            sheet.report(message, row.line, "campaign")
        if pair in seen:
            message = f"expected {pair[1]!r} once in group {pair[0]!r}, got it again after line {seen[pair]}"
            sheet.report(message, row.line, "campaign")
        seen.setdefault(pair, row.line)
        groups.setdefault(pair[0], []).append(row)
    return groups


def _require_limits(sheet: Sheet, groups: Members) -> None:
    for name, rows in groups.items():
        if not any(row[end] for row in rows for end in OPTIONAL):
            message = f"expected a minimum or a maximum of group {name!r} in one of its rows, got neither"
            sheet.report(message, rows[0].line, "group")


def _require_laminar(sheet: Sheet, groups: Members) -> None:
    """Report each pair of groups that overlap without being nested."""
    sets = {name: {row["campaign"] for row in rows} for name, rows in groups.items()}
    for one, other in itertools.combinations(groups, 2):
        shared = sets[one] & sets[other]
        if shared and not (sets[one] <= sets[other] or sets[other] <= sets[one]):
            row = next(row for row in groups[other] if row["campaign"] in shared)
            message = (
                f"expected groups nested or apart; {other!r} and {one!r} share {row['campaign']!r}, but "
                "neither contains the other. Split one of them, or bound its campaigns one by one."
            )
            sheet.report(message, row.line, "group")
