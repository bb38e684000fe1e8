"""Returns by channel with their intervals, and which channel's claim is farthest from the truth."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from aicmo.core.estimate import Estimate
from aicmo.core.intervals import bootstrap_interval, mean_interval
from aicmo.core.ratio import ratio_interval
from aicmo.evaluation.finding import scope

if TYPE_CHECKING:
    import xarray as xr

LEVEL = 0.9
ALL = "all channels"
UNSPENT = Estimate.undefined(LEVEL, "no return on a spend of zero")
VARIES = "varies so much from world to world that Fieller gives no limits"
FULL = Estimate.undefined(LEVEL, "the media cannot deliver more: 1 % more planned money adds no spend")

Values = dict[str, Float[np.ndarray, "K R"]]


def summarise(data: xr.Dataset) -> dict[str, Any]:
    """Return the JSON of `truth`: every window with its channels, their total, and the interaction."""
    head = ("schema_version", "scenario", "team", "seed", "replications", "currency", "over")
    plain = {name: _plain(data.attrs[name]) for name in head}
    names = [str(name) for name in data["channel"].values]
    windows = {
        str(window): _window({str(name): one.values for name, one in data.isel(window=w).items()}, names)
        for w, window in enumerate(data["window"].values)
    }
    return {**plain, "windows": windows}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _window(values: Values, names: list[str]) -> dict[str, Any]:
    rows = [_channel({name: part[k] for name, part in values.items()}) for k in range(len(names))]
    spend, effect = values["spend"].sum(axis=1), values["incremental_revenue"].sum(axis=1)
    for k, row in enumerate(rows):
        row["spend_share"] = float(spend[k] / spend[-1]) if spend[-1] > 0 else None
        row["effect_share"] = float(effect[k] / effect[:-1].sum()) if effect[:-1].sum() > 0 else None
    residual = values["incremental_revenue"][:-1].sum(axis=0) - values["incremental_revenue"][-1]
    return {
        "channels": dict(zip(names[:-1], rows[:-1], strict=True)),
        "total": rows[-1],
        "interaction": mean_interval(residual, LEVEL).to_json(),
        "interaction_share": ratio_interval(
            residual, values["incremental_revenue"][-1], LEVEL, name="the effect of all channels together"
        ).to_json(),
    }


def _channel(own: dict[str, Float[np.ndarray, "R"]]) -> dict[str, Any]:
    """Ratios are sums over worlds, by Fieller; money is a mean over worlds."""
    money = {
        "spend": own["spend"],
        "incremental_revenue": own["incremental_revenue"],
        "incremental_gross_profit": own["incremental_gross_profit"],
        "terminal_value": own["incremental_terminal_value"],
    }
    ratios = _ratios(own) if own["spend"].any() else dict.fromkeys(RATIOS, UNSPENT)
    found = {name: mean_interval(part, LEVEL) for name, part in money.items()} | ratios
    return {name: value.to_json() for name, value in found.items()}


RATIOS = ("claimed_roas", "unified_roas", "driven_roas", "true_iroas", "true_mroas", "roi_media", "overclaim")


def _ratios(own: dict[str, Float[np.ndarray, "R"]]) -> dict[str, Estimate]:
    spend, brought, profit = own["spend"], own["incremental_revenue"], own["incremental_gross_profit"]

    def per_spend(amount: Float[np.ndarray, "R"]) -> Estimate:
        return _ratio(amount, spend, "spend")

    more = own["added_spend"]
    return {
        "claimed_roas": per_spend(own["claimed_revenue"]),
        "unified_roas": per_spend(own["unified_revenue"]),
        "driven_roas": per_spend(own["driven_revenue"]),
        "true_iroas": per_spend(brought),
        "true_mroas": _ratio(own["added_revenue"], more, "spend") if more.any() else FULL,
        "roi_media": per_spend(profit - spend),
        "overclaim": _ratio(own["claimed_revenue"], brought, "effect"),
    }


def _ratio(amount: Float[np.ndarray, "R"], of: Float[np.ndarray, "R"], name: str) -> Estimate:
    """Ratio of sums by Fieller; by bootstrap where worlds differ so much that Fieller gives no limits.

    Undefined only where the sum to divide by is none: spend is never negative, and what was brought may be.
    """
    found = ratio_interval(amount, of, LEVEL, name=name)
    if found.mean is not None or not of.sum() > 0:
        return found
    drawn = bootstrap_interval(lambda a, b, axis=-1: a.sum(axis) / b.sum(axis), amount, of, level=LEVEL)
    if drawn.mean is None or drawn.low is None:
        return Estimate(float(amount.sum() / of.sum()), None, None, LEVEL, f"no interval: {name} {VARIES}")
    return replace(drawn, reason=f"interval by BCa bootstrap: {name} {VARIES}")


def sentence(summary: dict[str, Any]) -> str:
    """Name the channel whose claim is farthest from the truth, in ratio, and say over what."""
    channels = next(iter(summary["windows"].values()))["channels"]
    spent = {name: item for name, item in channels.items() if item["claimed_roas"]["mean"] is not None}
    if not spent:
        return (
            f"{summary['team']} spent nothing: there is no claim to hold against the truth. {scope(summary)}"
        )
    name = max(spent, key=lambda name: _distance(spent[name]))
    return f"{_told(name, spent[name])} {scope(summary)}"


def _distance(item: dict[str, Any]) -> float:
    """How far the claim is from the truth, |log ratio|; infinite where there is no effect."""
    factor = item["overclaim"]["mean"]
    return abs(math.log(factor)) if factor is not None and factor > 0 else math.inf


def _told(name: str, item: dict[str, Any]) -> str:
    claim, true, factor = item["claimed_roas"]["mean"], item["true_iroas"], item["overclaim"]["mean"]
    said = f"platforms claim a ROAS of {claim:.2f} for {name}, its true iROAS is {true['mean']:.2f}"
    if true["low"] is not None:
        said += f" ({true['level']:.0%} interval {true['low']:.2f} to {true['high']:.2f})"
    if factor is None or factor <= 0:
        return f"Farthest from the truth: {said}: it brought nothing."
    return f"Farthest from the truth: {said}, so the claim is {factor:.2f} times what it brought."
