"""What a results file does not hold, and the command that adds it."""

from __future__ import annotations

import shlex

from aicmo.report.blocks import Paragraph
from aicmo.report.evidence import Evidence
from aicmo.report.words import plain


def missing(evidence: Evidence, what: str, command: str, *options: str) -> Paragraph:
    """Say in one line how a part that was not asked for gets into the file.

    Parameters
    ----------
    what : str
        Begins the sentence, such as ``What guardrails cost``.
    command : str
        Of `aicmo`, which takes a scenario and `--into`.
    options : str
        Of that command, beside seed and results file.
    """
    words = ["aicmo", command, f"{evidence.dataset.attrs['scenario']}.yaml", *options]
    words += ["--seed", str(evidence.dataset.attrs["seed"]), "--into", "results.nc"]
    return Paragraph(f"{what} is not in this file; this adds it: {plain(shlex.join(words))}")
