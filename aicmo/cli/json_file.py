"""Where `--json` writes: a file that is refused before the work, or stdout with everything else on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from aicmo.cli import screens

STDOUT = Path("-")
JsonFile = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the numbers as JSON; - for stdout.")
]


def screen_beside(file: Path | None) -> Console:
    """Return where tables go; a place that cannot be written to is refused now, not after the work."""
    if file is not None and file != STDOUT:
        file.touch()
    return screens.remarks() if file == STDOUT else screens.output()


def write(text: str, file: Path | None) -> None:
    """Write JSON where it was asked for."""
    if file == STDOUT:
        typer.echo(text)
    elif file is not None:
        file.write_text(f"{text}\n", encoding="utf-8")
