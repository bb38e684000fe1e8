"""Findings beside an invented comparison, with the layout of real ones."""

from __future__ import annotations

import json

import numpy as np
import xarray as xr

WEEKS = 52


def everything(dataset: xr.Dataset, team: str) -> dict[str, xr.Dataset]:
    """What stands beside a comparison when everything has been asked."""
    return {
        "close_up": close_up(dataset, team),
        "truth": truth(dataset, team),
        "guardrails": guardrails(dataset, team),
    }


def close_up(dataset: xr.Dataset, team: str) -> xr.Dataset:
    """Two campaigns a channel; the team believes in a fifth more than there is."""
    rng = np.random.default_rng(11)
    channels = [str(name) for name in dataset["channel"].values]
    names = [f"{channel}/{goal}" for channel in channels for goal in ("acquisition", "retention")]
    count, both = len(names), ("decision", "campaign")
    spend = np.linspace(0.0, 1.0, 41) * rng.uniform(500, 2000, count)[:, None]
    true = 3e3 * spend / (spend + 400.0)
    rate = rng.uniform(0.2, 0.8, (2, count)) * spend[:, -1]
    rates = rng.uniform(100, 1000, (WEEKS + 1, count))
    returns = {"marginal": 1.0, "marginal_sd": 0.1}
    start = np.datetime64(dataset.attrs["start"])
    return xr.Dataset(
        {
            "spend": (("campaign", "point"), spend),
            "true_profit": (("campaign", "point"), true),
            "believed_profit": (("campaign", "point"), 1.2 * true),
            "believed_sd": (("campaign", "point"), 0.1 * true),
            "rate": (("who", "campaign"), rate),
            "true_marginal": (("who", "campaign"), 3e3 * 400.0 / (rate + 400.0) ** 2),
            "observed": ("campaign", 0.7 * spend[:, -1]),
            "lower": ("campaign", 0.3 * spend[:, -1]),
            "upper": ("campaign", np.full(count, np.inf)),
            "margin": ("campaign", np.full(count, 0.4)),
            "day": ("decision", [str(start + 7 * week) for week in range(WEEKS)]),
            "before": (both, rates[:-1]),
            "after": (both, rates[1:]),
            "wish": (both, rates[1:]),
            **{
                name: ("decision", np.full(WEEKS, value))
                for name, value in zip("plh", (2e4, 1e4, 3e4), strict=True)
            },
            **{name: (both, np.full((WEEKS, count), value)) for name, value in returns.items()},
            "limits": (("decision", "guardrail"), rng.integers(0, 3, (WEEKS, 2))),
            "holds": (("decision", "guardrail", "campaign"), rng.uniform(size=(WEEKS, 2, count)) < 0.3),
        },
        coords={
            "campaign": names,
            "campaign_channel": ("campaign", [channel for channel in channels for _ in range(2)]),
            "campaign_segment": ("campaign", ["everybody"] * count),
            "retention": ("campaign", [False, True] * len(channels)),
            "who": [str(dataset.attrs["baseline"]), team],
            "guardrail": ["budget", "step"],
        },
        attrs={
            "team": team,
            "baseline": dataset.attrs["baseline"],
            "day": "2026-01-04",
            "created_by": "aicmo compare",
        },
    ).rename({"p": "profit", "l": "low", "h": "high"})


def truth(dataset: xr.Dataset, team: str) -> xr.Dataset:
    """Every channel claims twice what it brings, the first one ten times."""
    rng = np.random.default_rng(12)
    channels = [*(str(name) for name in dataset["channel"].values), "all channels"]
    shape, dims = (1, len(channels), 8), ("window", "channel", "replication")
    spend = rng.uniform(1e5, 2e5, shape)
    spend[:, -1] = spend[:, :-1].sum(axis=1)
    brought = 3.0 * spend * rng.lognormal(0.0, 0.1, shape)
    claims = np.where(np.arange(len(channels)) == 0, 10.0, 2.0)[None, :, None]
    values = {
        "spend": spend,
        "claimed_revenue": claims * brought,
        "unified_revenue": 0.7 * claims * brought,
        "driven_revenue": brought,
        "incremental_spend": spend,
        "incremental_revenue": brought,
        "incremental_gross_profit": 0.4 * brought,
        "incremental_terminal_value": 0.01 * brought,
        "added_spend": 0.01 * spend,
        "added_revenue": 0.005 * brought,
        "added_gross_profit": 0.002 * brought,
        "added_terminal_value": 0.0 * brought,
    }
    return xr.Dataset(
        {name: (dims, value) for name, value in values.items()},
        {"window": ["horizon"], "channel": channels, "replication": np.arange(8)},
        {**dataset.attrs, "team": team, "replications": 8, "created_by": "aicmo truth"},
    )


def guardrails(dataset: xr.Dataset, team: str) -> xr.Dataset:
    """Steps cost, the budget does not."""
    rng = np.random.default_rng(13)
    names, dims = ["budget", "step", "all guardrails"], ("guardrail", "replication")
    earned = rng.uniform(3e6, 4e6, 8)
    counts = {
        name: (dims, np.full((3, 8), value))
        for name, value in (
            ("interventions", 1.0),
            ("decisions", 52.0),
            ("binding", 13.0),
            ("limits", 20.0),
            ("priced", 20.0),
            ("price", 4.0),
        )
    }
    without = earned + np.array([0.0, 1e5, 1e5])[:, None] * rng.uniform(0.8, 1.2, (3, 8))
    return xr.Dataset(
        counts
        | {
            "contribution": ("replication", earned),
            "spend": ("replication", np.full(8, 4e6)),
            "contribution_without": (dims, without),
        },
        {"guardrail": names, "replication": np.arange(8)},
        {**dataset.attrs, "team": team, "replications": 8, "created_by": "aicmo guardrails"},
    )


def with_waterfall(dataset: xr.Dataset, team: str) -> xr.Dataset:
    """Add two steps that lead from the baseline to a team, and what frictions cost."""
    base, own = (dataset["contribution"].sel(team=name).values for name in (dataset.attrs["baseline"], team))
    gain, pay = own - base, np.full_like(base, -1e4)
    coalitions = np.stack([base, base + 0.6 * (gain - pay), base + 0.4 * (gain - pay), base + gain - pay])
    member = [[False] * 3, [True, False, False], [False, True, False], [True, True, False]]
    both = np.stack([np.full((2, base.size), cost) for cost in (1e4, 2e4)])
    return (
        dataset.assign(
            step_contribution=(
                ("step", "replication"),
                np.stack([0.6 * (gain - pay), 0.4 * (gain - pay), pay]),
            ),
            step_before=("step", np.array(["rules", "quarterly", "people"], dtype=object)),
            step_after=("step", np.array(["learner", "weekly", "agents"], dtype=object)),
            coalition_member=(("coalition", "step"), np.array(member)),
            coalition_contribution=(("coalition", "replication"), coalitions),
            friction_cost=(("friction", "side", "replication"), both),
        )
        .assign_coords(
            step=["optimiser", "cadence", "salaries and tools"],
            coalition=["none", "optimiser", "cadence", "both"],
            friction=["exploration", "guardrails"],
            side=[dataset.attrs["baseline"], team],
        )
        .assign_attrs(waterfall_team=team, waterfall_idle=json.dumps({"creative": "nothing to decide"}))
    )
