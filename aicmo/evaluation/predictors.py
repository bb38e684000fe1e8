"""Which traits of a world go with a team being better there, and what another total would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float
from scipy import stats

from aicmo.core.estimate import Estimate
from aicmo.core.intervals import mean_interval, share_better
from aicmo.evaluation.reference import CLAIRVOYANT
from aicmo.evaluation.summary import LEVEL
from aicmo.evaluation.traits import BORN, BUDGET, GAIN, HEADROOM, SIZE, TOTAL

if TYPE_CHECKING:
    import xarray as xr

LEAST_WORLDS = 16
"""Fewer say nothing about any of several traits."""
FEW = f"fewer than {LEAST_WORLDS} worlds say nothing about their traits"
ALIKE = "all worlds are alike in every trait"

Rows = Float[np.ndarray, "R"]


def predictors(data: xr.Dataset, team: str, baseline: str) -> dict[str, Any]:
    """Tell which traits of worlds predict where a team is better than the baseline.

    Returns
    -------
    dict
        `traits`, strongest first: Spearman's rank `correlation` with the uplift in contribution, its `p`
        (Holm 1979, over all traits together), and P(better) in the half of worlds in which the trait is
        `low` and in that in which it is `high`; empty with a `reason` where nothing can be told.
    """
    uplift = (data["contribution"].sel(team=team) - data["contribution"].sel(team=baseline)).values
    if uplift.size < LEAST_WORLDS:
        return {"traits": {}, "reason": FEW}
    known = {name: data["trait_value"].sel(trait=name).values for name in (*BORN, HEADROOM, SIZE)}
    varying = {name: values for name, values in known.items() if np.ptp(values) > 0.0}
    if not varying or np.ptp(uplift) == 0.0:
        return {"traits": {}, "reason": ALIKE if not varying else "the uplift is the same in all worlds"}
    tests = {name: stats.spearmanr(values, uplift) for name, values in varying.items()}
    adjusted = holm({name: float(test.pvalue) for name, test in tests.items()})
    ordered = sorted(tests, key=lambda name: -abs(tests[name].statistic))
    return {
        "traits": {
            name: {"correlation": float(tests[name].statistic), "p": adjusted[name]}
            | _halves(varying[name], uplift)
            for name in ordered
        }
    }


def _halves(values: Rows, uplift: Rows) -> dict[str, Any]:
    """P(better) below and above the median; worlds on it are low."""
    low = values <= np.median(values)
    return {
        "low": share_better(uplift[low], LEVEL).to_json(),
        "high": share_better(uplift[~low], LEVEL).to_json(),
    }


def holm(p: dict[str, float]) -> dict[str, float]:
    """Adjust p-values so that a false finding among all is no likelier than each says (Holm 1979).

    >>> holm({"a": 0.01, "b": 0.04, "c": 0.03})
    {'a': 0.03, 'c': 0.06, 'b': 0.06}
    """
    found, least = {}, 0.0
    for rank, name in enumerate(sorted(p, key=lambda name: p[name])):
        least = max(least, min(1.0, (len(p) - rank) * p[name]))
        found[name] = least
    return found


def size(data: xr.Dataset, baseline: str) -> dict[str, Any]:
    """Set what another total would bring beside what a better split of this one would.

    Returns
    -------
    dict
        `best`, the most profitable budget of an average day of the year, without guardrails, scaled to the
        horizon, `budget`, `gain` of the one over the best split of the other, `over` (share of worlds in
        which the budget is too large), and `allocation`: what the clairvoyant earns more than the baseline.
    """
    value = {name: data["trait_value"].sel(trait=name).values for name in (TOTAL, BUDGET, GAIN)}
    room = Estimate.undefined(LEVEL, "the clairvoyant did not run")
    if CLAIRVOYANT in data["team"].values:
        better = data["contribution"].sel(team=CLAIRVOYANT) - data["contribution"].sel(team=baseline)
        room = mean_interval(better.values, LEVEL)
    return {
        "best": mean_interval(value[TOTAL], LEVEL).to_json(),
        "budget": float(value[BUDGET][0]),
        "gain": mean_interval(value[GAIN], LEVEL).to_json(),
        "over": share_better(value[BUDGET] - value[TOTAL], LEVEL).to_json(),
        "allocation": room.to_json(),
    }
