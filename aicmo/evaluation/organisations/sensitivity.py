"""Which assumptions decide the ranking: each halved and doubled in every model, on the same worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aicmo.core.intervals import mean_interval
from aicmo.evaluation.organisations.differences import LEVEL, ranking

if TYPE_CHECKING:
    import xarray as xr


def sensitivity(data: xr.Dataset, leader: str) -> list[dict[str, Any]] | None:
    """Return each assumption with what it does, the most telling first; None where it was not asked.

    Returns
    -------
    list of dict
        `assumption`, `factor`, the `first` of the ranking, whether that `turns` it (somebody else than
        `leader` leads) and `surely` (the lead over `leader` excludes 0), `lead`, an M: what the leader earns
        more than the best other, below 0 where it turns, and `moved`, how far that lead moved [currency].
    """
    if "assumption_contribution" not in data:
        return None
    earned, base = data["assumption_contribution"], data["contribution"]
    owners = [str(name) for name in earned["owner"].values]
    if len(owners) < 2:
        return None
    usual = _lead(np.stack([base.sel(team=name).values for name in owners]), owners, leader)
    rows = []
    for name in earned["assumption"].values:
        for factor in earned["factor"].values:
            values = earned.sel(assumption=name, factor=factor).values
            lead, first = _lead(values, owners, leader), ranking(values, owners)[0]
            estimate = mean_interval(lead, LEVEL)
            rows.append(
                {
                    "assumption": str(name),
                    "factor": str(factor),
                    "first": first,
                    "turns": first != leader,
                    "surely": first != leader and estimate.high is not None and estimate.high < 0.0,
                    "lead": estimate.to_json(),
                    "moved": float(lead.mean() - usual.mean()),
                }
            )
    return sorted(
        rows, key=lambda row: (not row["turns"], -abs(row["moved"]), row["assumption"], row["factor"])
    )


def _lead(values: np.ndarray, owners: list[str], leader: str) -> np.ndarray:
    """Return what the leader earns more than the best other, world by world."""
    own = owners.index(leader)
    others = [number for number in range(len(owners)) if number != own]
    best = others[int(np.argmax(values[others].mean(axis=1)))]
    return np.asarray(values[own] - values[best])
