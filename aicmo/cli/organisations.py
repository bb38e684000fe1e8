"""`aicmo organisations`: who should own the AI."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from aicmo.cli.delivery import addable, deliver
from aicmo.cli.json_file import JsonFile, screen_beside, write
from aicmo.cli.options import Into, Out, Replications, ScenarioFile, Seed, Workers, folder
from aicmo.cli.progress import worlds


def organisations(
    scenario: ScenarioFile,
    *,
    team: Annotated[str, typer.Option(metavar="TEAM", help="The team that is owned.")] = "ai_cmo",
    baseline: Annotated[
        str, typer.Option(metavar="TEAM", help="Whom to compare with: people in the same company.")
    ] = "manual_quarterly",
    models: Annotated[
        str, typer.Option(metavar="M[,N…]", help="Operating models.", show_default="all that ship")
    ] = "",
    between: Annotated[
        str,
        typer.Option(
            metavar="A,B", help="Whose difference to take apart.", show_default="the last and the first"
        ),
    ] = "",
    replications: Replications = 16,
    seed: Seed = 1,
    workers: Workers = None,
    assumptions: Annotated[
        bool, typer.Option(help="Halve and double every assumption too; takes most of the time.")
    ] = True,
    json_file: JsonFile = None,
    out: Out = None,
    into: Into = None,
) -> None:
    """Compare operating models: who owns the AI, how fast IT delivers, how good data are, who pulls where.

    The same team plays the same worlds under each; all differences come from queues, latencies, shares
    of data and money. Every assumption stands in aicmo/scenario/organisations.yaml.
    """
    from aicmo.evaluation.organisations import organisations as models_of  # noqa: PLC0415
    from aicmo.report import organisations as report  # noqa: PLC0415 - same
    from aicmo.report.pages import write_page  # noqa: PLC0415 - same
    from aicmo.scenario.load import load  # noqa: PLC0415 - same

    loaded, pair = load(scenario), _pair(between)
    addable(into, loaded, seed)
    target, screen = folder(out, scenario), screen_beside(json_file)
    with worlds(replications, loaded.currency) as advance:
        found = models_of.organisations(
            loaded, team, baseline, _names(models) or None, pair, replications, seed, workers,
            lambda done, total: advance(done, total, None), assumptions=assumptions,
        )  # fmt: skip
    screen.print(Text(f"{loaded.name}, team {team}, seed {seed}, {replications} worlds"), end="\n\n")
    report.show(found, screen)
    deliver(found, target, into, screen)
    screen.print(Text(f"Page: {write_page(target / found.file)}"), soft_wrap=True)
    write(found.to_json(), json_file)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _pair(text: str) -> tuple[str, str] | None:
    names = _names(text)
    if not names:
        return None
    if len(names) != 2 or names[0] == names[1]:
        said = f"expected two models such as it_led,shared, got {text!r}"
        raise typer.BadParameter(said, param_hint="--between")
    return names[0], names[1]
