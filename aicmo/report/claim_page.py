"""The page of a claim: whether 15 to 25 % better ROI can be had."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from aicmo.evaluation.claim import Claim
from aicmo.evaluation.finding import scope
from aicmo.evaluation.verdict import Verdict
from aicmo.report import claim as tables
from aicmo.report import provenance
from aicmo.report.blocks import Block, Code, Items, Paragraph, Ranking, Section
from aicmo.report.figures import claim as figure
from aicmo.report.page import Page
from aicmo.report.words import plain

KEPT = {Verdict.KEPT, Verdict.ON_AVERAGE}


def claim_page(found: Claim) -> Page:
    """Build the page from the results of a claim."""
    about, summary = found.dataset.attrs, found.summary
    return Page(
        kind="aicmo claim",
        title=plain(str(about["scenario"])),
        about="15 to 25 % better ROI?",
        version=str(about["version"]),
        sections=[
            Section("finding", "The answer", (Paragraph(plain(found.sentence), strong=True),)),
            Section("rows", "Over whom, and under what", tuple(_blocks(summary))),
            provenance.section(about, scope(summary)),
            Section("reproduce", "How to reproduce", (Code(_command(about, summary)),)),
        ],
    )


def _blocks(summary: Mapping[str, Any]) -> Iterator[Block]:
    yield figure.chart(summary, _finding(summary))
    reading, kinds = (
        tables.READING,
        (("against", "Against", tables.baselines), ("if", "If", tables.variations)),
    )
    for name, first, table in kinds:
        yield Ranking(table(summary), reading, f"claim-{name}", first, f"Table of uplifts, {first.lower()}")
    refused = tuple(
        (plain(f"{one['lever']} {one['value']}"), plain(one["reason"])) for one in summary["refused"]
    )
    if refused:
        yield Items(refused, "What is not possible in this scenario")


def _finding(summary: Mapping[str, Any]) -> str:
    """Count the rows in which the promise is kept."""
    rows = [*summary["baselines"].values(), *summary["variations"]]
    kept = sum(Verdict(one["verdict"]) in KEPT for one in rows)
    lost = sum(Verdict(one["verdict"]) is Verdict.NEGATIVE for one in rows)
    said = f"The promise is kept in {kept or 'none'} of {len(rows)} rows"
    return f"{said}; in {lost or 'none'} the uplift is surely negative"


def _command(about: Mapping[str, Any], summary: Mapping[str, Any]) -> str:
    words = ["aicmo", "claim", f"{about['scenario']}.yaml"]
    words += ["--replications", str(summary["replications"]), "--seed", str(summary["seed"])]
    return plain(shlex.join(words))
