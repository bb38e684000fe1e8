"""`aicmo truth`: what each channel really brought."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from aicmo.cli.delivery import addable, deliver
from aicmo.cli.json_file import JsonFile, screen_beside, write
from aicmo.cli.options import Into, Out, Replications, ScenarioFile, Seed, Workers, folder
from aicmo.cli.progress import worlds


def truth(
    scenario: ScenarioFile,
    *,
    team: Annotated[str, typer.Option(metavar="TEAM", help="A team or a policy.")] = "ai_cmo",
    replications: Replications = 32,
    seed: Seed = 1,
    workers: Workers = None,
    quarters: Annotated[
        bool, typer.Option("--quarters", help="Show every budget period too, each run anew.")
    ] = False,
    json_file: JsonFile = None,
    out: Out = None,
    into: Into = None,
) -> None:
    """Measure true returns by channel, beside what platforms claim and what unified measurement says."""
    from aicmo.evaluation.truth import truth as measure  # noqa: PLC0415 - --help waits for nothing
    from aicmo.report import truth as report  # noqa: PLC0415 - same
    from aicmo.scenario.load import load  # noqa: PLC0415 - same

    loaded, target = load(scenario), folder(out, scenario)
    addable(into, loaded, seed)
    screen = screen_beside(json_file)
    with worlds(replications, loaded.currency) as advance:
        found = measure(
            loaded, team, replications, seed, workers, progress=lambda done, total: advance(done, total, None)
        )
    screen.print(Text(f"{loaded.name}, team {team}, seed {seed}, {replications} worlds"), end="\n\n")
    report.show(found, screen, by_quarter=quarters)
    deliver(found, target, into, screen)
    write(found.to_json(), json_file)
