"""What people ask beside the comparison: customers, the long term, bad worlds, the plan, the course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from aicmo.core.estimate import Estimate
from aicmo.core.intervals import lower_tail, mean_interval, share_better
from aicmo.core.ratio import ratio_interval
from aicmo.evaluation.certainty import certainty, challengers
from aicmo.evaluation.course import course
from aicmo.evaluation.metrics import SHELF, Metric, reason
from aicmo.evaluation.predictors import predictors, size
from aicmo.evaluation.promise import promise
from aicmo.evaluation.summary import LEVEL, NOTHING_SPENT
from aicmo.evaluation.waterfall import waterfall

if TYPE_CHECKING:
    import xarray as xr

SCHEMA_VERSION = 1
TAIL = 0.1
"""Share of worlds in the lower tail, for CVaR10."""


def further(data: xr.Dataset) -> dict[str, Any]:
    """Return what stands beside the JSON of `compare`; undefined numbers are null with a reason.

    Returns
    -------
    dict
        `long_term_weight` (leadership's w), and for every team its `metrics` (each an M with `unit`,
        `direction` and `meaning`), `tail`, `p_plan`, `roi_by_period`, `course`
        and `promise`;
        what `certainty` says, what another `size` of the budget would bring, which traits of worlds `decides`
        where each team is better; `waterfall` where it was asked for.
    """
    baseline = str(data.attrs["baseline"])
    plan = float(data["contribution"].sel(team=baseline).mean())
    steps = waterfall(data)
    return {
        "schema_version": SCHEMA_VERSION,
        "baseline": baseline,
        "currency": str(data.attrs["currency"]),
        "long_term_weight": float(data.attrs["long_term_weight"]),
        "teams": {str(name): _team(data, str(name), baseline, plan) for name in data["team"].values},
        **certainty(data),
        "size": size(data, baseline),
        "decides": {team: predictors(data, team, baseline) for team in challengers(data)},
        **({} if steps is None else {"waterfall": steps}),
    }


def _team(data: xr.Dataset, team: str, baseline: str, plan: float) -> dict[str, Any]:
    own, base = data.sel(team=team), data.sel(team=baseline)
    earned = own["contribution"].values
    seed = int(data.attrs["seed"])
    return {
        "metrics": {metric.kind: _metric(metric, own[metric.kind].values) for metric in SHELF},
        "tail": {
            "contribution": _tail(earned, own["replication"].values, seed),
            "uplift": _tail(earned - base["contribution"].values, own["replication"].values, seed),
        },
        "p_plan": share_better(earned - plan, LEVEL).to_json() | {"plan": plan},
        "roi_by_period": {str(name): _roi(own.sel(period=name)) for name in data["period"].values},
        "course": course(data, team, baseline),
        "promise": promise(data, team),
    }


def _metric(metric: type[Metric], values: Float[np.ndarray, "R"]) -> dict[str, Any]:
    about = {"unit": metric.unit, "direction": metric.direction, "meaning": metric.meaning}
    missing = int(np.isnan(values).sum())
    if not missing:
        return about | mean_interval(values, LEVEL).to_json()
    where = "" if missing == values.size else f" (in {missing} of {values.size} worlds)"
    return about | Estimate.undefined(LEVEL, f"{reason(metric)}{where}").to_json()


def _tail(values: Float[np.ndarray, "R"], worlds: np.ndarray, seed: int) -> dict[str, Any]:
    """Mean of the worst tenth of worlds, and the worst of them."""
    worst = int(np.argmin(values))
    return {
        "cvar10": lower_tail(values, TAIL, LEVEL, seed).to_json(),
        "worst": {"value": float(values[worst]), "replication": int(worlds[worst])},
    }


def _roi(period: xr.Dataset) -> dict[str, Any]:
    """Return on media of one budget period: what was sold in it over what was spent in it."""
    spend = period["period_spend"].values
    if not spend.any():
        return NOTHING_SPENT.to_json()
    gain = period["period_incremental_gross_profit"].values - spend
    return ratio_interval(gain, spend, LEVEL, name="spend").to_json()
