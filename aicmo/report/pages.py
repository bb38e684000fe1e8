"""From a results file, and nothing else, to its page: which command's file becomes which page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aicmo import evaluation
from aicmo.evaluation import results
from aicmo.report import page
from aicmo.report.comparison_page import comparison_page


@dataclass(frozen=True)
class Kind:
    """How the results file of a command becomes a page.

    Attributes
    ----------
    file : str
        Name of the page where none is asked for, beside the results.
    build : callable
        Reads the file at a path into a page.
    """

    file: str
    build: Callable[[Path], page.Page]


KINDS: Mapping[str, Kind] = {
    "aicmo compare": Kind("report.html", lambda path: comparison_page(evaluation.Comparison.read(path))),
}
"""By the command that the file says has made it."""


def write_page(path: Path, out: Path | None = None) -> Path:
    """Write the page of a results file, beside it unless told where; return where.

    Raises
    ------
    ResultsError
        If the file is none that has a page.
    """
    made_by = str(results.read(path).attrs.get("created_by"))
    if made_by not in KINDS:
        raise results.ResultsError(
            f"{path}: expected results of {', '.join(KINDS)}, got those of {made_by}, which have no page."
        )
    target = path.with_name(KINDS[made_by].file) if out is None else out
    page.write(page.render(KINDS[made_by].build(path)), target)
    return target
