"""Promised against delivered: what a team expected of its budgets, and what they brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aicmo.core.estimate import Estimate
from aicmo.core.intervals import mean_interval
from aicmo.core.ratio import ratio_interval
from aicmo.evaluation.metrics.promised_profit import PromisedProfit
from aicmo.evaluation.summary import LEVEL

if TYPE_CHECKING:
    import xarray as xr


def promise(data: xr.Dataset, team: str) -> dict[str, Any]:
    """Set what a team promised beside what it delivered, over the same decisions of the same worlds.

    Whoever takes the plan that looks best takes one that looks better than it is: the optimiser's curse
    (Smith & Winkler 2006). It shows in levels, since no team knows the baseline's plan to promise more than.

    Returns
    -------
    dict
        `shortfall`, promised − delivered gross profit [currency], and `relative` to what was delivered; each
        an M, undefined where the team states no expectation.
    """
    own = data.sel(team=team)
    promised, delivered = own["promised_profit"].values, own["delivered_profit"].values
    if np.isnan(promised).any():
        nothing = Estimate.undefined(LEVEL, PromisedProfit.undefined).to_json()
        return dict.fromkeys(("shortfall", "relative"), nothing)
    shortfall = promised - delivered
    return {
        "shortfall": mean_interval(shortfall, LEVEL).to_json(),
        "relative": ratio_interval(shortfall, delivered, LEVEL, name="delivered profit").to_json(),
    }
