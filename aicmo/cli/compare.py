"""`aicmo compare`: the main job."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from aicmo.cli.json_file import JsonFile, screen_beside, write
from aicmo.cli.options import Baseline, Out, Replications, ScenarioFile, Seed, Workers, folder
from aicmo.cli.progress import worlds

Teams = Annotated[
    str,
    typer.Option(
        metavar="A,B,…", help="Teams or policies.", show_default="the shipped ones and the scenario's own"
    ),
]
Hindsight = Annotated[
    bool,
    typer.Option(
        "--hindsight", help="Add the best plan on the realised tape; for small scenarios, takes minutes."
    ),
]
Waterfall = Annotated[
    bool,
    typer.Option(
        "--waterfall",
        help="Add where the uplift comes from: runs every team between the baseline and the AI CMO.",
    ),
]
Precision = Annotated[
    str | None,
    typer.Option(
        metavar="WIDTH",
        help="Add worlds until the uplift of the AI CMO is known to ± this: 0.25pp of ROI, or 1% of "
        "contribution; --replications is where it first looks.",
    ),
]
Cap = Annotated[int, typer.Option(min=1, metavar="N", help="Most worlds that --precision tries.")]


def compare(
    scenario: ScenarioFile,
    *,
    teams: Teams = "",
    baseline: Baseline = "manual_quarterly",
    replications: Replications = 64,
    seed: Seed = 1,
    workers: Workers = None,
    hindsight: Hindsight = False,
    waterfall: Waterfall = False,
    precision: Precision = None,
    cap: Cap = 1024,
    out: Out = None,
    json_file: JsonFile = None,
) -> None:
    """Compare teams over the same sampled markets: table, finding, results file and page."""
    from aicmo.report import terminal  # noqa: PLC0415 - --help waits for nothing
    from aicmo.report.comparison import compare as evaluate  # noqa: PLC0415 - same
    from aicmo.scenario.load import load  # noqa: PLC0415 - same

    loaded, target = load(scenario), folder(out, scenario)
    screen = screen_beside(json_file)
    with worlds(replications, loaded.currency) as advance:
        comparison = evaluate(
            loaded,
            _names(teams),
            baseline,
            replications,
            seed,
            workers=workers,
            progress=advance,
            hindsight=hindsight,
            waterfall=waterfall,
            precision=precision,
            cap=cap,
        )
    terminal.show(comparison, screen)
    results = comparison.save(target)
    page = results.with_name("report.html")
    screen.print(Text(f"\nResults: {results}\nPage:    {page}"), soft_wrap=True)
    write(comparison.to_json(), json_file)


def _names(teams: str) -> list[str] | None:
    return [name.strip() for name in teams.split(",") if name.strip()] or None
