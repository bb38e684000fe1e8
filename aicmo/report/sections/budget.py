"""Where the money goes."""

from __future__ import annotations

from aicmo.report.blocks import Section
from aicmo.report.evidence import Evidence
from aicmo.report.figures import budget_by_channel


def section(evidence: Evidence) -> Section:
    """Draw the budget of the headline team by channel over time, the baseline's beside it."""
    team = evidence.headline or evidence.baseline
    return Section("budget", "Budget by channel", (budget_by_channel.chart(evidence, team),))
