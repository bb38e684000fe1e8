"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="Scenario file (YAML).")]
Baseline = Annotated[str, typer.Option(metavar="TEAM", help="Whom to compare with.")]
Replications = Annotated[int, typer.Option(min=1, metavar="N", help="Worlds to simulate.")]
Seed = Annotated[int, typer.Option(min=0, metavar="S", help="The same seed gives the same numbers.")]
Workers = Annotated[
    int | None, typer.Option(min=1, metavar="W", help="Processes.", show_default="one for each core")
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Where results go.", show_default="out/ and the name of the file"),
]

Into = Annotated[
    Path | None,
    typer.Option(metavar="RESULTS.nc", help="Results file of compare to stand in, for its page."),
]


def folder(out: Path | None, scenario: Path) -> Path:
    """Make the folder of results before anything is computed, so that a wrong one costs no time."""
    chosen = out if out is not None else Path("out") / scenario.stem
    try:
        chosen.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise typer.BadParameter(
            f"expected a folder, new or existing, got {chosen}, which is or runs through a file: "
            "choose another",
            param_hint="--out",
        ) from None
    return chosen
