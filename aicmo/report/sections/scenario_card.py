"""What was simulated."""

from __future__ import annotations

from datetime import date, timedelta

from aicmo.report.blocks import Code, Facts, Section
from aicmo.report.evidence import Evidence
from aicmo.report.money import money
from aicmo.report.words import count, listed, plain, plain_lines


def section(evidence: Evidence) -> Section:
    """List horizon, money, channels, seeds, versions and hashes, with the file itself folded away."""
    attributes = evidence.dataset.attrs
    facts = (
        ("Scenario", plain(str(attributes["scenario"]))),
        ("Horizon", _horizon(evidence)),
        ("Spend of the baseline", _spend(evidence)),
        ("Channels", listed([plain(str(name)) for name in evidence.dataset["channel"].values])),
        ("Baseline", plain(evidence.baseline)),
        ("Replications", evidence.worlds),
        ("Seed", str(attributes["seed"])),
        ("aicmo version", str(attributes["version"])),
        ("Scenario SHA-256, first 16 digits", str(attributes["scenario_hash"])[:16]),
    )
    return Section(
        "scenario",
        "Scenario",
        (Facts(facts), Code(plain_lines(str(attributes["scenario_text"])), summary="The scenario file")),
    )


def _horizon(evidence: Evidence) -> str:
    weeks = evidence.dataset.sizes["week"]
    last = evidence.start + timedelta(weeks=weeks, days=-1)
    return f"{_day(evidence.start)} to {_day(last)}, {count(weeks, 'week')}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _spend(evidence: Evidence) -> str:
    spend = evidence.dataset["period_spend"].sel(team=evidence.baseline).mean("replication")
    amounts = [
        f"{plain(str(name))} {money(float(value), evidence.currency)}"
        for name, value in zip(spend["period"].values, spend.values, strict=True)
    ]
    return f"{money(float(spend.sum()), evidence.currency)} in total: {', '.join(amounts)}"
