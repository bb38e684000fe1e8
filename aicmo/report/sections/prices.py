"""What guardrails cost."""

from __future__ import annotations

from collections.abc import Iterator

from aicmo.evaluation.restraints import Restraints
from aicmo.report import restraints
from aicmo.report.blocks import Block, Paragraph, Ranking, Section
from aicmo.report.evidence import Evidence
from aicmo.report.missing import missing
from aicmo.report.words import plain

NAME = "guardrails"


def section(evidence: Evidence) -> Section:
    """Show the price of each guardrail, where `aicmo guardrails` has measured it."""
    return Section("guardrails", "What guardrails cost", tuple(_blocks(evidence)))


def _blocks(evidence: Evidence) -> Iterator[Block]:
    data = evidence.beside.get(NAME)
    if data is None:
        yield from missing(evidence, "What each guardrail costs", "guardrails", "--replications", "16")
        return
    summary = Restraints(data).summary
    yield Paragraph(plain(restraints.sentence(summary)))
    about = f"{summary['team']}, {summary['replications']} worlds. "
    yield Ranking(
        restraints.table(summary),
        plain(about) + restraints.READING,
        "guardrail-prices",
        "Guardrail",
        "Table of what guardrails cost",
    )
