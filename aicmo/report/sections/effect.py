"""What channels cost and what they bring: claimed, credited, and true."""

from __future__ import annotations

from collections.abc import Iterator

from aicmo.evaluation.truth import Truth
from aicmo.report import truth
from aicmo.report.blocks import Block, Paragraph, Ranking, Section
from aicmo.report.evidence import Evidence
from aicmo.report.figures import effect_shares
from aicmo.report.missing import missing
from aicmo.report.words import plain

NAME = "truth"


def section(evidence: Evidence) -> Section:
    """Set shares of spend beside shares of effect, where `aicmo truth` has measured it."""
    return Section("effect", "Share of spend, share of effect", tuple(_blocks(evidence)))


def _blocks(evidence: Evidence) -> Iterator[Block]:
    data = evidence.beside.get(NAME)
    if data is None:
        yield from missing(evidence, "What each channel really brought", "truth", "--replications", "16")
        return
    found = Truth(data)
    window = next(iter(found.summary["windows"]))
    yield effect_shares.chart(found.summary, window)
    yield Ranking(
        truth.table(found.summary, window),
        f"{plain(found.summary['team'])}, {found.summary['replications']} worlds. {truth.READING}",
        "returns-by-channel",
        "Channel",
        "Table of claimed, credited and true returns by channel",
        summary="By channel, in numbers",
    )
    yield Paragraph(plain(found.sentence))
