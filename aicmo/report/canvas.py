"""From a drawing to SVG that lives inside a page: real text, the page's colours, nothing from outside."""

from __future__ import annotations

import io
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure, FigureBase

from aicmo.report.colours import INKS, LINE, QUIET, TEXT

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
POINTS_PER_INCH = 72

STYLE: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": LINE.drawn,
    "axes.grid": True,
    "axes.labelcolor": QUIET.drawn,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": TEXT.drawn,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": 11,
    "grid.color": LINE.drawn,
    "grid.linewidth": 0.6,
    "svg.fonttype": "none",  # text stays text: searchable, readable aloud, in the page's own size
    "svg.hashsalt": "aicmo",  # the same drawing is the same bytes
    "text.color": TEXT.drawn,
    "text.parse_math": False,  # a dollar in a name is a dollar
    "xtick.color": LINE.drawn,
    "xtick.labelcolor": QUIET.drawn,
    "ytick.color": LINE.drawn,
    "ytick.labelcolor": TEXT.drawn,
    "ytick.left": False,
}

Draw = Callable[[FigureBase], object]
"""Draws into an empty matplotlib figure."""


def svg(draw: Draw, name: str, label: str, size: tuple[float, float]) -> str:
    """Draw and return an `<svg>` element.

    Parameters
    ----------
    draw : callable
        Fills a `matplotlib.figure.Figure`.
    name : str
        Prefix of every id, unique on the page.
    label : str
        What the picture shows, for those who have it read aloud.
    size : (width, height) [CSS pixel]
    """
    buffer = io.BytesIO()
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        # A name in a script that the layout font lacks is drawn by the browser's own fonts.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(size[0] / POINTS_PER_INCH, size[1] / POINTS_PER_INCH), layout="constrained")
        draw(figure)
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return _inlined(buffer.getvalue(), name, label)


def _inlined(document: bytes, name: str, label: str) -> str:
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    root = ET.fromstring(document)  # noqa: S314  # written a moment ago by matplotlib, not by a stranger
    for metadata in root.findall(f"{{{SVG}}}metadata"):
        root.remove(metadata)
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, _local(key, value, name))
    root.set("role", "img")
    root.set("aria-label", label)
    return ET.tostring(root, encoding="unicode")


def _local(key: str, value: str, name: str) -> str:
    """Make ids unique on the page and colours follow its theme."""
    if key == "id":
        return f"{name}-{value}"
    if key == f"{{{XLINK}}}href":
        return value.replace("#", f"#{name}-", 1)
    value = value.replace("url(#", f"url(#{name}-")
    for ink in INKS:
        value = value.replace(ink.drawn, ink.css)
    return value
