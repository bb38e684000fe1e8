"""The `aicmo` command: its commands and how any of them ends."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any

import typer
from rich.text import Text
from typer.core import TyperGroup

from aicmo.cli import (
    aa,
    allocate,
    audit,
    check,
    claim,
    compare,
    exits,
    files,
    guardrails,
    organisations,
    report,
    run,
    screens,
    sweep,
    truth,
)


class Commands(TyperGroup):
    """Turns what a user can mend into one message and an exit code, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            screens.remarks().print("Interrupted.")
            raise typer.Exit(exits.Exit.INTERRUPTED) from None
        except Exception as error:
            code = exits.code_of(error)
            if code is None or isinstance(error, BrokenPipeError):
                raise
            screens.remarks().print(Text(exits.message_of(error)), soft_wrap=True)
            raise typer.Exit(code) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What would an AI CMO be worth against a competent manual quarterly plan?",
)
app.command("init")(files.init)
app.command("validate")(files.validate)
app.command("schema")(files.schema)
app.command("compare")(compare.compare)
app.command("run")(run.run)
app.command("truth")(truth.truth)
app.command("check")(check.check)
app.command("allocate")(allocate.allocate)
app.command("audit")(audit.audit)
app.command("guardrails")(guardrails.guardrails)
app.command("organisations")(organisations.organisations)
app.command("sweep")(sweep.sweep)
app.command("claim")(claim.claim)
app.command("aa")(aa.aa)
app.command("report")(report.report)


def _version(asked: bool) -> None:  # noqa: FBT001 - typer calls it with the flag
    if asked:
        typer.echo(f"aicmo {version('aicmo')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Say what an AI CMO would be worth against a competent manual quarterly plan, in a simulated market."""
