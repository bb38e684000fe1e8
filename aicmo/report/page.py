"""The frame of every page: one HTML file that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from aicmo.report.blocks import Section


@dataclass(frozen=True)
class Page:
    """What the frame holds.

    Attributes
    ----------
    kind : str
        What this is a page of, above the title.
    title : str
    about : str
        Completes the title in a browser's tab.
    version : str
        Of the aicmo that made the numbers.
    sections : sequence of Section
    """

    kind: str
    title: str
    about: str
    version: str
    sections: Sequence[Section]


def render(page: Page) -> str:
    """Return the page as HTML."""
    # Everything is escaped but the drawings, whose text matplotlib has escaped.
    environment = Environment(
        loader=PackageLoader("aicmo.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["drawing"] = Markup
    return environment.get_template("page.html").render(page=page)


def write(html: str, path: Path) -> None:
    """Write a page to `path`; what is interrupted leaves no half page under that name."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(html, encoding="utf-8")
    partial.replace(path)
