"""Where the uplift comes from, as people read it: the steps, and beside them what frictions cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from aicmo.report.estimates import Cell, estimate
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table, reasons
from aicmo.report.words import percent, plain

STEPS = (
    Heading("Contribution", "total"),
    Heading("of the baseline's", "%", rank=1),
    Heading("Added alone", "total", "mean", rank=3),
    Heading("Added last", "total", "mean", rank=2),
)
ORDERLESS = (
    "Each step is its mean over all orders in which differences can be taken over (Shapley value), so the "
    "steps add up to the uplift. Alone: taken over by itself; last: after all others"
)
MEANINGS = {
    "exploration": "tests, optimism and luck in choices, made to learn",
    "learning phase": "what platforms lose while they adapt to changed spend",
    "guardrails": "all limits set by people",
}
Money = Callable[[float], str]


def steps(found: Mapping[str, Any], currency: str) -> Table:
    """Lay out the way from the baseline's contribution to the team's."""
    cash, gain = partial(money, currency=currency), partial(money, currency=currency, signed=True)
    rows = [
        _end(found, found["baseline"], "baseline", cash),
        *(_step(name, step, gain) for name, step in found["steps"].items()),
        _end(found, found["team"], "headline", cash),
    ]
    return Table(STEPS, tuple(rows), (*reasons(STEPS, rows), *_replaced(found), *_idle(found), ORDERLESS))


def frictions(found: Mapping[str, Any], currency: str) -> Table:
    """Lay out what each friction costs both, and what of the uplift."""
    gain = partial(money, currency=currency, signed=True)
    headings = (
        Heading("Costs of the uplift", "total"),
        Heading(f"Costs {plain(found['team'])}", "total", rank=1),
        Heading(f"Costs {plain(found['baseline'])}", "total", "mean", rank=2),
    )
    rows = tuple(
        Row(name, "contender", tuple(estimate(cost[who], gain) for who in ("uplift", "team", "baseline")))
        for name, cost in found["frictions"].items()
    )
    notes = [f"{name}: {MEANINGS[name]}" for name in found["frictions"]]
    said = "Each from its own run without it, on the same tape; below zero it pays"
    return Table(headings, rows, (said, *notes))


def _end(found: Mapping[str, Any], team: str, role: Any, cash: Money) -> Row:
    """One end of the way: what a team earns."""
    return Row(plain(team), role, (estimate(found["contribution"][team], cash), *(Cell(""),) * 3))


def _step(name: str, step: Mapping[str, Any], gain: Money) -> Row:
    cells = (
        estimate(step["contribution"], gain),
        estimate(step["relative"], partial(percent, signed=True)),
        *(estimate(step[when], gain) for when in ("alone", "last")),
    )
    return Row(f"  {name}", "contender", cells)


def _replaced(found: Mapping[str, Any]) -> Iterator[str]:
    for name, step in found["steps"].items():
        yield f"{name}: {plain(step['before'])} → {plain(step['after'])}"


def _idle(found: Mapping[str, Any]) -> Iterator[str]:
    """Say which differences there are none of."""
    for why in dict.fromkeys(found["idle"].values()):
        names = ", ".join(name for name, said in found["idle"].items() if said == why)
        yield f"left out: {names} ({why})"
