"""The programme of one model as people plan it: capabilities over time, the case, the first 90 days."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from aicmo.core.estimate import Estimate
from aicmo.core.intervals import mean_interval
from aicmo.core.ratio import ratio_interval
from aicmo.evaluation.organisations.lived import QUARTER_WEEKS

if TYPE_CHECKING:
    import xarray as xr

LEVEL = 0.9
FIRST_DAYS = 90.0
YEAR_WEEKS = 52.0
NOTHING = Estimate.undefined(LEVEL, "nothing is spent on an organisation")
Rows = Float[np.ndarray, "R"]


@dataclass(frozen=True)
class Capability:
    """One capability of one model's road map, over worlds.

    Attributes
    ----------
    asked, began, done : (G, R) [week]
        Stage gates.
    use : (W, R) [1]
    brings : frozenset of str
        Conditions that it changes.
    """

    gates: tuple[str, ...]
    asked: Float[np.ndarray, "G R"]
    began: Float[np.ndarray, "G R"]
    done: Float[np.ndarray, "G R"]
    use: Float[np.ndarray, "W R"]
    brings: frozenset[str]

    def at(self, gate: str, *, asked: bool = False) -> Rows:
        """Week in which a gate was passed, or asked for; NaN where it was not."""
        values: Rows = (self.asked if asked else self.done)[self.gates.index(gate)]
        return values

    @cached_property
    def live(self) -> dict[str, Any]:
        """Median week of going live, the share of worlds in which it does, and use at the end."""
        return timing(self.at("live")) | {"use_at_end": float(self.use[-1].mean())}

    @property
    def said(self) -> str:
        """The same in words."""
        live = self.live
        if live["median_week"] is None:
            return (
                f"live in {live['share']:.0%} of worlds by the end"
                if live["share"]
                else "not live by the end"
            )
        where = "" if live["share"] == 1.0 else f", in {live['share']:.0%} of worlds by the end"
        return f"live in week {live['median_week']:.0f}{where}, {live['use_at_end']:.0%} used at the end"

    @property
    def phases(self) -> dict[str, dict[str, float | None]]:
        """When each gate is asked for, begins and ends in the median world [week], None where it does not."""
        times = {"asked": self.asked, "began": self.began, "done": self.done}
        return {
            gate: {name: timing(values[g])["median_week"] for name, values in times.items()}
            for g, gate in enumerate(self.gates)
            if not np.isnan(self.asked[g]).all()
        }


def timing(weeks: Rows) -> dict[str, Any]:
    """Return when something happens in the median world, and in which share of worlds it does.

    What has not happened by the end happens later: the median is None where half of the worlds get there or
    fewer.
    """
    median = float(np.median(np.where(np.isnan(weeks), np.inf, weeks)))
    return {
        "median_week": median if np.isfinite(median) else None,
        "share": float(np.mean(~np.isnan(weeks))),
    }


def capabilities(data: xr.Dataset, model: str) -> dict[str, Capability]:
    """Return the road map of one model, in its order."""
    one, about = data.sel(team=model), json.loads(data.attrs["owners"])[model]
    gates = tuple(str(gate) for gate in data["gate"].values)
    return {
        name: Capability(
            gates,
            one["gate_asked"].sel(capability=name).values,
            one["gate_began"].sel(capability=name).values,
            one["gate_done"].sel(capability=name).values,
            one["use"].sel(capability=name).values,
            frozenset(brought),
        )
        for name, brought in about["brings"].items()
    }


def quarters(weekly: Float[np.ndarray, "R W"]) -> Float[np.ndarray, "Q R"]:
    """Sum weeks by quarter of 13, the last one with what is left."""
    starts = np.arange(0, weekly.shape[1], QUARTER_WEEKS)
    return np.asarray(np.add.reduceat(weekly, starts, axis=1)).T


def returns(one: xr.Dataset) -> list[dict[str, Any]]:
    """Return ROI by quarter, after all costs; each a ratio of sums over worlds by Fieller."""
    profit, spend, costs = (
        quarters(one[f"weekly_{name}"].transpose("replication", "week").values)
        for name in ("incremental_gross_profit", "spend", "costs")
    )
    return [
        ratio_interval(p - s - c, s + c, LEVEL, name="spend").to_json()
        if (s + c).any()
        else NOTHING.to_json()
        for p, s, c in zip(profit, spend, costs, strict=True)
    ]


def lead(data: xr.Dataset, model: str, baseline: str) -> Float[np.ndarray, "R W"]:
    """Cumulative contribution over the baseline's, week by week [currency]."""

    def contribution(name: str) -> Float[np.ndarray, "R W"]:
        one = data.sel(team=name).transpose("replication", "week", ...)
        weekly = one["weekly_incremental_gross_profit"] - one["weekly_spend"] - one["weekly_costs"]
        return np.asarray(weekly.values)

    return np.cumsum(contribution(model) - contribution(baseline), axis=1)


