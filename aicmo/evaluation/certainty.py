"""How sure the uplifts are: a second kind of interval for each, and intervals that hold for all together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from aicmo.core.intervals import bootstrap_interval, disagreement, mean_interval
from aicmo.core.simultaneous import simultaneous_intervals
from aicmo.evaluation.reference import REFERENCES
from aicmo.evaluation.summary import LEVEL

if TYPE_CHECKING:
    import xarray as xr


def challengers(data: xr.Dataset) -> list[str]:
    """Name the teams that are measured against the baseline, references left out."""
    aside = (*REFERENCES, str(data.attrs["baseline"]))
    return [str(name) for name in data["team"].values if name not in aside]


def certainty(data: xr.Dataset) -> dict[str, Any]:
    """Return what else can be said about the uplift in contribution of every team that is no reference.

    Returns
    -------
    dict
        `uplift`: for each team `t` (as in the summary) and `bca`, two intervals of the same mean that need
        different things of the worlds, `disagreement` (what they do not agree on, or null), and `together`:
        the interval that holds for all teams at once (max-t bootstrap). `precision`: how a sequential
        comparison ended, or null.
    """
    baseline, seed, teams = str(data.attrs["baseline"]), int(data.attrs["seed"]), challengers(data)
    earned = data["contribution"].transpose("replication", "team")
    gains = earned.sel(team=teams).values - earned.sel(team=[baseline]).values
    together = simultaneous_intervals(gains, LEVEL, seed=seed) if teams else []
    found = {}
    for number, team in enumerate(teams):
        t = mean_interval(gains[:, number], LEVEL)
        bca = bootstrap_interval(np.mean, gains[:, number], level=LEVEL, seed=seed)
        found[team] = {
            "t": t.to_json(),
            "bca": bca.to_json(),
            "disagreement": disagreement(t, bca),
            "together": together[number].to_json(),
        }
    return {"uplift": found, "precision": json.loads(data.attrs.get("precision", "null"))}
