"""Decisions in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from aicmo.report.advice import Move, advice, spoken
from aicmo.report.blocks import Block, Items, Paragraph, Section
from aicmo.report.close_up import CloseUp
from aicmo.report.evidence import Evidence
from aicmo.report.words import count, plain


def section(evidence: Evidence) -> Section:
    """Tell the boldest decision of each budget period in the first world, and fold the others away."""
    return Section("decisions", "Decisions in words", tuple(_blocks(evidence)))


def _blocks(evidence: Evidence) -> Iterator[Block]:
    close = CloseUp.of(evidence)
    if close is None:
        yield Paragraph("The baseline ran alone: nobody else decided anything.")
        return
    moves = list(_moves(close, evidence.currency))
    if not moves:
        yield Paragraph(f"{close.team} never changed a budget in the first world.")
        return
    boldest = _boldest(evidence, moves)
    yield Paragraph(
        f"The decision of {close.team} that moved most in each budget period of the first world. Amounts and "
        "ranges are what it believed at that moment."
    )
    yield Items(tuple(_told(*moves[i]) for i in boldest))
    others = tuple(_told(*move) for i, move in enumerate(moves) if i not in boldest)
    if others:
        yield Items(others, f"The {count(len(others), 'other decision')} in which anything moved")


def _moves(close: CloseUp, currency: str) -> Iterator[tuple[str, Move]]:
    """Yield day and decision wherever anything moved."""
    data = close.data
    names = tuple(
        spoken(plain(str(segment)), plain(channel), retention=bool(retention))
        for segment, channel, retention in zip(
            data["campaign_segment"].values, close.channels, data["retention"].values, strict=True
        )
    )
    guardrails = [plain(str(name)) for name in data["guardrail"].values]
    for d, day in enumerate(data["day"].values):
        expected = tuple(float(data[name].values[d]) for name in ("profit", "low", "high"))
        known = bool(np.isfinite(expected[0]))
        move = Move(
            currency,
            names,
            data["before"].values[d],
            data["after"].values[d],
            data["wish"].values[d],
            dict(zip(guardrails, data["limits"].values[d].tolist(), strict=True)),
            (expected[0], expected[1], expected[2]) if known else None,
            data["marginal"].values[d] if known else None,
            data["marginal_sd"].values[d] if known else None,
        )
        if move.moves:
            yield str(day), move


def _boldest(evidence: Evidence, moves: list[tuple[str, Move]]) -> list[int]:
    """Find the decision that moved most money in each budget period, in order of time."""
    ends = evidence.dataset["period_end"].values
    found: dict[int, int] = {}
    for i, (day, move) in enumerate(moves):
        period = int(np.searchsorted(ends, (date.fromisoformat(day) - evidence.start).days, side="right"))
        best = found.get(period)
        if best is None or np.abs(move.change).sum() > np.abs(moves[best][1].change).sum():
            found[period] = i
    return sorted(found.values())


def _told(day: str, move: Move) -> tuple[str, str]:
    return day, advice(move)
