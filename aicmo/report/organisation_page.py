"""The page of `aicmo organisations`: who should own the AI."""

from __future__ import annotations

from pathlib import Path

from aicmo.evaluation import results
from aicmo.evaluation.organisations.organisations import Organisations
from aicmo.report import ownership
from aicmo.report.blocks import Code, Section
from aicmo.report.page import Page
from aicmo.report.words import plain, plain_lines


def organisation_page(path: Path) -> Page:
    """Build the page of a results file.

    Raises
    ------
    ResultsError
        If the file cannot be read.
    """
    found = Organisations(results.read(path))
    about = found.dataset.attrs
    sections = [Section(anchor, title, tuple(blocks(found))) for anchor, title, blocks in ownership.PARTS]
    file = Code(plain_lines(str(about["scenario_text"])), summary="The scenario file")
    return Page(
        kind="aicmo organisations",
        title=plain(str(about["scenario"])),
        about="who should own the AI",
        version=str(about["version"]),
        sections=[*sections, Section("scenario", "Scenario", (file,))],
    )
