"""A plan as files: JSON with every number, and the change table as CSV, both exact to the minor unit."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from aicmo.report import prices
from aicmo.report.plan import Reallocation


def as_json(change: Reallocation) -> str:
    """Write the plan as JSON; what is undefined or infinite is null."""
    return json.dumps(document(change), indent=2, ensure_ascii=False, allow_nan=False)


def document(change: Reallocation) -> dict[str, Any]:
    """Return the plan as plain data."""
    allocation, goal = change.allocation, change.plan.goal
    return {
        "schema_version": 1,
        "curves": change.given.source,
        "currency": change.currency,
        "objective": {
            "kind": goal.kind,
            "amount": None if goal.kind == "response" else goal.amount,
        },
        "budget": _number(change.budget),
        "spend": _number(change.plan.total),
        "response": _number(float(allocation.response)),
        "price": _number(float(allocation.price)),
        "current": _current(change),
        "unallocated": {
            "amount": _number(float(allocation.unallocated)) if math.isfinite(change.budget) else 0.0,
            "reason": prices.reason(change),
        },
        "certificate": {"gap": change.plan.gap, "of": change.plan.achieved, "proven": prices.proven(change)},
        "campaigns": [_campaign(change, c) for c in range(len(change.campaigns))],
        "groups": [_group(change, g) for g in range(len(allocation.groups))],
    }


def write_csv(change: Reallocation, path: Path) -> None:
    """Write the change table with exact amounts."""
    rows = [_flat(_campaign(change, c)) for c in range(len(change.campaigns))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _current(change: Reallocation) -> dict[str, Any] | None:
    if change.current is None or change.response[0] is None:
        return None
    return {"spend": _number(change.current.sum()), "response": _number(change.response[0].sum())}


def _campaign(change: Reallocation, c: int) -> dict[str, Any]:
    spend, current, total = change.spend, change.current, change.plan.total
    before = current[c] if current is not None else math.nan
    shared = before / change.current_total if change.current_total else math.nan
    response, marginal = change.response, change.mroas
    return {
        "campaign": change.given.campaigns[c],
        "current": _number(before),
        "new": _number(spend[c]),
        "change": _number(spend[c] - before),
        "change_relative": _number(spend[c] / before - 1.0 if before else math.nan),
        "share_current": _number(shared),
        "share_new": _number(spend[c] / total if total else math.nan),
        "response_current": _number(response[0][c] if response[0] is not None else math.nan),
        "response_new": _number(response[1][c]),
        "mroas_current": _number(marginal[0][c] if marginal[0] is not None else math.nan),
        "mroas_new": _number(marginal[1][c]),
        "lower": _number(change.allocation.lower[c]),
        "upper": _number(change.allocation.upper[c]),
        "bound_price": _number(change.bound_price[c]),
        "binding": change.binding(c),
    }


def _flat(campaign: dict[str, Any]) -> dict[str, Any]:
    return campaign | {"binding": "; ".join(campaign["binding"])}


def _group(change: Reallocation, g: int) -> dict[str, Any]:
    group = change.allocation.groups[g]
    members = np.asarray(group.members, dtype=np.int64)
    return {
        "group": group.name,
        "campaigns": [change.given.campaigns[c] for c in members],
        "minimum": _number(float(np.max(group.lower))),
        "maximum": _number(float(np.max(group.upper))),
        "spend": _number(float(change.spend[members].sum())),
        "price": _number(float(change.group_price[g])),
    }


def _number(value: float) -> float | None:
    """Return a plain number rounded past any minor unit, None where there is none."""
    return round(float(value), 9) if math.isfinite(value) else None
