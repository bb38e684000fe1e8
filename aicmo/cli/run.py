"""`aicmo run`: one team in detail."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from aicmo.cli import screens
from aicmo.cli.options import Out, Replications, ScenarioFile, Seed, folder


def run(
    scenario: ScenarioFile,
    *,
    team: Annotated[str, typer.Option(metavar="TEAM", help="A team or a policy.")] = "ai_cmo",
    replications: Replications = 64,
    seed: Seed = 1,
    out: Out = None,
) -> None:
    """Run one team, show its budget changes period by period, and write everything that happened."""
    from aicmo.report import journal, run_file, terminal  # noqa: PLC0415 - --help waits for nothing
    from aicmo.scenario.load import load  # noqa: PLC0415 - same
    from aicmo.simulation import simulate  # noqa: PLC0415 - same

    loaded, target = load(scenario), folder(out, scenario) / "run.nc"
    with screens.remarks().status(f"{replications} worlds"):
        finished = simulate(loaded, team, replications, seed)
    screen = screens.output()
    screen.print(Text(f"{loaded.name}, team {team}, seed {seed}"))
    terminal.show_changes(run_file.dataset(finished), screen)
    screen.print(Text("The decision that moved most in the first world, in words"), style="bold")
    screen.print(Text(journal.boldest(finished)), end="\n\n")
    run_file.save(finished, target)
    written = journal.save(finished, target.with_suffix(".jsonl"))
    screen.print(Text(f"Results: {target}"), soft_wrap=True)
    said = f"Journal: {target.with_suffix('.jsonl')}, {written.lines:,} lines, head {written.head[:12]}"
    screen.print(Text(said), soft_wrap=True)
