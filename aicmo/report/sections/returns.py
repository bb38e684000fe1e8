"""What the teams return, and how sure the difference is."""

from __future__ import annotations

from aicmo.report.blocks import Section
from aicmo.report.evidence import Evidence
from aicmo.report.figures import roi_by_team, uplift


def section(evidence: Evidence) -> Section:
    """Draw ROI by team and, beside it, the uplift of the headline team over worlds."""
    charts = (roi_by_team.chart(evidence), *(uplift.chart(evidence, team) for team in _headline(evidence)))
    return Section("returns", "Return and uplift", charts)


def _headline(evidence: Evidence) -> tuple[str, ...]:
    return () if evidence.headline is None else (evidence.headline,)
