"""Beside each uplift: a second interval, a flag where both disagree, and one that holds for all at once."""

from __future__ import annotations

import numpy as np
import xarray as xr

from aicmo.core.intervals import mean_interval
from aicmo.evaluation.certainty import certainty
from aicmo.report.certainty import intervals, remarks
from tests.evaluation.comparisons import everybody, few


def paired(gains: dict[str, np.ndarray]) -> xr.Dataset:
    """A comparison in which each team earns so much more than a baseline that earns nothing."""
    names = ["manual", *gains, "clairvoyant", "dark"]
    nothing = np.zeros(len(next(iter(gains.values()))))
    earned = np.stack([gains.get(name, nothing) for name in names])
    return xr.Dataset(
        {"contribution": (("team", "replication"), earned)},
        coords={"team": names},
        attrs={"baseline": "manual", "seed": 1},
    )


def test_intervals_that_hold_together_are_wider_and_only_for_those_who_are_compared() -> None:
    found = certainty(everybody().dataset)
    assert "clairvoyant" not in found["uplift"]
    assert "manual_quarterly" not in found["uplift"]
    for team, said in found["uplift"].items():
        told = everybody().summary["teams"][team]["uplift"]["contribution"]
        assert said["t"] == told
        if told["high"] > told["low"]:
            assert said["together"]["high"] - said["together"]["low"] > told["high"] - told["low"]


def test_alone_a_team_needs_no_interval_for_all() -> None:
    assert [title for title, _ in intervals(few().further, "EUR")] == [
        "Uplift, t interval",
        "Uplift, BCa interval",
    ]
    assert len(list(intervals(everybody().further, "EUR"))) == 3


def test_where_one_world_decides_it_is_flagged() -> None:
    rng = np.random.default_rng(4)
    tame, wild = rng.normal(1.0, 1.0, 64), np.append(rng.normal(0.3, 0.1, 63), 60.0)
    found = certainty(paired({"tame": tame, "wild": wild}))
    assert found["uplift"]["tame"]["disagreement"] is None
    assert found["uplift"]["wild"]["disagreement"]
    assert [line.split(":")[0] for line in remarks(found)] == ["wild"]
    assert found["uplift"]["tame"]["t"] == mean_interval(tame, 0.9).to_json()


def test_a_baseline_alone_has_nothing_to_be_sure_of() -> None:
    data = paired({"manual": np.ones(4)}).isel(team=slice(1, None))
    assert certainty(data) == {"uplift": {}, "precision": None}