def case(data: xr.Dataset, model: str, baseline: str) -> dict[str, Any]:
    """Return the business case: what the organisation costs, what it brings, when it pays."""
    one = data.sel(team=model)
    spent = one["weekly_expense"].transpose("expense", "replication", "week").values
    kinds = [str(kind) for kind in data["expense"].values]
    ahead = lead(data, model, baseline)
    total = spent.sum(axis=(0, 2))
    brought = ahead[:, -1] + total
    return {
        "investment": {kind: _m(spent[k].sum(axis=1)) for k, kind in enumerate(kinds)} | {"total": _m(total)},
        "investment_by_quarter": {
            kind: quarters(spent[k]).mean(axis=1).tolist() for k, kind in enumerate(kinds)
        },
        "brought": _m(brought),
        "net": _m(ahead[:, -1]),
        "return": ratio_interval(ahead[:, -1], total, LEVEL, name="the investment").to_json()
        if total.any()
        else NOTHING.to_json(),
        "payback": payback(ahead),
        "lowest": float(ahead.mean(axis=0).min()),
        "first_90_days": first_days(capabilities(data, model)),
        "road_map": {
            name: item.live | {"within_a_year": float(np.mean(item.at("live") <= YEAR_WEEKS))}
            for name, item in capabilities(data, model).items()
        },
    }


def payback(ahead: Float[np.ndarray, "R W"]) -> dict[str, Any]:
    """Return the week from which the mean lead over the baseline stays at or above 0."""
    behind = np.flatnonzero(ahead.mean(axis=0) < 0)
    week = int(behind[-1]) + 1 if behind.size else 0
    if week == ahead.shape[1]:
        return {"week": None, "reason": "the lead over the manual baseline is not made up within the horizon"}
    return {"week": week}


def first_days(found: Mapping[str, Capability]) -> list[dict[str, Any]]:
    """Return the 90-day plan: case, structure, first value, each when it happens in the run."""
    if not found:
        return []
    wanted = [item.at("integration", asked=True) for item in found.values()]
    steps = (
        ("case", "a purpose is defined and agreed", [item.at("define") for item in found.values()]),
        ("structure", "users are named", [item.at("users") for item in found.values()]),
        ("structure", "a first test begins", [item.at("test", asked=True) for item in found.values()]),
        ("structure", "a first integration is asked for", wanted),
        ("first value", "a first capability is live", [item.at("live") for item in found.values()]),
        ("first value", "and somebody works with it", [first_use(item.use) for item in found.values()]),
    )  # fmt: skip
    return [_step(phase, what, np.fmin.reduce(weeks, axis=0)) for phase, what, weeks in steps]


def first_use(use: Float[np.ndarray, "W R"]) -> Rows:
    """Week in which somebody first works with a capability; NaN where nobody does."""
    used = use > 0.0
    return np.where(used.any(axis=0), used.argmax(axis=0).astype(float), np.nan)


def _step(phase: str, what: str, weeks: Rows) -> dict[str, Any]:
    within = float(np.mean(weeks * 7.0 <= FIRST_DAYS))
    median = timing(weeks)["median_week"]
    day = None if median is None else 7.0 * median
    return {"phase": phase, "what": what, "median_day": day, "within_90_days": within}


def _m(values: Rows) -> dict[str, Any]:
    return mean_interval(values, LEVEL).to_json()
