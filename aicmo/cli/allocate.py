"""`aicmo allocate`: a one-shot plan from response curves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from aicmo.cli import quantities, screens
from aicmo.cli.options import Out, folder

if TYPE_CHECKING:
    from aicmo.report.plan import Reallocation

STDOUT = Path("-")

Budget = Annotated[
    str,
    typer.Option(
        metavar="M",
        help="Money that there is, such as 1.2M. May be left out where the objective ends spending.",
    ),
]
Objective = Annotated[
    str,
    typer.Option(
        metavar="GOAL",
        help="response: most outcome; profit: most of value × outcome - spend; target-response=X: least "
        "spend for X; target-mroi=X: until one more unit of money returns X.",
    ),
]


def allocate(
    curves: Annotated[Path, typer.Argument(metavar="CURVES.csv", help="Response curves, see above.")],
    *,
    budget: Budget = "",
    bounds: Annotated[
        str, typer.Option(metavar="LO:HI", help="Stay between these multiples of current_spend.")
    ] = "",
    groups: Annotated[
        Path | None, typer.Option(metavar="GROUPS.csv", help="Joint limits of campaigns, see above.")
    ] = None,
    objective: Objective = "response",
    value: Annotated[
        str, typer.Option(metavar="V", help="What a unit of outcome earns, for the objective profit.")
    ] = "",
    currency: Annotated[str, typer.Option(metavar="CODE", help="ISO 4217.")] = "EUR",
    out: Out = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the numbers as JSON; - for stdout.")
    ] = None,
) -> None:
    """Split a budget by response curves: the exact optimum, its prices and a certificate.

    CURVES.csv has one of two forms, told apart by its columns:

    campaign, spend, incremental_outcome: points, several rows a campaign from
    spend 0 on; straight between points, flat beyond the last.

    campaign, kind, scale, and half_saturation, shape (hill) or half
    (logarithmic, exponential) or exponent (power): parameters, one row a
    campaign; observed_spend may say how far the data went.

    Both may have current_spend, lower and upper. Spend and outcome cover the
    same time as the budget.

    GROUPS.csv has the columns group, campaign, minimum, maximum: one row a
    member, groups nested or apart.
    """
    from aicmo.importers.curves_csv import read_curves  # noqa: PLC0415 - --help waits for nothing
    from aicmo.importers.groups_csv import read_groups  # noqa: PLC0415 - same
    from aicmo.report.plan import reallocate  # noqa: PLC0415 - same

    goal, held = quantities.goal(objective, value), quantities.bounds(bounds)
    most, code = quantities.budget(budget, goal), quantities.currency(currency)
    given = read_curves(curves)
    joint = read_groups(groups, given.campaigns) if groups is not None else ()
    target = folder(out, curves)
    if json_file is not None and json_file != STDOUT:
        json_file.touch()  # a place that cannot be written to is refused now, not after the work
    _deliver(reallocate(given, goal, most, held, joint, code), target, json_file)


def _deliver(change: Reallocation, target: Path, json_file: Path | None) -> None:
    """Show the plan and write its files."""
    from aicmo.report import plan_file, plan_screen  # noqa: PLC0415 - --help waits for nothing
    from aicmo.report.figures import plan as figure  # noqa: PLC0415 - same

    screen = screens.remarks() if json_file == STDOUT else screens.output()
    plan_screen.show(change, screen)
    table = target / "plan.csv"
    plan_file.write_csv(change, table)
    plots = figure.save(change, target / "plan")
    screen.print(Text(f"\nTable: {table}\nPlot:  {' and '.join(map(str, plots))}"), soft_wrap=True)
    if json_file == STDOUT:
        typer.echo(plan_file.as_json(change))
    elif json_file is not None:
        json_file.write_text(f"{plan_file.as_json(change)}\n", encoding="utf-8")
