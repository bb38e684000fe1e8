"""What a comparison must hold to be believed, each with what was found."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from aicmo.core.intervals import bootstrap_interval, disagreement, mean_interval, standard_error
from aicmo.evaluation.reference import CLAIRVOYANT, DARK, HINDSIGHT
from aicmo.evaluation.summary import SPEND_TOLERANCE
from aicmo.report.estimates import Cell
from aicmo.report.evidence import Evidence
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table
from aicmo.report.words import percent, plain

WISHED = 0.0025
"""Half-width of an uplift in ROI that the number of worlds is reckoned for: a quarter of a point."""
BEATEN = 2.0
"""Standard errors beyond the clairvoyant from which a team's lead over it wants an explanation."""
CENT = 1e-9
HOLDS, LOOK, OPEN = "holds", "look", "–"


class Check(NamedTuple):
    """What is asked, what was found, and whether it holds; None where there is nothing to judge."""

    name: str
    found: str
    holds: bool | None


def table(evidence: Evidence) -> Table:
    """Lay out one row a check."""
    headings = (Heading("Found", "over all worlds"), Heading("Verdict", "as it should be"))
    rows = (
        Row(
            item.name,
            "contender",
            (Cell(item.found), Cell({True: HOLDS, False: LOOK, None: OPEN}[item.holds])),
        )
        for item in checks(evidence)
    )
    return Table(headings, tuple(rows))


def checks(evidence: Evidence) -> Iterator[Check]:
    """Yield every check, those of the headline team first."""
    if evidence.headline is not None:
        yield from _precision(evidence, evidence.headline)
        yield _same_spend(evidence, evidence.headline)
    yield _budgets(evidence)
    yield from _guardrails(evidence)
    yield from _references(evidence)


def _precision(evidence: Evidence, team: str) -> Iterator[Check]:
    earned = evidence.dataset["contribution"]
    gain = np.asarray(earned.sel(team=team).values - earned.sel(team=evidence.baseline).values)
    if gain.size < 2:
        yield Check("Monte-Carlo error of the uplift", "one world has none: more --replications", holds=False)
        return
    error = money(standard_error(gain), evidence.currency)
    yield Check("Monte-Carlo error of the uplift", f"{error} (standard error, {gain.size:,} worlds)", None)
    yield Check("Worlds for ± 0.25 points of ROI", _needed(evidence, team), None)
    t = mean_interval(gain, evidence.level)
    bca = bootstrap_interval(np.mean, gain, level=evidence.level, seed=int(evidence.summary["seed"]))
    differ = disagreement(t, bca)
    yield Check("t interval and BCa bootstrap agree", differ or "yes", differ is None)


def _needed(evidence: Evidence, team: str) -> str:
    """Reckon R = (R₀ · (h₀ / h)²): half-widths fall with the root of the number of worlds."""
    points = evidence.teams[team]["uplift"]["roi_points"]
    if points["low"] is None:
        return "undefined: the uplift in ROI has no interval"
    half = (points["high"] - points["low"]) / 2.0
    needed = math.ceil(evidence.replications * (half / WISHED) ** 2)
    return f"{max(needed, 2):,} (now ± {100.0 * half:.2g} points with {evidence.replications:,})"


def _same_spend(evidence: Evidence, team: str) -> Check:
    mine, base = (evidence.teams[name]["spend"]["mean"] for name in (team, evidence.baseline))
    off = mine / base - 1.0 if base else math.inf
    name = "Spend as much as the baseline, within 0.5 %"
    return Check(
        name,
        percent(off, signed=True, digits=2) if base else "the baseline spends nothing",
        abs(off) <= SPEND_TOLERANCE,
    )


def _budgets(evidence: Evidence) -> Check:
    """No team spends more than a period has, in any world."""
    data = evidence.dataset
    over = (data["period_spend"] - data["period_budget"]).max(("replication", "period"))
    worst = str(data["team"].values[int(np.argmax(over.values))])
    most, budget = float(over.max()), float(data["period_budget"].max())
    found = (
        "yes, in every world"
        if most <= CENT * budget
        else f"{plain(worst)}: {money(most, evidence.currency)} over"
    )
    return Check("Every team within every period's budget", found, most <= CENT * budget)


def _guardrails(evidence: Evidence) -> Iterator[Check]:
    for name, title in (
        ("violations", "Guardrails broken"),
        ("waivers", "Guardrails waived where they collided"),
    ):
        told = [
            f"{plain(team)} {metrics[name]:.3g} a world"
            for team, metrics in evidence.teams.items()
            if metrics[name]
        ]
        held = not told if name == "violations" else None
        yield Check(title, ", ".join(told) or "never", held)
    failed = [plain(team) for team, reasons in evidence.rejections.items() if reasons]
    yield Check(
        "Every agent answered as it should", f"not: {', '.join(failed)}" if failed else "yes", not failed
    )


def _references(evidence: Evidence) -> Iterator[Check]:
    objective = evidence.dataset["objective"]
    others = [team for team in evidence.teams if team not in {CLAIRVOYANT, HINDSIGHT, DARK}]
    best = objective.sel(team=CLAIRVOYANT).values
    lead = {team: objective.sel(team=team).values - best for team in others}
    beaten = [team for team, values in lead.items() if _beyond(values)]
    found = f"beaten by {', '.join(plain(team) for team in beaten)}" if beaten else "by nobody"
    yield Check("Clairvoyant beaten beyond 2 standard errors", found, not beaten)
    if HINDSIGHT in evidence.teams:
        best = objective.sel(team=HINDSIGHT).values
        above = [team for team in others if (objective.sel(team=team).values > best * (1.0 + CENT)).any()]
        names = ", ".join(plain(team) for team in above)
        yield Check("Hindsight beaten in any world", f"by {names}" if above else "by nobody", not above)


def _beyond(lead: np.ndarray) -> bool:
    error = standard_error(lead) if lead.size > 1 else 0.0
    return bool(lead.mean() > BEATEN * error and lead.size > 1 and error > 0.0)
