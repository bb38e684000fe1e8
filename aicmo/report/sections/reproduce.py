"""How to get the same numbers again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from aicmo.evaluation.reference import HINDSIGHT, REFERENCES
from aicmo.report.blocks import Code, Paragraph, Section
from aicmo.report.evidence import Evidence
from aicmo.report.words import plain


def section(evidence: Evidence) -> Section:
    """Give the command and say what it needs."""
    text = (
        "Save the scenario file above under the name in the command and install the version of aicmo stated "
        "there. The same version, scenario and seed give the same numbers, whatever the number of workers."
    )
    return Section("reproduce", "How to reproduce", (Paragraph(text), Code("\n".join(commands(evidence)))))


def commands(evidence: Evidence) -> Iterator[str]:
    """Yield the command line of the comparison, and those of what was added to it."""
    yield command(evidence)
    for data in evidence.beside.values():
        made_by = str(data.attrs["created_by"])
        if made_by != "aicmo compare":
            words = [*made_by.split(), f"{evidence.dataset.attrs['scenario']}.yaml"]
            words += ["--team", str(data.attrs["team"]), "--replications", str(data.attrs["replications"])]
            yield plain(shlex.join([*words, "--seed", str(data.attrs["seed"]), "--into", "results.nc"]))


def command(evidence: Evidence) -> str:
    """Write the command line that repeats the comparison, safe to paste into a shell."""
    attributes = evidence.dataset.attrs
    teams = ",".join(team for team in evidence.teams if team not in REFERENCES)
    words = [
        "aicmo", "compare", f"{attributes['scenario']}.yaml",
        "--teams", teams, "--baseline", evidence.baseline,
        "--replications", str(evidence.replications), "--seed", str(attributes["seed"]),
    ]  # fmt: skip
    if HINDSIGHT in evidence.teams:
        words.append("--hindsight")
    if "step_contribution" in evidence.dataset:
        words.append("--waterfall")
    return plain(shlex.join(words))
