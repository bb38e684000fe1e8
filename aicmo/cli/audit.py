"""`aicmo audit`: whether a journal is what it was when it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from aicmo.cli import exits, screens


def audit(
    journal: Annotated[Path, typer.Argument(metavar="JOURNAL", help="A journal that `aicmo run` wrote.")],
) -> None:
    """Verify a journal of decisions: 0 when it is sound, 1 when it is broken, with the first bad line."""
    from aicmo.report.chain import audit as follow  # noqa: PLC0415 - --help waits for nothing

    verdict = follow(journal)
    if verdict.sound:
        said = f"{journal}: sound. {verdict.lines:,} lines, the last with hash {verdict.head}"
    else:
        said = f"{journal}:{verdict.lines + 1}: broken: {verdict.fault}."
    screens.output().print(Text(said), soft_wrap=True)
    raise typer.Exit(exits.Exit.DONE if verdict.sound else exits.Exit.NO)
