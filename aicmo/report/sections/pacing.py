"""Whether money is spent on time, and who had to be asked."""

from __future__ import annotations

from collections.abc import Iterator

from aicmo.report.blocks import Block, Paragraph, Section
from aicmo.report.evidence import Evidence
from aicmo.report.figures import approvals, pacing
from aicmo.report.words import plain


def section(evidence: Evidence) -> Section:
    """Draw spend against plan, and the timeline of approvals."""
    return Section("pacing", "Pacing and approvals", tuple(_blocks(evidence)))


def _blocks(evidence: Evidence) -> Iterator[Block]:
    team = evidence.headline or evidence.baseline
    yield pacing.chart(evidence, team)
    timeline = approvals.chart(evidence, team)
    yield timeline or Paragraph(
        f"{plain(team)} never had to ask leadership. Where people answer, a scenario has a leadership block "
        "and the guardrail approval."
    )
