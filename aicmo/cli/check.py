"""`aicmo check`: the contracts, run on a part outside the repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from aicmo.cli import exits, screens

if TYPE_CHECKING:
    from aicmo.checks import Result


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A Python file that defines a part.")],
) -> None:
    """Run the contracts on the parts of a file: 0 when all hold, 1 when one is broken."""
    results = _results(file)
    screen = screens.output()
    for result in results:
        mark = Text("holds ", style="green") if result.passed else Text("BROKEN", style="bold red")
        screen.print(Text.assemble(mark, f"  {result.part}: {result.check}"), soft_wrap=True)
        if not result.passed:
            screen.print(Text(f"        {result.error}"), soft_wrap=True)
    broken = sum(not result.passed for result in results)
    screen.print(f"\n{len(results) - broken} of {len(results)} contracts hold.")
    raise typer.Exit(exits.Exit.NO if broken else exits.Exit.DONE)


def _results(file: Path) -> list[Result]:
    from aicmo.checks import ContractError, check_file  # noqa: PLC0415 - --help waits for nothing

    try:
        return check_file(file)
    except ContractError as error:
        screens.remarks().print(Text(str(error)), soft_wrap=True)
        raise typer.Exit(exits.Exit.NO) from None
    except Exception as error:
        if exits.code_of(error) is not None:
            raise
        # The file is the user's program, so whatever it raises while it is read is invalid input.
        screens.remarks().print(Text(f"{file}: raised {type(error).__name__}: {error}"), soft_wrap=True)
        raise typer.Exit(exits.Exit.INVALID) from None
