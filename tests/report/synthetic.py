"""A comparison made of invented numbers, with the shape of a real one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from aicmo.evaluation.finding import headline_team
from aicmo.evaluation.further import further
from aicmo.evaluation.metrics import SHELF, reason
from aicmo.evaluation.traits import TRAITS
from tests.report.synthetic_beside import everything, with_waterfall

TEAMS = {"manual_quarterly": 1.0, "manual_strong": 1.03, "ai_cmo": 1.06, "clairvoyant": 1.12, "dark": 0.0}
CHANNELS = ("search", "social", "video", "tv", "email", "affiliates")


@dataclass(frozen=True)
class Invented:
    """What the report reads of a comparison."""

    summary: dict[str, Any]
    dataset: xr.Dataset
    sentence: str
    beside: dict[str, xr.Dataset] = field(default_factory=dict)

    @cached_property
    def further(self) -> dict[str, Any]:
        """Computed as for a real one."""
        return further(self.dataset)


def invented(
    replications: int = 64,
    channels: tuple[str, ...] = CHANNELS,
    teams: dict[str, float] | None = None,
    currency: str = "EUR",
    scenario: str = "retailer",
    *,
    bare: bool = False,
) -> Invented:
    """Make a comparison whose summary is computed from its dataset; a bare one has nothing beside it."""
    dataset = _dataset(replications, channels, teams or TEAMS, scenario)
    dataset.attrs["currency"] = currency
    for metric in SHELF:
        if metric.kind not in dataset:
            missing = np.full(dataset["spend"].shape, np.nan if reason(metric) else 1e6)
            dataset[metric.kind] = (("team", "replication"), missing)
    summary = _summary(dataset)
    team = headline_team(summary)
    beside = {}
    if team is not None and not bare:
        dataset, beside = with_waterfall(dataset, team), everything(dataset, team)
    return Invented(summary, dataset, "ai_cmo earns more than manual_quarterly in most worlds.", beside)


def _about(scenario: str, replications: int) -> dict[str, Any]:
    """What a results file says of its run."""
    return {
        "schema_version": 1,
        "scenario": scenario,
        "scenario_text": f"# shown as written\nname: {scenario}\n",
        "scenario_hash": "0123456789abcdef" * 4,
        "seed": 1,
        "replications": replications,
        "baseline": "manual_quarterly",
        "currency": "EUR",
        "over": "worlds",
        "version": "0.1.0",
        "start": "2025-01-06",
        "long_term_weight": 0.25,
        "guardrails": json.dumps([{"kind": "step", "per_decision": 0.2}, {"kind": scenario}]),
        "software": "Python 3.11, numpy 2.0",
        "created_by": "aicmo compare",
    }


def _dataset(
    replications: int, channels: tuple[str, ...], teams: dict[str, float], scenario: str
) -> xr.Dataset:
    rng = np.random.default_rng(7)
    weeks, periods, shape = 52, 4, (len(teams), replications)
    spends = np.array([float(skill > 0) for skill in teams.values()])[:, None]
    weekly = rng.gamma(20, 1e4, (len(teams), replications, weeks, len(channels))) * spends[:, :, None, None]
    tilt = np.linspace(1, -1, len(channels)) * np.linspace(0, 0.4, weeks)[:, None]
    weekly[2:] *= 1 + tilt  # from the third team on, money moves from the last channels to the first
    spend = weekly.sum(axis=(2, 3))
    world = rng.lognormal(0, 0.1, replications)
    profit = spend * 1.4 * world * np.array(list(teams.values()))[:, None] * rng.lognormal(0, 0.02, shape)
    paid = np.array([float(name not in {"clairvoyant", "dark"}) for name in teams])[:, None]
    costs = 4e5 * paid * np.ones(shape)
    by_team = ("team", "replication")
    return xr.Dataset(
        {
            "spend": (by_team, spend),
            "gross_profit": (by_team, profit + 4e7),
            "incremental_gross_profit": (by_team, profit),
            "contribution": (by_team, profit - spend - costs),
            "costs": (by_team, costs),
            "terminal_value": (by_team, 0.1 * profit),
            "turnover": (by_team, rng.uniform(0, 2, shape)),
            "interventions": (by_team, rng.poisson(30, shape).astype(float)),
            "waivers": (by_team, np.zeros(shape)),
            "violations": (by_team, np.zeros(shape)),
            "trait_value": (("trait", "replication"), _traits(replications)),
            "weekly_spend": ((*by_team, "week", "channel"), weekly),
            "weekly_gross_profit": ((*by_team, "week"), rng.gamma(9, 1e5, (*shape, weeks))),
            "period_spend": ((*by_team, "period"), weekly.sum(3).reshape(*shape, periods, -1).sum(3)),
            "period_incremental_gross_profit": ((*by_team, "period"), rng.gamma(9, 1e5, (*shape, periods))),
            "period_budget": (("period",), np.full(periods, 1.1 * spend.max() / periods)),
            "period_start": (("period",), np.arange(periods) * 91.0),
            "period_end": (("period",), np.arange(periods) * 91.0 + 91.0),
            **{
                f"weekly_{name}": ((*by_team, "week"), rng.poisson(mean, (*shape, weeks)) * 1.0)
                for name, mean in (("asked", 0.5), ("granted", 0.3), ("declined", 0.1))
            },
        },
        coords={
            "team": list(teams),
            "trait": list(TRAITS),
            "replication": np.arange(replications),
            "channel": list(channels),
            "period": [f"Q{i + 1}" for i in range(periods)],
        },
        attrs=_about(scenario, replications),
    )


def _summary(dataset: xr.Dataset) -> dict[str, Any]:
    head = {
        key: dataset.attrs[key]
        for key in ("scenario", "seed", "replications", "baseline", "currency", "over")
    }
    return {
        "schema_version": 1,
        **head,
        "teams": {str(t): _metrics(dataset, str(t)) for t in dataset.team.values},
    }


def _metrics(dataset: xr.Dataset, team: str) -> dict[str, Any]:
    mine, base = dataset.sel(team=team), dataset.sel(team=dataset.attrs["baseline"])
    idle = float(mine.spend.sum()) == 0
    gain = (mine.contribution - base.contribution).values
    roi = None if idle else (mine.contribution / (mine.spend + mine.costs)).values
    base_roi = (base.contribution / (base.spend + base.costs)).values
    return {
        **{name: _mean(mine[name].values) for name in ("spend", "incremental_gross_profit", "contribution")},
        "terminal_value": _mean(mine.terminal_value.values),
        "iroas": _mean(None if idle else (2 * mine.incremental_gross_profit / mine.spend).values),
        "roi": _mean(roi),
        "roi_media": _mean(roi),
        "uplift": {
            "contribution": _mean(gain),
            "contribution_relative": _mean(gain / float(base.contribution.mean())),
            "roi_points": _mean(None if roi is None else roi - base_roi),
            "roi_relative": _mean(None if roi is None else roi / base_roi.mean() - 1),
            "p_better": {"share": float((gain > 0).mean()), "low": 0.6, "high": 0.99, "n": gain.size},
        },
        "headroom_closed": _mean(gain / 1e6),
        **{name: float(mine[name].mean()) for name in ("turnover", "interventions", "waivers", "violations")},
    }


def _mean(values: np.ndarray | None) -> dict[str, Any]:
    if values is None:
        return {
            "mean": None,
            "low": None,
            "high": None,
            "level": 0.9,
            "reason": "ROI at zero spend is undefined",
        }
    half = 1.645 * values.std() / np.sqrt(values.size)
    mean = float(values.mean())
    return {"mean": mean, "low": mean - half, "high": mean + half, "level": 0.9}


def _traits(replications: int) -> np.ndarray:
    """Invent worlds that are like nothing in particular, with luck of their own."""
    return np.random.default_rng(9).gamma(4.0, 1.0, (len(TRAITS), replications))
