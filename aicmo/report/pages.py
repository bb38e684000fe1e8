"""From a results file, and nothing else, to its page: which command's file becomes which page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aicmo import evaluation
from aicmo.evaluation import results
from aicmo.evaluation.claim import Claim
from aicmo.evaluation.sweep import Sweep
from aicmo.report import page
from aicmo.report.claim_page import claim_page
from aicmo.report.comparison_page import comparison_page
from aicmo.report.organisation_page import organisation_page
from aicmo.report.sweep_page import sweep_page


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
    "aicmo sweep": Kind("sweep.html", lambda path: sweep_page(Sweep.read(path))),
    "aicmo claim": Kind("claim.html", lambda path: claim_page(Claim(results.read(path)))),
    "aicmo organisations": Kind("organisations.html", organisation_page),
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
    try:
        built = KINDS[made_by].build(path)
    except KeyError as error:  # of a variable or attribute that this version writes
        said = f"{path}: another version of aicmo wrote it (missing: {error.args[0]}). Run {made_by} again."
        raise results.ResultsError(said) from error
    page.write(page.render(built), target)
    return target
