"""`aicmo claim`: whether 15 to 25 % better ROI can be had."""

from __future__ import annotations

from rich.text import Text

from aicmo.cli.json_file import JsonFile, screen_beside, write
from aicmo.cli.options import Out, Replications, ScenarioFile, Seed, Workers, folder
from aicmo.cli.progress import worlds
from aicmo.cli.sweep import announced, resumable


def claim(
    scenario: ScenarioFile,
    *,
    replications: Replications = 32,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
    json_file: JsonFile = None,
) -> None:
    """Answer the promise of 15–25 % better ROI on a page: over whom, and what would have to be otherwise.

    One thing is changed at a time: data latency, drift, margin, budget, and
    how far last year's split is off. Finished cells are kept in DIR/cells.
    """
    from aicmo.evaluation.claim import claim as evaluate  # noqa: PLC0415 - --help waits for nothing
    from aicmo.report import claim as report  # noqa: PLC0415 - same
    from aicmo.report.pages import write_page  # noqa: PLC0415 - same
    from aicmo.scenario.load import load  # noqa: PLC0415 - same

    loaded, target = load(scenario), folder(out, scenario)
    screen = screen_beside(json_file)
    with resumable(target), worlds(replications, loaded.currency) as advance:
        found = evaluate(
            loaded, replications, seed, workers, target, announced,
            lambda done, total: advance(done, total, None),
        )  # fmt: skip
    screen.print(Text(f"{loaded.name}, seed {seed}, {replications} worlds a row"), end="\n\n")
    report.show(found, screen)
    path = found.save(target)
    screen.print(Text(f"\nResults: {path}\nPage:    {write_page(path)}"), soft_wrap=True)
    write(found.to_json(), json_file)
