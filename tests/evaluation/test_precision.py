"""Sequential comparisons: the interval covers wherever one stops, on the worlds of a run without looks."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import xarray as xr
from rich.console import Console
from typer.testing import CliRunner

from aicmo.cli import exits
from aicmo.cli.app import app
from aicmo.core.intervals import mean_interval
from aicmo.core.ratio import ratio_interval
from aicmo.evaluation.compare import TeamsError, compare
from aicmo.evaluation.precision import Measure, PrecisionError, Sequential, influence
from aicmo.report.terminal import show
from tests.simulation.worlds import busy

TRIALS, MOST = 600, 256
ROI = {"ai": 0.25, "manual": 0.2}


def worlds(rng: np.random.Generator, count: int) -> xr.Dataset:
    """Skewed markets in which two teams earn a share of what they spend, and share most of their luck."""
    size = np.exp(rng.normal(0.0, 0.5, count))
    shared = rng.exponential(1.0, count) - 1.0
    spend = np.stack([100.0 * size, 98.0 * size])
    own = np.stack([rng.exponential(1.0, count) - 1.0, rng.normal(0.0, 1.0, count)])
    earned = np.array([[ROI["ai"]], [ROI["manual"]]]) * (spend + 5.0) + 8.0 * shared + 4.0 * own
    dims = ("team", "replication")
    return xr.Dataset(
        {"contribution": (dims, earned), "spend": (dims, spend), "costs": (dims, np.full_like(spend, 5.0))},
        coords={"team": list(ROI), "replication": range(count)},
    )


def truth(of: Measure) -> float:
    if of == "roi_points":
        return ROI["ai"] - ROI["manual"]
    mean = math.exp(0.125)
    return ROI["ai"] * (100.0 * mean + 5.0) / (ROI["manual"] * (98.0 * mean + 5.0)) - 1.0


@pytest.mark.parametrize(("wish", "of"), [("1.1pp", "roi_points"), ("6%", "contribution_relative")])
def test_the_interval_covers_wherever_one_stops(wish: str, of: Measure) -> None:
    rng, sequential = np.random.default_rng(5), Sequential.until(wish, 16, MOST, "ai", "manual")
    hits, stops = 0, []
    for _ in range(TRIALS):
        data = worlds(rng, MOST)
        for count in sequential.rule.looks:
            look = sequential.look(data.isel(replication=slice(count)))
            if look.done:
                break
        hits += look.estimate.covers(truth(of))
        stops.append(count)
    assert len(set(stops)) >= 3, "the wish must be met at several looks, or nothing is tested"
    assert hits / TRIALS >= 0.9 - 3.5 * math.sqrt(0.09 / TRIALS)


def test_stopping_at_the_first_pleasing_look_is_what_the_rule_guards_against() -> None:
    """Who looks as often with plain intervals misses the truth at some look far more often."""
    rng, sequential = np.random.default_rng(6), Sequential.until("0.0001%", 16, MOST, "ai", "manual")
    plain, honest, trials = 0, 0, 300
    for _ in range(trials):
        data = worlds(rng, MOST)
        looks = [sequential.look(data.isel(replication=slice(n))).estimate for n in sequential.rule.looks]
        honest += all(estimate.covers(truth("contribution_relative")) for estimate in looks)
        gain = data["contribution"].sel(team="ai").values - data["contribution"].sel(team="manual").values
        linear = influence(gain, data["contribution"].sel(team="manual").values)
        kept = [
            mean_interval(linear[:n]).covers(truth("contribution_relative")) for n in sequential.rule.looks
        ]
        plain += all(kept)
    assert plain / trials < 0.85
    assert honest / trials >= 0.9 - 3.5 * math.sqrt(0.09 / trials)


def test_influence_has_the_ratio_for_its_mean_and_its_interval_for_its_spread() -> None:
    rng = np.random.default_rng(7)
    base = np.exp(rng.normal(0.0, 0.3, 4000))
    gain = 0.2 * base + rng.normal(0.0, 0.5, 4000)
    linear = influence(gain, base)
    assert linear.mean() == pytest.approx(gain.sum() / base.sum())
    exact, near = ratio_interval(gain, base), mean_interval(linear)
    assert (near.low, near.high) == pytest.approx((exact.low, exact.high), rel=1e-3)


def test_a_run_that_stops_is_the_run_of_as_many_worlds() -> None:
    stopped = compare(busy(), ["equal_split"], replications=2, seed=3, workers=1, precision="80pp", cap=8)
    count = stopped.dataset.sizes["replication"]
    plain = compare(busy(), ["equal_split"], replications=count, seed=3, workers=1).dataset
    for name in ("contribution", "spend", "weekly_spend"):
        np.testing.assert_array_equal(stopped.dataset[name], plain[name])
    told = stopped.further["precision"]
    assert told["reached"] == (count < 8)
    assert told["looks"] == [2, 4, 8]
    assert "precision" not in plain.attrs


def test_a_cap_that_is_hit_is_said_everywhere() -> None:
    found = compare(busy(), ["equal_split"], replications=2, seed=3, workers=1, precision="0.01pp", cap=3)
    told = json.loads(found.dataset.attrs["precision"])
    assert not told["reached"]
    assert "stopped at the cap of 3" in told["estimate"]["reason"]
    console = Console(width=300, force_terminal=False)
    with console.capture() as shown:
        show(found, console)
    assert "Cap hit: uplift in ROI of equal_split not known to ±0.01 points" in shown.get()


def test_what_is_undefined_stays_so_to_the_cap() -> None:
    data = worlds(np.random.default_rng(8), 4)
    data["contribution"] = data["contribution"] - 1e6
    relative = Sequential.until("1%", 2, 4, "ai", "manual")
    assert not relative.look(data.isel(replication=slice(2))).done
    assert relative.look(data).done
    assert "too small" in str(relative.look(data).estimate.reason)
    nothing = data.assign(spend=0.0 * data["spend"], costs=0.0 * data["costs"])
    assert Sequential.until("1pp", 2, 4, "ai", "manual").look(nothing).estimate.mean is None


@pytest.mark.parametrize("wrong", ["0.25", "0pp", "-1%", "1 €", "pp"])
def test_what_is_no_precision_is_told(wrong: str) -> None:
    with pytest.raises(PrecisionError, match="expected a half-width such as"):
        compare(busy(), ["equal_split"], precision=wrong)
    shown = CliRunner().invoke(app, ["compare", "scenarios/small.yaml", f"--precision={wrong}"])
    assert shown.exit_code == exits.Exit.INVALID


def test_there_must_be_room_to_look_and_somebody_to_look_at() -> None:
    with pytest.raises(PrecisionError, match="got 64 and 32"):
        compare(busy(), ["equal_split"], precision="1%", cap=32)
    with pytest.raises(TeamsError, match="name another team"):
        compare(busy(), [], precision="1%")
