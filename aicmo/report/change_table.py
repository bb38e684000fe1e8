"""The change table of a plan: spend, difference, shares, marginal return, and what holds each campaign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from aicmo.report.estimates import Cell
from aicmo.report.money import money
from aicmo.report.plan import Reallocation
from aicmo.report.tables import Heading, Row, Table
from aicmo.report.words import percent, ratio

Floats = NDArray[np.float64]
Column = tuple[Heading, Callable[[int], str], str]
"""Heading, cell of campaign c, and cell of the total."""

SHOWN = 40
"""Campaigns in a terminal; the file beside it has all."""
TOTAL = "Total"


def change_table(change: Reallocation) -> Table:
    """Lay out the plan, one row a campaign; of very many, those that change most."""
    columns = _columns(change)
    shown = _most_changed(change)
    rows = [
        Row(change.campaigns[c], "contender", tuple(Cell(cell(c)) for _, cell, _ in columns)) for c in shown
    ]
    total = Row(TOTAL, "headline", tuple(Cell(last) for _, _, last in columns))
    left = len(change.campaigns) - len(shown)
    notes = (f"… and {left:,} campaigns that change less, in plan.csv.",) if left else ()
    return Table(tuple(heading for heading, _, _ in columns), (*rows, total), notes)


def marginal(value: float) -> str:
    """Write a marginal return; some curves rise infinitely steeply from 0.

    >>> marginal(1.0941), marginal(0.00123), marginal(float("inf"))
    ('1.09', '0.0012', '∞')
    """
    if not np.isfinite(value):
        return "∞"
    return ratio(value) if value >= 0.1 or value == 0.0 else f"{value:.2g}"


def _most_changed(change: Reallocation) -> list[int]:
    moved = change.spend if change.current is None else np.abs(change.spend - change.current)
    return sorted(np.argsort(-moved, kind="stable")[:SHOWN].tolist())


def _columns(change: Reallocation) -> list[Column]:
    after = [_spend(change, change.spend, "new"), _share(change.spend, "new"), _mroas(change, 1, "after")]
    if change.current is None:
        columns = after
    else:
        before = [
            _spend(change, change.current, "current"),
            _share(change.current, "current"),
            _mroas(change, 0, "before"),
        ]
        moved = _moves(change, change.spend - change.current, change.current)
        columns = [before[0], after[0], *moved, before[1], after[1], before[2], after[2]]
    return [*columns, (Heading("Held by", "guardrail", rank=2), lambda c: ", ".join(change.binding(c)), "")]


def _spend(change: Reallocation, spend: Floats, unit: str) -> Column:
    cash = partial(money, currency=change.currency)
    return (
        Heading("Spend", unit, rank=2 if unit == "current" else 0),
        lambda c: cash(float(spend[c])),
        cash(float(spend.sum())),
    )


def _moves(change: Reallocation, moved: Floats, current: Floats) -> list[Column]:
    gain = partial(money, currency=change.currency, signed=True)
    return [
        (Heading("Δ", change.currency, rank=4), lambda c: gain(float(moved[c])), gain(float(moved.sum()))),
        (
            Heading("Δ", "%", rank=1),
            lambda c: _relative(moved[c], current[c]),
            _relative(moved.sum(), current.sum()),
        ),
    ]


def _relative(moved: float, current: float) -> str:
    if current > 0.0:
        return percent(moved / current, signed=True)
    return "new" if moved else "–"


def _share(spend: Floats, unit: str) -> Column:
    total = float(spend.sum())
    return (
        Heading("Share", unit, rank=6 if unit == "current" else 5),
        lambda c: percent(spend[c] / total) if total else "–",
        percent(1.0) if total else "–",
    )


def _mroas(change: Reallocation, which: int, unit: str) -> Column:
    values: Sequence[float] | Floats | None = change.mroas[which]
    if values is None:
        raise ValueError("there is no marginal return before the change where the current spend is unknown")
    price = marginal(float(change.allocation.price)) if which else ""
    return Heading("mROAS", unit, rank=3 if which else 7), lambda c: marginal(float(values[c])), price
