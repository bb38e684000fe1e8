"""The table of teams."""

from __future__ import annotations

from aicmo.report.blocks import Ranking, Section
from aicmo.report.evidence import Evidence
from aicmo.report.tables import ranking
from aicmo.report.words import plain


def section(evidence: Evidence) -> Section:
    """Rank the teams by contribution."""
    caption = (
        f"Means over {evidence.worlds}, each with its {evidence.interval}; amounts are totals over the "
        f"horizon. Uplift is against {plain(evidence.baseline)}, paired by world. Contribution: incremental "
        "gross profit - spend - costs. iROAS: incremental revenue ÷ spend. "
        "ROI: contribution ÷ (spend + costs)."
    )
    return Section("teams", "Teams compared", (Ranking(ranking(evidence), caption),))
