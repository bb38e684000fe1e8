"""Who should own the AI, where `aicmo organisations` has asked."""

from __future__ import annotations

from collections.abc import Iterator

from aicmo.evaluation.organisations.organisations import Organisations
from aicmo.report import ownership
from aicmo.report.blocks import Block, Section
from aicmo.report.evidence import Evidence
from aicmo.report.missing import missing

NAME = "organisations"


def section(evidence: Evidence) -> Section:
    """Compare operating models."""
    return Section("organisations", "Who should own the AI", tuple(_blocks(evidence)))


def _blocks(evidence: Evidence) -> Iterator[Block]:
    data = evidence.beside.get(NAME)
    if data is None:
        yield from missing(evidence, "What operating models make of it", "organisations")
        return
    found = Organisations(data)
    for _, _, blocks in ownership.PARTS:
        yield from blocks(found)
