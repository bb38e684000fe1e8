"""The audit of gaps: what closing each would be worth and cost, and what waiting for it costs, best first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from aicmo.core.intervals import mean_interval
from aicmo.evaluation.organisations.differences import LEVEL

if TYPE_CHECKING:
    import xarray as xr


def audit(data: xr.Dataset) -> list[dict[str, Any]]:
    """Return the gaps of the leading model, what to fix first at the top.

    Returns
    -------
    list of dict
        `gap`, `closed` (what closing it means), M's [currency] of `worth` (closed on the first day against
        never, or against as it is where no programme is about it), `brought` (what the programme makes of
        that) and `waiting` (what is lost until then: the value of speed), and `cost`, null with a `reason`
        where the model knows no price.
    """
    if "gap_closed" not in data:
        return []
    prices = json.loads(data.attrs["gaps"])
    as_it_is = data["leader_earned"].values
    rows = []
    for name in data["gap"].values:
        closed, never = (data[f"gap_{kind}"].sel(gap=name).values for kind in ("closed", "never"))
        planned = not np.isnan(never).any()
        before = never if planned else as_it_is
        rows.append(
            {
                "gap": str(name),
                **prices[str(name)],
                "planned": planned,
                "worth": _m(closed - before),
                "brought": _m(as_it_is - before),
                "waiting": _m(closed - as_it_is),
            }
        )
    return sorted(rows, key=lambda row: (-_net(row), row["gap"]))


def _net(row: dict[str, Any]) -> float:
    """Return what is left of the value still to be had once closing is paid [currency]."""
    paid = 0.0 if row["planned"] or row["cost"] is None else float(row["cost"])
    return float(row["waiting"]["mean"]) - paid


def _m(values: np.ndarray) -> dict[str, Any]:
    return mean_interval(values, LEVEL).to_json()
