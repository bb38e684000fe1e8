"""What guardrails cost, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from aicmo.evaluation.restraints import ALL, Restraints
from aicmo.report.estimates import Cell, estimate
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table, reasons
from aicmo.report.terminal import show_table
from aicmo.report.words import percent, plain, ratio

HEADINGS = (
    Heading("Cost of it", "total"),
    Heading("Cost of it", "% of contribution", rank=1),
    Heading("Binds in", "% of decisions", "mean"),
    Heading("Price of room", "profit per unit", "mean", rank=2),
    Heading("Interventions", "per world", "mean", rank=3),
)
READING = (
    "Cost: contribution of the same team on the same tape without the guardrail, less that with it; its "
    "interval below. Less than nothing: it protects. Binds: decisions that lie at one of its limits. Price "
    "of room: gross profit that the team believes one more unit of money a day beyond a limit would bring. "
    "Interventions: decisions that it corrected; a team that plans inside its limits needs none."
)


def show(found: Restraints, console: Console) -> None:
    """Print the table and the finding."""
    summary = found.summary
    show_table(table(summary), "Guardrail", console)
    console.print(Text(READING, style="dim"), end="\n\n")
    console.print(Text(plain(sentence(summary)), style="bold"))


def table(summary: Mapping[str, Any]) -> Table:
    """Lay out one row a guardrail, the dearest first, and one for all of them."""
    currency, found = str(summary["currency"]), dict(summary["guardrails"])
    together = found.pop(ALL)
    ordered = sorted(found, key=lambda name: -found[name]["cost"]["mean"])
    rows = [Row(plain(name), "contender", tuple(_cells(found[name], currency))) for name in ordered]
    rows.append(Row(ALL, "headline", tuple(_cells(together, currency))))
    return Table(HEADINGS, tuple(rows), reasons(HEADINGS, rows))


def sentence(summary: Mapping[str, Any]) -> str:
    """State which guardrail costs most, or that none surely does."""
    found, currency = summary["guardrails"], str(summary["currency"])
    worlds = f"over {summary['replications']} worlds, {summary['team']}"
    sure = {name: item for name, item in found.items() if name != ALL and (item["cost"]["low"] or 0.0) > 0}
    together = found[ALL]["cost"]["mean"]
    whole = (
        f"All together cost {money(together, currency)}"
        if together >= 0
        else (f"All together earn {money(-together, currency)}")
    )
    if not sure:
        return f"No guardrail costs contribution beyond luck ({worlds}). {whole}."
    dearest = max(sure, key=lambda name: sure[name]["cost"]["mean"])
    cost = sure[dearest]["cost"]
    low, high = (money(cost[end], currency) for end in ("low", "high"))
    return (
        f"The dearest guardrail is {dearest}: {money(cost['mean'], currency)} of contribution "
        f"({cost['level']:.0%} interval {low} to {high}; {worlds}). {whole}."
    )


def _cells(item: Mapping[str, Any], currency: str) -> Iterator[Cell]:
    yield estimate(item["cost"], lambda amount: money(amount, currency, signed=True))
    yield estimate(item["cost_relative"], lambda share: percent(share, signed=True))
    yield Cell("–" if item["binding"] is None else percent(item["binding"], digits=0))
    yield Cell("–" if not item["price"] else ratio(item["price"]))
    yield Cell(f"{item['interventions']:,.1f}")
