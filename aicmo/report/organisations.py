"""Operating models in a terminal: the finding first, then what it rests on."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from aicmo.evaluation.organisations.organisations import Organisations
from aicmo.report import business_case, organisation_tables, scorecard
from aicmo.report.terminal import show_table
from aicmo.report.words import plain

MOST = 8
"""Assumptions that a terminal shows; the page and the JSON have all."""


def show(found: Organisations, console: Console) -> None:
    """Print the finding, the models, the scorecard, capabilities, what decides, the case and the gaps."""
    summary = found.summary
    console.print(Text(plain(found.sentence), style="bold"), end="\n\n")
    show_table(organisation_tables.models(summary), "Owned as", console)
    show_table(scorecard.scorecard(summary, summary["leader"]), "Scorecard", console)
    tables = (
        (organisation_tables.capabilities(summary), "Capability"),
        (organisation_tables.decomposition(summary), "Part"),
        (organisation_tables.assumptions(summary, MOST), "If"),
    )
    for table, first in tables:
        if table is not None and table.rows:
            show_table(table, first, console)
    for name, said in business_case.money_facts(summary):
        console.print(Text(f"{name}: {plain(said)}"))
    console.print()
    show_table(business_case.first_days(summary), "First 90 days", console)
    show_table(business_case.road_map(summary), "Road map", console)
    audit = organisation_tables.gaps(summary)
    if audit is not None:
        show_table(audit, "Fix first", console)
