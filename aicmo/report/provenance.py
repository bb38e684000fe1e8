"""Where the numbers of a page come from: the same facts on every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aicmo.report.blocks import Code, Facts, Section
from aicmo.report.words import plain, plain_lines


def facts(about: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Name seed, versions and hash, as `aicmo.evaluation.results.provenance` writes them."""
    return (
        ("Seed", str(about["seed"])),
        ("aicmo version", str(about["version"])),
        ("Made with", plain(str(about["software"]))),
        ("Scenario SHA-256, first 16 digits", str(about["scenario_hash"])[:16]),
    )


def scenario_file(about: Mapping[str, Any]) -> Code:
    """Fold away the scenario file, as it was written."""
    return Code(plain_lines(str(about["scenario_text"])), summary="The scenario file")


def section(about: Mapping[str, Any], worlds: str) -> Section:
    """List what was simulated, for pages that say no more about it."""
    told = (("Scenario", plain(str(about["scenario"]))), ("Replications", worlds), *facts(about))
    return Section("scenario", "Scenario", (Facts(told), scenario_file(about)))
