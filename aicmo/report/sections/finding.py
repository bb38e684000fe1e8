"""The finding, in one sentence."""

from __future__ import annotations

from aicmo.report.blocks import Paragraph, Section
from aicmo.report.evidence import Evidence
from aicmo.report.words import plain


def section(evidence: Evidence) -> Section:
    """State the finding and what it rests on."""
    basis = (
        f"{evidence.worlds}; all teams meet the same ones. Each range is a {evidence.interval}, paired by "
        "world. Everything here is simulated."
    )
    return Section(
        "finding",
        "The finding",
        (Paragraph(plain(evidence.comparison.sentence), strong=True), Paragraph(basis)),
    )
