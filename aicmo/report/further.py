"""What people ask beside the ranking, one row a question and one column a team."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aicmo.evaluation.reference import DARK
from aicmo.report import certainty
from aicmo.report.estimates import Cell, estimate, proportion
from aicmo.report.evidence import Evidence, Role
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table, whole
from aicmo.report.words import percent, plain, points, ratio

RANKS: Mapping[Role, int] = {"headline": 0, "baseline": 0, "contender": 1, "reference": 2}
WEIGHT = (
    "w: what the year after the horizon counts (terminal value: customers, brand and stock left behind); "
    "leadership set w = {:g}"
)
WORDS = (
    "Plan: the mean contribution of the baseline. Dip and break-even: cumulative contribution against the "
    "baseline's, costs spread evenly. LTV: 3 years, discounted at 10 % a year"
)
Line = tuple[str, Callable[[Mapping[str, Any]], Cell]]
"""What is asked, and the cell of a team."""


def table(evidence: Evidence) -> Table:
    """Lay out every question that some team has an answer to."""
    found = evidence.further
    teams = [team for team in evidence.ranking if team != DARK]
    headings = tuple(
        Heading(plain(team), evidence.role(team), "mean", RANKS[evidence.role(team)]) for team in teams
    )
    sure = (
        Row(title, "contender", tuple(cells.get(team, Cell("–")) for team in teams))
        for title, cells in certainty.intervals(found, evidence.currency)
    )
    rows = [
        *sure,
        *(
            Row(title, "contender", tuple(cell(found["teams"][team]) for team in teams))
            for title, cell in _lines(found, evidence.currency)
        ),
    ]
    answered = tuple(row for row in rows if any(cell.value != "–" for cell in row.cells))
    return Table(
        headings, answered, (*certainty.remarks(found), WEIGHT.format(found["long_term_weight"]), WORDS)
    )


def _lines(found: Mapping[str, Any], currency: str) -> Iterator[Line]:
    def cash(amount: float) -> str:
        return money(amount, currency)

    yield from _long_term(float(found["long_term_weight"]), cash)
    yield "CVaR10", lambda team: estimate(team["tail"]["contribution"]["cvar10"], cash)
    yield "Worst world", lambda team: Cell(cash(team["tail"]["contribution"]["worst"]["value"]))
    yield "P(hit the plan)", lambda team: proportion(team["p_plan"], whole)
    yield "Learning dip", lambda team: _against(team, estimate(team["course"]["dip"], cash))
    yield "Promised beyond delivered", lambda team: _bare(estimate(team["promise"]["relative"], percent))
    yield _metric("Own 90 % intervals held", "forecast_coverage", whole)
    yield "Break-even", lambda team: _against(team, Cell(team["course"]["break_even"] or "–"))
    for period in next(iter(found["teams"].values()))["roi_by_period"]:
        yield f"ROI of media, {plain(period)}", _roi(period)
    yield _metric("Turnover", "turnover", percent)
    yield _metric("LTV", "ltv", cash)
    yield _metric("CAC, blended", "cac_blended", cash)
    yield _metric("CAC, paid", "cac_paid", cash)
    yield _metric("LTV : CAC", "ltv_to_cac", ratio)
    yield _metric("Payback, months", "payback", lambda months: f"{months:.1f}")
    yield _metric("First orders", "new_share", percent)
    yield _metric("Brand index", "brand_index", ratio)
    yield _metric("Excess voice", "share_of_voice", points)


def _long_term(weight: float, cash: Callable[[float], str]) -> Iterator[Line]:
    """Yield the objective at w = 0, at leadership's w and at w = 1, and the terminal value by itself."""
    for w in sorted({0.0, weight, 1.0}):
        kind = {0.0: "contribution", 1.0: "long_term_contribution"}.get(w, "objective")
        yield _metric(f"Objective, w = {w:g}", kind, cash)
    yield _metric("Terminal value", "terminal_value", cash)


def _metric(title: str, kind: str, write: Callable[[float], str]) -> Line:
    return title, lambda team: _bare(estimate(team["metrics"][kind], write))


def _roi(period: str) -> Callable[[Mapping[str, Any]], Cell]:
    return lambda team: _bare(estimate(team["roi_by_period"][period], percent))


def _against(team: Mapping[str, Any], cell: Cell) -> Cell:
    """Show a course against the baseline; the baseline's own is none."""
    return cell if any(team["course"]["cumulative_uplift"]) else Cell("–")


def _bare(cell: Cell) -> Cell:
    """Leave reasons to the JSON: most questions have no answer in some scenario."""
    return Cell(cell.value, cell.interval)
