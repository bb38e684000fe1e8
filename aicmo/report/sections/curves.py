"""Response curves, true and believed."""

from __future__ import annotations

from aicmo.report.blocks import Paragraph, Section
from aicmo.report.close_up import CloseUp
from aicmo.report.evidence import Evidence
from aicmo.report.figures import curves


def section(evidence: Evidence) -> Section:
    """Draw what campaigns bring and what the team believes, in the first world."""
    close = CloseUp.of(evidence)
    if close is None:
        nobody = Paragraph("The baseline ran alone: nobody's curves stand beside the truth.")
        return Section("curves", "Response curves", (nobody,))
    channels = [str(name) for name in evidence.dataset["channel"].values]
    return Section("curves", "Response curves", (curves.chart(close, channels, evidence.currency),))
