"""Sweeps and claims made of invented numbers, with the shape of real ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import xarray as xr

from aicmo.evaluation.claim import PEOPLE, Claim
from aicmo.evaluation.sweep import Sweep
from aicmo.scenario.vary import spelled
from tests.report.synthetic import invented

BASELINE, *OTHERS = PEOPLE
TEAMS = {BASELINE: 1.0, "ai_cmo": 1.06, **dict.fromkeys(OTHERS, 1.01), "clairvoyant": 1.12, "dark": 0.0}
AXES: Mapping[str, Sequence[Any]] = {
    "measurement.latency": ["1d", "1w", "4w"],
    "market.drift.volatility": [0, 0.2, 0.4, 0.8],
}


def _cells(skills: Sequence[float], scenario: str, attributes: Mapping[str, Any]) -> xr.Dataset:
    """Join comparisons in which the AI is as good as `skills` say."""
    made = [
        invented(8, teams=TEAMS | {"ai_cmo": skill}, scenario=scenario, bare=True).dataset for skill in skills
    ]
    kept = [name for name in made[0].data_vars if made[0][name].dims == ("team", "replication")]
    joined = xr.concat([one[kept] for one in made], "cell")
    return joined.assign_attrs(made[0].attrs | dict(attributes))


def sweep(axes: Mapping[str, Sequence[Any]] = AXES, scenario: str = "retailer") -> Sweep:
    """Make a sweep whose uplift rises from cell to cell, from below nothing to beyond the promise."""
    at = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    skills = [0.9 + 0.3 * n / len(at) for n in range(len(at))]
    about = {"axes": json.dumps(dict(axes)), "cells": json.dumps(at), "created_by": "aicmo sweep"}
    data = _cells(skills, scenario, about)
    return Sweep(data.assign_coords(setting=("cell", [spelled(one) or "as it is" for one in at])))


def claim(scenario: str = "retailer") -> Claim:
    """Make a claim that is kept with more drift, and lost without."""
    variations: list[dict[str, Any]] = [
        {"lever": "drift", "value": value, "at": {}} for value in ("none", "x2", "x4")
    ]
    refused = [{"lever": "budget", "value": "x2", "reason": f"{scenario}: commitments exceed it"}]
    told = {"variations": variations, "refused": refused}
    about = {"axes": json.dumps(told), "cells": "[]", "created_by": "aicmo claim"}
    return Claim(_cells([1.02, 0.9, 1.05, 1.2], scenario, about))
