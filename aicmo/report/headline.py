"""The result of a comparison in one picture that stands alone: an SVG that follows its reader's theme."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import partial
from importlib.resources import files
from pathlib import Path

from matplotlib.figure import FigureBase

from aicmo import evaluation
from aicmo.report.canvas import SVG, svg
from aicmo.report.evidence import Evidence
from aicmo.report.figures import roi_by_team, uplift
from aicmo.report.words import plain

SIZE = (780, 330)


def write_picture(path: Path, out: Path) -> Path:
    """Draw the returns of all teams beside the uplift of the headline team; return where.

    Parameters
    ----------
    path : Path
        Results file of `aicmo compare`.
    out : Path
        Where the SVG goes.

    Raises
    ------
    ResultsError
        If the file is none.
    """
    evidence = Evidence(evaluation.Comparison.read(path))
    drawing = svg(partial(_draw, evidence=evidence), "headline", evidence.comparison.sentence, SIZE)
    out.write_text(_themed(drawing), encoding="utf-8")
    return out


def _draw(figure: FigureBase, *, evidence: Evidence) -> None:
    """Put the two figures of the page side by side, with what they are of above."""
    title = f"{plain(str(evidence.summary['scenario']))}: {evidence.worlds}, seed {evidence.summary['seed']}"
    figure.suptitle(title, x=0.01, ha="left", fontsize=12, weight="bold")
    if evidence.headline is None:
        roi_by_team.drawing(evidence)(figure)
        return
    left, right = figure.subfigures(1, 2, squeeze=False)[0]
    roi_by_team.drawing(evidence)(left)
    uplift.drawing(evidence, evidence.headline)(right)


def _themed(drawing: str) -> str:
    """Give a drawing the colours that it has from its page elsewhere, light and dark."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(drawing)  # noqa: S314  # drawn a moment ago, by us
    style = ET.Element(f"{{{SVG}}}style")
    style.text = files("aicmo.report").joinpath("templates/theme.css").read_text(encoding="utf-8")
    root.insert(0, style)
    return f"{ET.tostring(root, encoding='unicode')}\n"
