"""What a results file does not hold, and the command that adds it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from aicmo.report.blocks import Block, Code, Paragraph
from aicmo.report.evidence import Evidence
from aicmo.report.words import plain


def missing(evidence: Evidence, what: str, command: str, *options: str) -> Iterator[Block]:
    """Say in one line that a part was not asked for, and how it gets into the file.

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
    yield from added_by(what, plain(shlex.join(words)))


def added_by(what: str, command: str) -> Iterator[Block]:
    """Say that a part is not in the file, and the command line that adds it."""
    yield Paragraph(f"{what} is not in this file; this adds it:")
    yield Code(command)
