"""The page of a sweep: when it pays."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from aicmo.evaluation.finding import scope
from aicmo.evaluation.reference import REFERENCES
from aicmo.evaluation.sweep import Sweep
from aicmo.report import provenance
from aicmo.report import sweep as tables
from aicmo.report.blocks import Block, Code, Paragraph, Ranking, Section
from aicmo.report.figures import sweep as figure
from aicmo.report.page import Page
from aicmo.report.words import count, plain
from aicmo.scenario.vary import spell_value

MOST_KEYS = 2
"""Directions of a map."""


def sweep_page(found: Sweep) -> Page:
    """Build the page from the results of a sweep."""
    about = found.dataset.attrs
    return Page(
        kind="aicmo sweep",
        title=plain(str(about["scenario"])),
        about="when an AI CMO pays",
        version=str(about["version"]),
        sections=[
            Section("finding", "The finding", (Paragraph(plain(found.sentence), strong=True),)),
            Section("cells", "When it pays", tuple(_cells(found))),
            provenance.section(about, scope(found.summary)),
            Section("reproduce", "How to reproduce", (Code(command(found)),)),
        ],
    )


def _cells(found: Sweep) -> Iterator[Block]:
    summary, baseline = found.summary, plain(str(found.summary["baseline"]))
    drawn = len(summary["axes"]) <= MOST_KEYS
    if drawn:
        yield figure.chart(summary, found.team)
    for number, team in enumerate(_teams(summary)):
        yield Ranking(
            tables.long(summary, team),
            f"Uplift of {plain(team)} over {baseline}, means with 90% intervals, one seed for all cells.",
            f"cells-{number}",
            "Cell",
            f"Table of cells, {plain(team)}",
            summary=f"{plain(team)} in numbers, {count(len(summary['cells']), 'cell')}" if drawn else "",
        )


def _teams(summary: Mapping[str, Any]) -> list[str]:
    """Name the teams that are measured against the baseline."""
    return [name for name in summary["cells"][0]["teams"] if name not in {*REFERENCES, summary["baseline"]}]


def command(found: Sweep) -> str:
    """Write the command line that repeats the sweep, safe to paste into a shell."""
    summary, about = found.summary, found.dataset.attrs
    words = ["aicmo", "sweep", f"{about['scenario']}.yaml"]
    for key, values in summary["axes"].items():
        words += ["--vary", f"{key}={','.join(spell_value(value) for value in values)}"]
    words += ["--team", ",".join(_teams(summary)), "--baseline", str(summary["baseline"])]
    words += ["--replications", str(summary["replications"]), "--seed", str(summary["seed"])]
    return plain(shlex.join(words))
