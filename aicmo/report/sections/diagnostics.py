"""Whether the numbers may be believed."""

from __future__ import annotations

from aicmo.report import checks_table
from aicmo.report.blocks import Paragraph, Ranking, Section
from aicmo.report.evidence import Evidence


def section(evidence: Evidence) -> Section:
    """List the Monte-Carlo error, what must hold, and what wants a look."""
    table = checks_table.table(evidence)
    looks = [row.name for row in table.rows if row.cells[1].value == checks_table.LOOK]
    said = (
        f"To look at before these numbers are used: {'; '.join(looks)}."
        if looks
        else "Everything that must hold of a comparison holds."
    )
    caption = "–: a number to know, nothing to judge. Every check is reckoned from the results file itself."
    block = Ranking(table, caption, "checks", "Check", "Table of checks")
    return Section("diagnostics", "Diagnostics", (Paragraph(said), block))
