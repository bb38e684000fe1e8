"""The table of teams: the same rows for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from aicmo.core.intervals import mean_interval
from aicmo.evaluation.reference import CLAIRVOYANT, HINDSIGHT
from aicmo.report.estimates import Cell, estimate, proportion
from aicmo.report.evidence import Evidence, Role
from aicmo.report.money import money
from aicmo.report.words import listed, percent, plain, points, ratio

Metrics = Mapping[str, Any]


@dataclass(frozen=True)
class Heading:
    """A column: what it is, per what, and what of it a terminal has room for."""

    title: str
    unit: str
    detail: Literal["essential", "mean", "page"] = "essential"
    """`mean`: a terminal leaves the interval out; `page`: it leaves the column out."""
    rank: int = 0
    """Where the window is narrow, the highest leaves first; 0 stays."""


@dataclass(frozen=True)
class Row:
    """A team and its cells, in the order of the headings."""

    name: str
    role: Role
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Headings, rows, and remarks below."""

    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Column:
    heading: Heading
    cell: Callable[[Metrics], Cell]
    paired: bool = False


def ranking(evidence: Evidence) -> Table:
    """Rank the teams by contribution, each with its uplift over the baseline."""
    columns = _columns(evidence.currency)
    rows = tuple(_row(evidence, team, columns) for team in evidence.ranking)
    return Table(
        tuple(column.heading for column in columns),
        rows,
        (
            *reasons([column.heading for column in columns], rows),
            *_breaches(evidence),
            *_rejections(evidence),
            *_free(evidence),
            *_hindsight(evidence),
        ),
    )


def _columns(currency: str) -> tuple[_Column, ...]:
    def cash(amount: float) -> str:
        return money(amount, currency)

    def gain(share: float) -> str:
        return percent(share, signed=True)

    def total(title: str, key: str, detail: Literal["mean", "page"]) -> _Column:
        return _Column(Heading(title, "total", detail, rank=5), lambda metrics: estimate(metrics[key], cash))

    spend = Heading("Spend", "total", "mean", rank=6)

    return (
        _Column(spend, lambda metrics: Cell(cash(metrics["spend"]["mean"]))),
        total("Incremental gross profit", "incremental_gross_profit", "mean"),
        total("Contribution", "contribution", "page"),
        _Column(Heading("iROAS", "ratio", "mean", rank=4), lambda metrics: estimate(metrics["iroas"], ratio)),
        _Column(Heading("ROI", "%", rank=1), lambda metrics: estimate(metrics["roi"], percent)),
        _Column(
            Heading("Interventions", "per world", rank=7),
            lambda metrics: Cell(f"{metrics['interventions']:,.1f}"),
        ),
        _uplift(
            "Uplift in contribution", "%", lambda uplift: estimate(uplift["contribution_relative"], gain)
        ),
        _uplift("Uplift in ROI", "points", lambda uplift: estimate(uplift["roi_points"], points)),
        _uplift("Uplift in ROI", "%", lambda uplift: estimate(uplift["roi_relative"], gain), rank=3),
        _uplift("P(better)", "%", lambda uplift: proportion(uplift["p_better"], whole)),
        _Column(
            Heading("Headroom closed", "%", rank=2),
            lambda metrics: estimate(metrics["headroom_closed"], whole),
            paired=True,
        ),
    )


def whole(share: float) -> str:
    """Write a share in whole percent."""
    return percent(share, digits=0)


def _uplift(title: str, unit: str, cell: Callable[[Metrics], Cell], rank: int = 0) -> _Column:
    return _Column(Heading(title, unit, rank=rank), lambda metrics: cell(metrics["uplift"]), paired=True)


def _row(evidence: Evidence, team: str, columns: tuple[_Column, ...]) -> Row:
    role, metrics = evidence.role(team), evidence.teams[team]
    cells = (
        Cell("baseline") if column.paired and role == "baseline" else column.cell(metrics)
        for column in columns
    )
    return Row(plain(team), role, tuple(cells))


def reasons(headings: Sequence[Heading], rows: Sequence[Row]) -> tuple[str, ...]:
    """Say once what a dash or a star means, and where it stands."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        for heading, cell in zip(headings, row.cells, strict=True):
            if cell.reason:
                found.setdefault(cell.reason, {})[f"{row.name}, {heading.title}"] = None
    return tuple(f"{reason} ({'; '.join(where)})" for reason, where in found.items())


def _breaches(evidence: Evidence) -> tuple[str, ...]:
    """Name the teams that broke a guardrail: their numbers are not comparable."""
    return tuple(
        f"{plain(team)} broke guardrails {metrics['violations']:g} times per world"
        for team, metrics in evidence.teams.items()
        if metrics["violations"]
    )


def _rejections(evidence: Evidence) -> tuple[str, ...]:
    """Name the teams of which a part failed: their seat kept what was in force."""
    return tuple(
        f"{plain(team)}: {number} proposals rejected, the seat kept what was in force ({plain(reason)})"
        for team, reasons in evidence.rejections.items()
        for reason, number in reasons.items()
    )


def _hindsight(evidence: Evidence) -> tuple[str, ...]:
    """Say what it is worth to know the tape beside the market."""
    if HINDSIGHT not in evidence.teams:
        return ()
    objective = evidence.dataset["objective"]
    lead = objective.sel(team=HINDSIGHT).values - objective.sel(team=CLAIRVOYANT).values
    gap = estimate(mean_interval(lead, evidence.level).to_json(), partial(money, currency=evidence.currency))
    sure = f" ({evidence.interval} {gap.interval})" if gap.interval else ""
    return (
        f"hindsight knows the luck beside the market: {gap.value}{sure} beyond clairvoyant in the objective",
    )


def _free(evidence: Evidence) -> tuple[str, ...]:
    """Name the references that pay nobody: their uplift and ROI hold the costs that they save."""
    costs = evidence.dataset["costs"].sum("replication")
    free = [
        plain(team)
        for team in evidence.ranking
        if evidence.role(team) == "reference" and float(costs.sel(team=team)) == 0
    ]
    return (f"{listed(free)}: no team costs are counted",) if free else ()
