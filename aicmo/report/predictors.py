"""Where a team is better, and what another total would bring, as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from aicmo.report.estimates import Cell, estimate, proportion
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table, whole
from aicmo.report.words import percent, plain

HEADINGS = (
    Heading("P(better), low half", "%", "mean"),
    Heading("P(better), high half", "%", "mean"),
    Heading("Rank correlation", "with the uplift", rank=1),
    Heading("p", "all traits together", rank=2),
)
SURE = 0.1


def table(found: Mapping[str, Any], team: str) -> Table:
    """Lay out one row a trait, the strongest first."""
    rows = tuple(_row(name, said) for name, said in found["traits"].items())
    return Table(HEADINGS, rows, (sentence(found, team),))


def sentence(found: Mapping[str, Any], team: str) -> str:
    """State which traits go with the uplift, surely."""
    if not found["traits"]:
        return f"What decides it cannot be told: {found['reason']}"
    sure = {name: said["correlation"] for name, said in found["traits"].items() if said["p"] < SURE}
    if not sure:
        return (
            f"No trait of these worlds surely goes with the uplift of {plain(team)} (all p at least {SURE:g})"
        )
    told = ", ".join(f"{'more' if value > 0 else 'less'} with {name}" for name, value in sure.items())
    return f"{plain(team)} gains {told}"


def _row(name: str, said: Mapping[str, Any]) -> Row:
    cells = (
        proportion(said["low"], whole),
        proportion(said["high"], whole),
        Cell(f"{said['correlation']:+.2f}"),
        Cell(f"{said['p']:.3f}"),
    )
    return Row(name, "headline" if said["p"] < SURE else "contender", cells)


def size(found: Mapping[str, Any], currency: str) -> str:
    """Say how large the most profitable budget is, and what size and allocation would bring."""
    cash = partial(money, currency=currency)

    def written(metric: Mapping[str, Any]) -> str:
        cell = estimate(metric, cash)
        return f"{cell.value} ({cell.interval.replace(' … ', ' to ')})" if cell.interval else cell.value

    too_large = percent(found["over"]["share"], digits=0)
    return (
        f"Size against allocation: the most profitable budget is {written(found['best'])}, this one "
        f"{cash(found['budget'])}, too large in {too_large} of worlds; that size "
        f"would bring {written(found['gain'])} more at the best split, the clairvoyant's split of this one "
        f"{written(found['allocation'])}"
    )
