"""`aicmo compare`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from aicmo.cli import screens
from aicmo.cli.options import Out, Replications, ScenarioFile, Seed, folder
from aicmo.cli.progress import worlds

STDOUT = Path("-")


def compare(
    scenario: ScenarioFile,
    *,
    teams: Annotated[
        str,
        typer.Option(
            metavar="A,B,…", help="Teams or policies.", show_default="the shipped ones and the scenario's own"
        ),
    ] = "",
    baseline: Annotated[str, typer.Option(metavar="TEAM", help="Whom to compare with.")] = "manual_quarterly",
    replications: Replications = 64,
    seed: Seed = 1,
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="W", help="Processes.", show_default="one for each core")
    ] = None,
    out: Out = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the numbers as JSON; - for stdout.")
    ] = None,
) -> None:
    """Compare teams over the same sampled markets: table, finding, results file and page."""
    from aicmo.report import terminal  # noqa: PLC0415 - --help waits for nothing
    from aicmo.report.comparison import compare as evaluate  # noqa: PLC0415 - same
    from aicmo.scenario.load import load  # noqa: PLC0415 - same

    loaded, target = load(scenario), folder(out, scenario)
    if json_file is not None and json_file != STDOUT:
        json_file.touch()  # a place that cannot be written to is refused now, not after the work
    with worlds(replications, loaded.currency) as advance:
        comparison = evaluate(
            loaded, _names(teams), baseline, replications, seed, workers=workers, progress=advance
        )
    screen = screens.remarks() if json_file == STDOUT else screens.output()
    terminal.show(comparison, screen)
    results = comparison.save(target)
    page = results.with_name("report.html")
    screen.print(Text(f"\nResults: {results}\nPage:    {page}"), soft_wrap=True)
    if json_file is not None:
        _write(comparison.to_json(), json_file)


def _names(teams: str) -> list[str] | None:
    return [name.strip() for name in teams.split(",") if name.strip()] or None


def _write(text: str, file: Path) -> None:
    if file == STDOUT:
        typer.echo(text)
    else:
        file.write_text(f"{text}\n", encoding="utf-8")
