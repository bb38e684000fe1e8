"""`aicmo aa`: whether a team differs from itself."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from aicmo.cli import exits
from aicmo.cli.json_file import JsonFile, screen_beside, write
from aicmo.cli.options import Replications, ScenarioFile, Seed, Workers
from aicmo.cli.progress import worlds


def aa(
    scenario: ScenarioFile,
    *,
    team: Annotated[str, typer.Option(metavar="TEAM", help="A team or a policy.")] = "ai_cmo",
    replications: Replications = 64,
    seed: Seed = 1,
    workers: Workers = None,
    json_file: JsonFile = None,
) -> None:
    """A/A test: run a team twice alike and once with other luck of its own; 1 when it differs from itself."""
    from aicmo.evaluation.aa import aa_test  # noqa: PLC0415 - --help waits for nothing
    from aicmo.report.aa import sentence  # noqa: PLC0415 - same
    from aicmo.scenario.load import load  # noqa: PLC0415 - same

    loaded, screen = load(scenario), screen_beside(json_file)
    with worlds(replications, loaded.currency) as advance:
        found = aa_test(
            loaded, team, replications, seed, workers, progress=lambda done, total: advance(done, total, None)
        )
    screen.print(Text(sentence(found)))
    write(found.to_json(), json_file)
    raise typer.Exit(exits.Exit.DONE if found.sound else exits.Exit.NO)
