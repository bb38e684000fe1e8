"""The page of a comparison: its sections, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable

from aicmo.report.blocks import Section
from aicmo.report.evidence import Comparison, Evidence
from aicmo.report.page import Page
from aicmo.report.sections import (
    budget,
    curves,
    decisions,
    diagnostics,
    effect,
    finding,
    further,
    organisations,
    pacing,
    prices,
    ranking,
    reproduce,
    returns,
    scenario_card,
    waterfall,
)
from aicmo.report.words import plain

SECTIONS: tuple[Callable[[Evidence], Section], ...] = (
    finding.section,
    scenario_card.section,
    budget.section,
    ranking.section,
    returns.section,
    further.section,
    waterfall.section,
    curves.section,
    effect.section,
    pacing.section,
    prices.section,
    organisations.section,
    decisions.section,
    diagnostics.section,
    reproduce.section,
)


def comparison_page(comparison: Comparison) -> Page:
    """Build every section from the evidence."""
    evidence = Evidence(comparison)
    return Page(
        kind="aicmo comparison",
        title=plain(str(evidence.summary["scenario"])),
        about="AI CMO against the manual plan",
        version=str(evidence.dataset.attrs["version"]),
        sections=[build(evidence) for build in SECTIONS],
    )
