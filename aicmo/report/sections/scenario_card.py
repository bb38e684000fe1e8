"""What was simulated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import xarray as xr

from aicmo.report import provenance
from aicmo.report.blocks import Facts, Section
from aicmo.report.evidence import Evidence
from aicmo.report.money import money
from aicmo.report.words import count, listed, plain


def section(evidence: Evidence) -> Section:
    """List horizon, money, channels, seeds, versions and hashes, with the file itself folded away."""
    attributes = evidence.dataset.attrs
    told = (
        ("Scenario", plain(str(attributes["scenario"]))),
        ("Horizon", _horizon(evidence)),
        ("Currency", str(evidence.currency)),
        ("Budget", _budget(evidence)),
        ("Spend of the baseline", _spend(evidence)),
        ("Guardrails", _guardrails(evidence)),
        ("Objective", _objective(float(attributes["long_term_weight"]))),
        ("Channels", listed([plain(str(name)) for name in evidence.dataset["channel"].values])),
        ("Baseline", plain(evidence.baseline)),
        ("Replications", evidence.worlds),
        *provenance.facts(attributes),
    )
    return Section("scenario", "Scenario", (Facts(told), provenance.scenario_file(attributes)))


def _horizon(evidence: Evidence) -> str:
    weeks = evidence.dataset.sizes["week"]
    last = evidence.start + timedelta(weeks=weeks, days=-1)
    return f"{_day(evidence.start)} to {_day(last)}, {count(weeks, 'week')}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _spend(evidence: Evidence) -> str:
    return _by_period(
        evidence.dataset["period_spend"].sel(team=evidence.baseline).mean("replication"), evidence
    )


def _budget(evidence: Evidence) -> str:
    return _by_period(evidence.dataset["period_budget"], evidence)


def _by_period(amounts: xr.DataArray, evidence: Evidence) -> str:
    told = [
        f"{plain(str(name))} {money(float(value), evidence.currency)}"
        for name, value in zip(amounts["period"].values, amounts.values, strict=True)
    ]
    return f"{money(float(amounts.sum()), evidence.currency)} in total: {', '.join(told)}"


def _guardrails(evidence: Evidence) -> str:
    """Name every guardrail, with those of its settings that are plain numbers or words."""
    told = [
        f"{item['kind']} ({', '.join(said)})" if (said := _settings(item)) else str(item["kind"])
        for item in json.loads(str(evidence.dataset.attrs["guardrails"]))
    ]
    return plain("; ".join(told)) or "none"


def _settings(guardrail: Mapping[str, Any]) -> list[str]:
    return [
        f"{name.replace('_', ' ')} {value}"
        for name, value in guardrail.items()
        if name != "kind" and isinstance(value, int | float | str) and value not in {"", False}
    ]


def _objective(weight: float) -> str:
    later = f" + {weight:g} × terminal value" if weight else ""
    return f"incremental gross profit{later} - spend - costs"
