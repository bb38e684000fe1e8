"""The numbers of a comparison with their intervals: the JSON of `compare`, which every output reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from aicmo.core.estimate import Estimate
from aicmo.core.intervals import bootstrap_interval, mean_interval, share_better
from aicmo.core.ratio import ratio_interval
from aicmo.evaluation.reference import CLAIRVOYANT

if TYPE_CHECKING:
    import xarray as xr

LEVEL = 0.9
LEAST_BASE = 0.05
"""A relative uplift needs a baseline contribution whose lower limit exceeds this share of spend."""
LEAST_HEADROOM = 0.005
"""Headroom closed needs a headroom whose lower limit exceeds this share of spend."""
SPEND_TOLERANCE = 0.005
"""ROI uplift is a headline only where total spend differs by at most this share: underspending buys ROI."""

RETURNS = ("iroas", "roi", "roi_media")
NOTHING_SPENT = Estimate.undefined(LEVEL, "no return on a spend of zero")

Values = dict[str, Float[np.ndarray, "R"]]


def summarise(data: xr.Dataset) -> dict[str, Any]:
    """Return the JSON of `compare` (interfaces.md); undefined numbers are null with a reason."""
    attributes = data.attrs
    head = {
        name: attributes[name]
        for name in ("scenario", "seed", "replications", "baseline", "currency", "over")
    }
    plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in head.items()}
    values = {str(name): _values(data, str(name)) for name in data["team"].values}
    base, best = values[plain["baseline"]], values[CLAIRVOYANT]
    teams = {name: _team(own, base, best, attributes["seed"]) for name, own in values.items()}
    return {"schema_version": int(attributes["schema_version"]), **plain, "teams": teams}


def _values(data: xr.Dataset, team: str) -> Values:
    one = data.sel(team=team)
    return {str(name): one[name].values for name in one.data_vars if one[name].dims == ("replication",)}


def _team(own: Values, base: Values, best: Values, seed: int) -> dict[str, Any]:
    money = {
        name: mean_interval(own[name], LEVEL)
        for name in ("spend", "incremental_gross_profit", "contribution", "terminal_value")
    }
    ratios = _returns(own) if own["spend"].any() else dict.fromkeys(RETURNS, NOTHING_SPENT)
    counts = {
        name: float(own[name].mean()) for name in ("turnover", "interventions", "waivers", "violations")
    }
    return {
        **{name: value.to_json() for name, value in {**money, **ratios}.items()},
        "uplift": _uplift(own, base, seed),
        "headroom_closed": _headroom(own, base, best).to_json(),
        **counts,
    }


def _returns(own: Values) -> dict[str, Estimate]:
    """Ratios of sums over worlds, by Fieller."""
    profit, spend, costs = own["incremental_gross_profit"], own["spend"], own["costs"]
    parts = {
        "iroas": (own["incremental_revenue"], spend),
        "roi": (profit - spend - costs, spend + costs),
        "roi_media": (profit - spend, spend),
    }
    return {name: ratio_interval(*parts[name], LEVEL, name="spend") for name in RETURNS}


def _uplift(own: Values, base: Values, seed: int) -> dict[str, Any]:
    gain = own["contribution"] - base["contribution"]
    least = LEAST_BASE * float(base["spend"].mean())
    name = "the baseline's contribution"
    relative = ratio_interval(gain, base["contribution"], LEVEL, least=least, name=name)
    points, ratio = _roi_uplift(own, base, seed)
    if relative.mean is None and ratio.mean is not None:
        ratio = Estimate.undefined(LEVEL, relative.reason or name)
    return {
        "contribution": mean_interval(gain, LEVEL).to_json(),
        "contribution_relative": relative.to_json(),
        "roi_points": points.to_json(),
        "roi_relative": ratio.to_json(),
        "p_better": share_better(gain, LEVEL).to_json(),
    }


def _roi(contribution: np.ndarray, outlay: np.ndarray, axis: int) -> np.ndarray:
    """Ratio of sums over worlds."""
    return np.asarray(contribution.sum(axis=axis) / outlay.sum(axis=axis))


def _roi_uplift(own: Values, base: Values, seed: int) -> tuple[Estimate, Estimate]:
    """Difference and ratio − 1 of two ROIs, each a ratio of sums, with paired BCa intervals."""
    mine, theirs = own["spend"] + own["costs"], base["spend"] + base["costs"]
    if not mine.sum() > 0 or not theirs.sum() > 0:
        return NOTHING_SPENT, NOTHING_SPENT
    samples = (own["contribution"], mine, base["contribution"], theirs)

    def points(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, axis: int = -1) -> np.ndarray:
        return np.asarray(_roi(a, b, axis) - _roi(c, d, axis))

    def relative(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, axis: int = -1) -> np.ndarray:
        return np.asarray(_roi(a, b, axis) / _roi(c, d, axis) - 1.0)

    return (
        bootstrap_interval(points, *samples, level=LEVEL, seed=seed),
        bootstrap_interval(relative, *samples, level=LEVEL, seed=seed),
    )


def _headroom(own: Values, base: Values, best: Values) -> Estimate:
    """Share of the way in contribution from the baseline to the clairvoyant, by Fieller."""
    room = best["contribution"] - base["contribution"]
    closed = own["contribution"] - base["contribution"]
    least = LEAST_HEADROOM * float(base["spend"].mean())
    return ratio_interval(closed, room, LEVEL, least=least, name="the headroom (clairvoyant − baseline)")
