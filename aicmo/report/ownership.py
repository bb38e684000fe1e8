"""Operating models as blocks of a page, part by part in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from aicmo.evaluation.organisations.organisations import Organisations
from aicmo.report import business_case, organisation_tables, scorecard
from aicmo.report.blocks import Block, Chart, Facts, Items, Paragraph, Ranking
from aicmo.report.figures import roi_by_quarter, roll_out, waterfall
from aicmo.report.organisation_tables import Summary, named
from aicmo.report.tables import Table
from aicmo.report.words import plain

MOST = 8
"""Assumptions that are not folded away."""


def finding(found: Organisations) -> Iterator[Block]:
    """State the finding; what the ranking turns on comes first."""
    yield Paragraph(plain(found.sentence), strong=True)
    yield Paragraph(
        f"The same team, {plain(found.summary['team'])}, under each operating model and in the same worlds; "
        f"the manual team lives in the same company, without a programme. All differences come from queues, "
        "latencies, shares of data and money; what these are is assumed, and said so, in "
        "aicmo/scenario/organisations.yaml."
    )


def compared(found: Organisations) -> Iterator[Block]:
    """Rank the models, and show their returns by quarter."""
    yield _table(organisation_tables.models(found.summary), "models", "Owned as", "Means with 90% intervals.")
    yield roi_by_quarter.chart(found.summary)


def rolled_out(found: Organisations) -> Iterator[Block]:
    """Show when capabilities come."""
    yield roll_out.chart(found.summary, found.dataset.sizes["week"])
    table = organisation_tables.capabilities(found.summary)
    yield replace(_table(table, "capabilities", "Capability"), summary="In numbers")


def scored(found: Organisations) -> Iterator[Block]:
    """Show the scorecard: the leader beside the benchmark, all models, definitions."""
    summary = found.summary
    own = scorecard.scorecard(summary, summary["leader"])
    said = "Measured in the run; a verdict goes by the interval, not by the mean."
    yield _table(own, "scorecard", "Measure", said)
    everybody = _table(scorecard.comparison(summary), "scorecards", "Measure")
    yield replace(everybody, summary="All models")
    yield Items(tuple(scorecard.definitions(summary)), summary="What each measure is, and what moved it")


def explained(found: Organisations) -> Iterator[Block]:
    """Take the difference of two models apart, and say which assumptions decide."""
    if found.summary["decomposition"] is not None:
        yield _steps(found.summary)
    table = organisation_tables.assumptions(found.summary, MOST)
    if table is None:
        yield Paragraph(
            "Assumptions were not varied: `aicmo organisations` without --no-assumptions does it."
        )
    else:
        said = "Each halved and doubled in all models at once, on the same worlds; most telling first."
        yield _table(table, "assumptions", "If", said)
        every = organisation_tables.assumptions(found.summary) or table
        yield replace(_table(every, "every-assumption", "If"), summary="All assumptions")


def planned(found: Organisations) -> Iterator[Block]:
    """Show the business case, the first 90 days, the road map, and what to fix first."""
    summary = found.summary
    yield Paragraph(f"As {plain(summary['leader'])}, means over worlds:")
    yield Facts(business_case.money_facts(summary))
    yield _table(business_case.first_days(summary), "first-days", "First 90 days")
    yield _table(business_case.road_map(summary), "road-map", "Road map")
    audit = organisation_tables.gaps(summary)
    if audit is not None:
        yield _table(audit, "gaps", "Fix first")


PARTS = (
    ("finding", "The finding", finding),
    ("models", "Who owns the AI", compared),
    ("roll-out", "When capabilities come", rolled_out),
    ("scorecard", "Scorecard", scored),
    ("difference", "What makes the difference", explained),
    ("case", "Business case and gaps", planned),
)
"""Anchor, title and blocks of each part."""


def _table(table: Table, name: str, first: str, caption: str = "") -> Ranking:
    return Ranking(table, caption, f"organisations-{name}", first, f"Table: {first}")


def _steps(summary: Summary) -> Chart:
    """Draw the parts of the difference as a waterfall from one model to the other."""
    found, currency = summary["decomposition"], str(summary["currency"])
    less, more = found["less"], found["more"]
    drawn: Mapping[str, Any] = {
        "team": more,
        "baseline": less,
        "contribution": {name: summary["models"][name]["contribution"] for name in (less, more)},
        "uplift": found["difference"],
        "steps": {
            named(name): {"contribution": step, "before": less, "after": more}
            for name, step in found["steps"].items()
        },
    }
    note = (organisation_tables.decomposition(summary) or Table((), ())).notes[0]
    return replace(waterfall.chart(drawn, currency, "difference-of-models"), reading=f"{note}.")
