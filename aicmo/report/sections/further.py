"""What people ask beside the table of teams."""

from __future__ import annotations

from aicmo.report import further
from aicmo.report.blocks import Ranking, Section
from aicmo.report.evidence import Evidence


def section(evidence: Evidence) -> Section:
    """Answer what is asked about the long term, customers, bad worlds, the plan and the course."""
    caption = (
        f"Means over {evidence.worlds}, each with its {evidence.interval} where it has one; amounts are "
        "totals over the horizon. CVaR10: mean contribution of the worst tenth of worlds. CAC: acquisition "
        "spend ÷ new customers, all of them or those that campaigns won. Excess voice: own share of voice "
        "beyond an even one."
    )
    block = Ranking(further.table(evidence), caption, "further", "Question", "Table of further questions")
    return Section("further", "Beside it", (block,))
