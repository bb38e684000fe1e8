"""Random processes happen as often, and are as large, as their distributions say (fixed seeds).

Margins are four standard errors of the observed figure unless another is stated: by chance alone a test of
these would fail once in 16,000 seeds.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.market import build, weather
from aicmo.market.creative import variant_quality
from tests.market.runs import run
from tests.market.scenarios import lively, plain, read, undated

WORLDS = 4000
SHORT = {"horizon": "4w", "history": "0d"}
ERRORS = 4.0


def sky(calendar: dict[str, str] = SHORT, worlds: int = WORLDS, **market: Any) -> Any:
    written = undated(plain(calendar=calendar, market=market))
    scenario, tape = read(written), Tape(21, worlds)
    return weather(scenario, build(scenario, tape), tape)


@pytest.mark.parametrize("dispersion", [0.5, 4.0])
def test_volumes_vary_by_dispersion_times_their_mean(dispersion: float) -> None:
    written = undated(plain(calendar=SHORT, market={"noise": {"dispersion": dispersion}}))
    result = run(written, 600.0, Tape(21, WORLDS))
    for realised, mean in ((result["volume"], result["mean"]), (result["organic"], np.array([50.0, 90.0]))):
        factor = (realised / mean).reshape(-1, realised.shape[2])
        relative = dispersion / np.broadcast_to(mean, realised.shape).reshape(factor.shape)
        ratio = (factor - 1) / np.sqrt(relative)
        count = len(ratio)
        assert (np.abs(ratio.mean(axis=0)) < ERRORS / np.sqrt(count)).all()
        kurtosis = ((ratio**2).std(axis=0)) / np.sqrt(count)
        # clipping at four standard deviations takes less than 0.5 % of the variance at these volumes
        assert (np.abs((ratio**2).mean(axis=0) - 1) < ERRORS * kurtosis + 0.005).all()


def test_luck_is_standard_normal_and_of_one_campaign_alone() -> None:
    drawn = sky(noise={"dispersion": 1.0})
    for luck in (drawn.luck, drawn.organic_luck):
        flat = luck.reshape(-1, luck.shape[2])
        count = len(flat)
        assert (np.abs(flat.mean(axis=0)) < ERRORS / np.sqrt(count)).all()
        assert (np.abs(flat.std(axis=0) - 1) < ERRORS / np.sqrt(2 * count)).all()
        assert np.abs(np.corrcoef(flat.T) - np.eye(flat.shape[1])).max() < ERRORS / np.sqrt(count)
        days = np.corrcoef(luck[:-1].reshape(-1), luck[1:].reshape(-1))[0, 1]
        assert abs(days) < ERRORS / np.sqrt(luck.size)
        for quantile in (-1.96, 0.0, 1.0, 2.58):
            share = (luck < quantile).mean()
            expected = NormalDist().cdf(quantile)
            assert abs(share - expected) < ERRORS * np.sqrt(expected * (1 - expected) / luck.size)


def test_prices_and_demand_wander_as_far_and_as_long_as_stated() -> None:
    """Log of an Ornstein–Uhlenbeck factor: standard deviation as stated, half the correlation a half-life."""
    channels = plain()["market"]["channels"]
    channels[0] |= {"price": {"volatility": 0.3, "half_life": "4d"}}
    segments = plain()["market"]["segments"]
    segments[1] |= {"shock": {"volatility": 0.2, "half_life": "8d"}}
    drawn = sky(channels=channels, segments=segments)
    for path, spread, half_life, sign in (
        (np.log(drawn.price[:, :, 0]), 0.3, 4, 1),
        (np.log(drawn.demand[:, :, 1]), 0.2, 8, -1),
    ):
        error = spread / np.sqrt(WORLDS)
        # E[1/P] = 1 for prices, E[D] = 1 for demand: the logarithm is off by half a variance
        assert (np.abs(path.mean(axis=1) - sign * spread**2 / 2) < ERRORS * error).all()
        assert (np.abs(path.std(axis=1) / spread - 1) < ERRORS / np.sqrt(2 * WORLDS)).all()
        for lag, expected in ((half_life, 0.5), (2 * half_life, 0.25)):
            seen = np.corrcoef(path[0], path[lag])[0, 1]
            assert abs(seen - expected) < ERRORS * (1 - expected**2) / np.sqrt(WORLDS)


def test_change_points_are_a_poisson_process() -> None:
    """Counts a year have the stated mean and as much variance; waits are memoryless."""
    drift = {"volatility": 0.0, "jumps_per_year": 6.0, "jump_size": 0.5}
    drawn = sky({"horizon": "52w", "history": "0d"}, worlds=700, drift=drift)
    jumped = np.abs(np.diff(np.log(drawn.effectiveness), axis=0)) > 1e-12
    counts = jumped.sum(axis=0).reshape(-1)
    expected = 6.0 * 363 / 365.2425
    assert abs(counts.mean() - expected) < ERRORS * np.sqrt(expected / counts.size)
    # more than one change point a day is seen as one: the variance falls by the rate a day, 1.6 %
    assert counts.var() / expected == pytest.approx(1 - 6 / 365.2425, abs=ERRORS * np.sqrt(2.2 / counts.size))
    for wait in (10, 40, 120):
        quiet = (~jumped[:wait]).all(axis=0).mean()
        stated = np.exp(-6.0 * wait / 365.2425)
        assert abs(quiet - stated) < ERRORS * np.sqrt(stated * (1 - stated) / counts.size)


def test_bursts_of_rivals_begin_as_a_poisson_process_and_last() -> None:
    rivals = {"bursts_per_year": 4.0, "burst_length": "10d", "burst_size": 2.0}
    drawn = sky({"horizon": "52w", "history": "0d"}, worlds=1500, rivals=rivals).rivals
    running = drawn > drawn.min() * 1.5
    started = running[1:] & ~running[:-1]
    # a burst that begins while another lasts only prolongs it
    chance = 1 - np.exp(-4.0 / 365.2425)
    expected = 363 * chance * (1 - chance) ** 10
    counts = started.sum(axis=0).reshape(-1)
    assert abs(counts.mean() - expected) < ERRORS * np.sqrt(expected / counts.size)
    stopped = running[:-1] & ~running[1:]
    lengths = running.sum() / max(stopped.sum(), 1)
    # mean of a run of overlapping bursts: time running over starts, (1 − (1 − p)^10) / (p (1 − p)^10)
    assert lengths == pytest.approx((1 - (1 - chance) ** 10) / (chance * (1 - chance) ** 10), rel=0.03)


def test_incidents_cost_what_is_stated_and_come_by_the_money() -> None:
    incidents = {"money_per_incident": 5000, "cost": 800, "spread": 0.6, "exposed": 1.0}
    written = undated(plain(calendar=SHORT, market={"incidents": incidents}))
    penalty = run(written, 250.0, Tape(21, WORLDS))["penalty"]
    for channel, money in ((0, 500.0), (1, 250.0)):
        happened = penalty[:, :, channel] > 0
        chance = 1 - np.exp(-money / 5000)
        assert abs(happened.mean() - chance) < ERRORS * np.sqrt(chance * (1 - chance) / happened.size)
        costs = np.log(penalty[:, :, channel][happened] / 800)
        assert abs(costs.mean() + 0.18) < ERRORS * 0.6 / np.sqrt(costs.size)
        assert abs(costs.std() / 0.6 - 1) < ERRORS / np.sqrt(2 * costs.size)


def test_the_quality_of_variants_is_lognormal_with_mean_one() -> None:
    spread, names = np.full((WORLDS, 1), 0.4), tuple(f"campaign {c}" for c in range(20))
    quality = np.log(variant_quality(spread, names, 3, Tape(21, WORLDS)))
    assert abs(quality.mean() + 0.08) < ERRORS * 0.4 / np.sqrt(quality.size)
    assert abs(quality.std() / 0.4 - 1) < ERRORS / np.sqrt(2 * quality.size)


def test_worlds_are_drawn_from_the_stated_priors() -> None:
    doubt = {"ceiling": {"lognormal": 0.5}, "overclaim": {"uniform": [0.5, 1.5]}, "outside_family": 0.35}
    scenario = read(undated(lively(calendar=SHORT, uncertainty=doubt)))
    market = build(scenario, Tape(21, WORLDS))
    logs = np.log(market.ceiling / 40)
    assert (np.abs(logs.mean(axis=0)) < ERRORS * 0.5 / np.sqrt(WORLDS) + 0.125).all()
    assert (np.abs(logs.std(axis=0) / 0.5 - 1) < ERRORS / np.sqrt(2 * WORLDS)).all()
    share = market.overclaim / np.array([0.3, 0.5])
    assert (np.abs(share.mean(axis=0) - 1) < ERRORS / np.sqrt(12 * WORLDS)).all()
    assert abs(market.logistic[:, 0].mean() - 0.35) < ERRORS * np.sqrt(0.35 * 0.65 / WORLDS)
