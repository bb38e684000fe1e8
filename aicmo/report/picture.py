"""A drawing as files of its own: SVG and PNG on white, in the colours that a page falls back to."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from aicmo.report.canvas import POINTS_PER_INCH, STYLE, Draw
from aicmo.report.colours import INKS, Ink

DOTS_PER_INCH = 144
_FALLBACK = re.compile(r"#[0-9a-fA-F]{6}")


def printed(ink: Ink) -> str:
    """Return the colour of an ink where there is no page to give it one.

    >>> from aicmo.report.colours import TEXT
    >>> printed(TEXT)
    '#1b1b1b'
    """
    return str(_FALLBACK.findall(ink.css)[-1])


def save(draw: Draw, stem: Path, size: tuple[float, float]) -> tuple[Path, Path]:
    """Draw once, and write ``stem.svg`` and ``stem.png``.

    Parameters
    ----------
    draw : callable
        Fills a `matplotlib.figure.Figure`.
    stem : Path
        Where, without an ending.
    size : (width, height) [CSS pixel]
    """
    paper = {ink.drawn: printed(ink) for ink in INKS}
    style = {
        key: paper.get(value, value) if isinstance(value, str) else value for key, value in STYLE.items()
    }
    vector, pixels = stem.with_name(f"{stem.name}.svg"), stem.with_name(f"{stem.name}.png")
    with mpl.rc_context(style | {"figure.facecolor": "white"}), warnings.catch_warnings():
        # A name in a script that the font lacks becomes boxes in the PNG; the SVG leaves it to the viewer.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(size[0] / POINTS_PER_INCH, size[1] / POINTS_PER_INCH), layout="constrained")
        draw(figure)
        figure.savefig(pixels, dpi=DOTS_PER_INCH)
        figure.set_layout_engine("none")  # laid out once, for both
        figure.savefig(vector, metadata={"Date": None, "Creator": None})
    return vector, pixels
