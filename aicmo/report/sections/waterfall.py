"""Where the uplift comes from, and what keeps it from being larger."""

from __future__ import annotations

from collections.abc import Iterator

from aicmo.report import waterfall
from aicmo.report.blocks import Block, Ranking, Section
from aicmo.report.evidence import Evidence
from aicmo.report.figures import waterfall as figure
from aicmo.report.missing import added_by
from aicmo.report.sections.reproduce import command


def section(evidence: Evidence) -> Section:
    """Draw the steps from the baseline to the headline team, with what frictions cost beside them."""
    return Section("waterfall", "Where the uplift comes from", tuple(_blocks(evidence)))


def _blocks(evidence: Evidence) -> Iterator[Block]:
    found = evidence.further.get("waterfall")
    if found is None:
        yield from added_by("Where it comes from", f"{command(evidence)} --waterfall")
        return
    yield figure.chart(found, evidence.currency)
    yield Ranking(
        waterfall.steps(found, evidence.currency),
        f"Means over {evidence.worlds}, each with its {evidence.interval}; totals over the horizon.",
        "waterfall-steps",
        "Step",
        "Table of steps from the baseline to the team",
        summary="The steps in numbers",
    )
    yield Ranking(
        waterfall.frictions(found, evidence.currency),
        f"Contribution without it less with it, {evidence.worlds}, {evidence.interval}.",
        "frictions",
        "What it costs",
        "Table of what exploration, learning and guardrails cost",
    )
