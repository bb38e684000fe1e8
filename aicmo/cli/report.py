"""`aicmo report`: the page of a results file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from aicmo.cli import screens


def report(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS.nc", help="Results file of compare, sweep or claim.")
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Where to write it.", show_default="beside the results"),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="Write the result of a compare as one picture too."),
    ] = None,
) -> None:
    """Write the page of a results file: one HTML file that needs no network.

    What the file does not hold, the page says in a line, with the command
    that adds it.
    """
    from aicmo.report.pages import write_page  # noqa: PLC0415 - --help waits for nothing

    said = f"Page: {write_page(results, out)}"
    if picture is not None:
        from aicmo.report.headline import write_picture  # noqa: PLC0415 - same

        said += f"\nPicture: {write_picture(results, picture)}"
    screens.output().print(Text(said), soft_wrap=True)
