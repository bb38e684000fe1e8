"""The JSON of `organisations`: models, differences, decomposition, assumptions, gaps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from aicmo.core.intervals import mean_interval, share_better
from aicmo.core.ratio import ratio_interval
from aicmo.evaluation.organisations.audit import audit
from aicmo.evaluation.organisations.differences import LEVEL, differences, ranking
from aicmo.evaluation.organisations.programme import capabilities, case, returns
from aicmo.evaluation.organisations.scores import scorecard
from aicmo.evaluation.organisations.sensitivity import sensitivity

if TYPE_CHECKING:
    import xarray as xr

SCHEMA_VERSION = 1
MONEY = ("contribution", "incremental_gross_profit", "spend", "costs", "terminal_value")


def summarise(data: xr.Dataset) -> dict[str, Any]:
    """Return everything that outputs read; undefined numbers are null with a reason."""
    attributes = data.attrs
    plain = {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in ((key, attributes[key]) for key in HEAD)
    }
    names = [str(name) for name in data["team"].values]
    ranked = ranking(data["contribution"].values, names)
    owners = json.loads(attributes["owners"])
    # what was played beside is about the best model of this very team
    leader = str(attributes.get("leader") or next(name for name in ranked if name in owners))
    return {
        "schema_version": SCHEMA_VERSION,
        **plain,
        "replications": data.sizes["replication"],
        "leader": leader,
        "ranking": list(ranked),
        "models": {name: _model(data, name, plain["baseline"], owners) for name in ranked},
        "differences": [item.to_json() for item in differences(data, int(plain["seed"]))],
        "decomposition": _decomposition(data),
        "assumptions": sensitivity(data, leader),
        "gaps": audit(data),
    }


HEAD = ("scenario", "team", "baseline", "seed", "currency", "over", "start")


def _model(data: xr.Dataset, name: str, baseline: str, owners: dict[str, Any]) -> dict[str, Any]:
    one = data.sel(team=name)
    gain = one["contribution"].values - data["contribution"].sel(team=baseline).values
    outlay = one["spend"].values + one["costs"].values
    found = capabilities(data, name) if name in owners else {}
    return {
        "description": owners.get(name, {}).get("description", ""),
        **{kind: mean_interval(one[kind].values, LEVEL).to_json() for kind in MONEY},
        "uplift": mean_interval(gain, LEVEL).to_json(),
        "p_better": share_better(gain, LEVEL).to_json(),
        "roi": ratio_interval(one["contribution"].values, outlay, LEVEL, name="spend").to_json(),
        "roi_by_quarter": returns(one),
        "capabilities": {key: item.live | {"gates": item.phases} for key, item in found.items()},
        "scorecard": scorecard(data, name, baseline, found),
        "case": case(data, name, baseline) if name in owners else None,
    }


def _decomposition(data: xr.Dataset) -> dict[str, Any] | None:
    if "step_contribution" not in data:
        return None
    less, more = json.loads(data.attrs["between"])
    steps = data["step_contribution"]
    whole = data["contribution"].sel(team=more).values - data["contribution"].sel(team=less).values
    return {
        "less": less,
        "more": more,
        "difference": mean_interval(whole, LEVEL).to_json(),
        "steps": {
            str(name): mean_interval(steps.sel(step=name).values, LEVEL).to_json()
            for name in steps["step"].values
        },
    }
