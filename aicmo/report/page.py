"""The page: one HTML file that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from aicmo.report.blocks import Section
from aicmo.report.evidence import Comparison, Evidence
from aicmo.report.sections import budget, finding, further, ranking, reproduce, returns, scenario_card
from aicmo.report.words import plain

SECTIONS: tuple[Callable[[Evidence], Section], ...] = (
    finding.section,
    scenario_card.section,
    ranking.section,
    further.section,
    returns.section,
    budget.section,
    reproduce.section,
)


def render(comparison: Comparison) -> str:
    """Return the page as HTML."""
    evidence = Evidence(comparison)
    # Everything is escaped but the drawings, whose text matplotlib has escaped.
    environment = Environment(
        loader=PackageLoader("aicmo.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["drawing"] = Markup
    return environment.get_template("page.html").render(
        title=plain(str(evidence.summary["scenario"])),
        version=str(evidence.dataset.attrs["version"]),
        sections=[build(evidence) for build in SECTIONS],
    )


def write(comparison: Comparison, path: Path) -> None:
    """Write the page to `path`; what is interrupted leaves no half page under that name."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(render(comparison), encoding="utf-8")
    partial.replace(path)
