"""Scenario files: write a starter, check files, print the schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from aicmo.cli import exits, screens

if TYPE_CHECKING:
    from aicmo.scenario.schema import Scenario


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = Path("scenario.yaml"),
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="NAME", help="A scenario that ships, such as subscription."),
    ] = None,
) -> None:
    """Write a commented starter scenario, or one that ships; an existing file is never overwritten."""
    from aicmo.scenario.starter import STARTER, start_from  # noqa: PLC0415 - --help waits for nothing

    text = STARTER if source is None else start_from(source)
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError:
        screens.remarks().print(
            Text(f"{file}: there is a file already; nothing was written. Choose another name."),
            soft_wrap=True,
        )
        raise typer.Exit(exits.Exit.INVALID) from None
    said = f"Wrote {file}. Next: aicmo validate {file}, then aicmo compare {file}"
    screens.output().print(Text(said), soft_wrap=True)


def validate(files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Scenario files.")]) -> None:
    """Check scenario files and print every problem with its place."""
    codes = [_validate(file) for file in files]
    raise typer.Exit(next((code for code in codes if code), exits.Exit.DONE))


def _validate(file: Path) -> exits.Exit:
    from aicmo.scenario.load import load  # noqa: PLC0415 - --help waits for nothing

    try:
        scenario = load(file)
    except Exception as error:
        code = exits.code_of(error)
        if code is None:
            raise
        screens.output().print(Text(exits.message_of(error)), soft_wrap=True)
        return code
    screens.output().print(Text(f"{file}: valid. {_gist(scenario)}"), soft_wrap=True)
    return exits.Exit.DONE


def _gist(scenario: Scenario) -> str:
    market, calendar = scenario.market, scenario.calendar
    return (
        f"{len(market.campaigns)} campaigns in {len(market.segments)} segments and {len(market.channels)} "
        f"channels, {calendar.horizon / (7 * 1440):g} weeks from {calendar.start}"
    )


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from aicmo.scenario.json_schema import json_schema  # noqa: PLC0415 - --help waits for nothing

    typer.echo(json.dumps(json_schema(), indent=2))
