"""`aicmo sweep`: when it pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from aicmo.cli import exits, screens
from aicmo.cli.json_file import JsonFile, screen_beside, write
from aicmo.cli.options import Baseline, Out, Replications, ScenarioFile, Seed, Workers, folder
from aicmo.cli.progress import worlds

if TYPE_CHECKING:
    from rich.console import Console

    from aicmo.evaluation.cell_runs import Forecast
    from aicmo.evaluation.sweep import Sweep

Vary = Annotated[
    list[str],
    typer.Option(
        metavar="KEY=V1,V2,…",
        help="A key of the scenario and its values, see above; give it again for a grid.",
    ),
]


def sweep(
    scenario: ScenarioFile,
    *,
    vary: Vary,
    team: Annotated[
        str, typer.Option(metavar="T[,U…]", help="Teams or policies; the map is of the first.")
    ] = "ai_cmo",
    baseline: Baseline = "manual_quarterly",
    replications: Replications = 32,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
    json_file: JsonFile = None,
) -> None:
    """Compare teams in every cell of a grid of scenarios: when it pays, and when not.

    A key is fields of the scenario joined by dots, in lists the name or number
    of an element or * for all: measurement.latency, budget.periods.*,
    market.channels.search.half_life. A value is what a file would say, or a
    factor: x0.5 is half of what the scenario says.

    Finished cells are kept in DIR/cells: after Ctrl-C or a kill the same
    command goes on, repeats none of them, and ends with the same numbers.
    """
    from aicmo.evaluation.sweep import sweep as evaluate  # noqa: PLC0415 - --help waits for nothing
    from aicmo.scenario.load import load  # noqa: PLC0415 - same

    asked = axes(vary)
    loaded, target = load(scenario), folder(out, scenario)
    screen, names = screen_beside(json_file), [name.strip() for name in team.split(",") if name.strip()]
    with resumable(target), worlds(replications, loaded.currency) as advance:
        found = evaluate(
            loaded, asked, names, baseline, replications, seed, workers, target, announced,
            lambda done, total: advance(done, total, None),
        )  # fmt: skip
    _deliver(found, target, screen)
    write(found.to_json(), json_file)


def axes(vary: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    """Read ``key=v1,v2``; values as a scenario file writes them."""
    found: dict[str, Sequence[Any]] = {}
    for given in vary:
        key, equals, values = given.partition("=")
        key = key.strip()
        if not (key and equals and values.strip()):
            said = f"expected a key and its values such as measurement.latency=1d,1w, got {given!r}"
            raise typer.BadParameter(said, param_hint="--vary")
        if key in found:
            raise typer.BadParameter(f"{key} is given twice: list all its values once", param_hint="--vary")
        found[key] = _values(key, values)
    return found


def _values(key: str, text: str) -> Sequence[Any]:
    from aicmo.scenario.source import Source, checked  # noqa: PLC0415 - --help waits for nothing
    from aicmo.scenario.tree import parse  # noqa: PLC0415 - same

    read = parse(checked(Source(f"--vary {key}", f"[{text}]"))).value
    return list(read)


@contextmanager
def resumable(target: Path) -> Iterator[None]:
    """Say on Ctrl-C that nothing finished is lost, and leave with the code of an interrupt."""
    try:
        yield
    except KeyboardInterrupt:
        kept = len(list((target / "cells").glob("*.nc")))
        where = target / "cells"
        said = f"Interrupted. {where} keeps {kept} finished cells: the same command goes on from there."
        screens.remarks().print(Text(said), soft_wrap=True)
        raise typer.Exit(exits.Exit.INTERRUPTED) from None


def announced(forecast: Forecast) -> None:
    """Say what a sweep will take, before it takes it."""
    screens.remarks().print(Text(str(forecast)), soft_wrap=True)


def _deliver(found: Sweep, target: Path, screen: Console) -> None:
    from aicmo.report import sweep as report  # noqa: PLC0415 - --help waits for nothing
    from aicmo.report.figures import sweep as figure  # noqa: PLC0415 - same
    from aicmo.report.pages import write_page  # noqa: PLC0415 - same

    report.show(found, screen)
    path = found.save(target)
    said = f"\nResults: {path}\nPage:    {write_page(path)}"
    if len(found.summary["axes"]) <= 2:
        plots = figure.save(found.summary, found.team, target / "sweep")
        said += f"\nMap:     {' and '.join(map(str, plots))}"
    screen.print(Text(said), soft_wrap=True)
