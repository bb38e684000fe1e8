"""The course of a team's lead over the baseline: how deep learning dips, and when it has paid back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from aicmo.core.intervals import mean_interval
from aicmo.evaluation.reference import DARK
from aicmo.evaluation.summary import LEVEL

if TYPE_CHECKING:
    import xarray as xr

NEVER = "the lead is never made up for good within the horizon"


def course(data: xr.Dataset, team: str, baseline: str) -> dict[str, Any]:
    """Return the cumulative contribution over the baseline's, week by week.

    Returns
    -------
    dict
        `cumulative_uplift`, means by week [currency]; `dip`, the deepest of them with its interval, 0 where
        the team is never behind, and its `dip_week`, counted from 1; `break_even`, the first day from which
        the mean stays at or above 0, null with a reason where there is none.
    """
    lead = contribution(data, team) - contribution(data, baseline)
    mean = lead.mean(axis=0)
    deepest = int(np.argmin(mean))
    behind = mean[deepest] < 0
    dip = mean_interval(lead[:, deepest] if behind else np.zeros(len(lead)), LEVEL)
    return {
        "cumulative_uplift": mean.tolist(),
        "dip": dip.to_json(),
        "dip_week": deepest + 1 if behind else None,
        **_break_even(mean, date.fromisoformat(str(data.attrs["start"]))),
    }


def contribution(data: xr.Dataset, team: str) -> Float[np.ndarray, "R W"]:
    """Cumulative contribution by week [currency]; costs are spread evenly, so the last is the total."""
    own = data.sel(team=team)
    profit = (own["weekly_gross_profit"] - data["weekly_gross_profit"].sel(team=DARK)).values
    spend = own["weekly_spend"].sum("channel").values
    costs = own["costs"].values[:, None] / profit.shape[1]
    return np.cumsum(profit - spend - costs, axis=1)


def _break_even(mean: Float[np.ndarray, "W"], start: date) -> dict[str, str | None]:
    behind = np.flatnonzero(mean < 0)
    week = int(behind[-1]) + 1 if behind.size else 0
    if week == mean.size:
        return {"break_even": None, "reason": NEVER}
    return {"break_even": (start + timedelta(weeks=week + 1)).isoformat()}
