"""Intervals: they cover as often as they say, agree with SciPy and closed forms, and never hold NaN."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aicmo.core.estimate import Estimate, Share
from aicmo.core.intervals import (
    bootstrap_interval,
    disagreement,
    lower_tail,
    mean_interval,
    share_better,
    tail_mean,
)
from aicmo.core.ratio import ratio_interval
from aicmo.core.sequential import StoppingRule, pocock, replications_needed
from aicmo.core.simultaneous import simultaneous_intervals

FINITE = st.floats(-1e6, 1e6)


def covers_as_often(hits: int, trials: int, level: float, bias: float = 0.0) -> bool:
    """Tell whether the share of hits is the level, up to `bias` and 3.5 standard errors."""
    return abs(hits / trials - level) <= bias + 3.5 * math.sqrt(level * (1.0 - level) / trials)


def ends(estimate: Estimate | Share) -> tuple[float, float]:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low, estimate.high


def test_mean_interval_equals_scipy() -> None:
    x = np.random.default_rng(0).normal(3.0, 2.0, 40)
    mine, theirs = mean_interval(x, 0.95), stats.ttest_1samp(x, 0.0).confidence_interval(0.95)
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), rel=1e-12)


def test_mean_interval_covers() -> None:
    draws = np.random.default_rng(1).normal(2.0, 5.0, (4000, 8))
    assert covers_as_often(sum(mean_interval(x).covers(2.0) for x in draws), 4000, 0.9)


def test_bootstrap_of_a_skewed_mean_covers_nearly() -> None:
    draws = np.random.default_rng(2).exponential(1.0, (600, 64))
    hits = sum(bootstrap_interval(np.mean, x, resamples=999).covers(1.0) for x in draws)
    assert covers_as_often(hits, 600, 0.9, bias=0.03)  # BCa is correct to second order: at R = 64 about 0.89


def test_bootstrap_takes_functions_of_paired_samples() -> None:
    rng = np.random.default_rng(3)
    spend = rng.uniform(1.0, 2.0, 80)
    gain = 3.0 * spend + rng.normal(0.0, 0.1, 80)

    def ratio(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
        return np.asarray(a.mean(axis=axis) / b.mean(axis=axis))

    boot, fieller = bootstrap_interval(ratio, gain, spend), ratio_interval(gain, spend)
    assert boot.mean == pytest.approx(fieller.mean, rel=1e-12)
    assert boot.low == pytest.approx(fieller.low, abs=0.003)
    assert boot.high == pytest.approx(fieller.high, abs=0.003)
    assert boot == bootstrap_interval(ratio, gain, spend)
    assert boot != bootstrap_interval(ratio, gain, spend, seed=1)


def test_disagreement_is_flagged_where_one_world_decides() -> None:
    rng = np.random.default_rng(4)
    tame, wild = rng.normal(1.0, 1.0, 100), np.append(rng.normal(0.0, 0.01, 60), 30.0)
    assert disagreement(mean_interval(tame), bootstrap_interval(np.mean, tame)) is None
    flag = disagreement(mean_interval(wild), bootstrap_interval(np.mean, wild))
    assert flag is not None
    near = Estimate(1.0, -0.01, 2.01, 0.9), Estimate(1.0, 0.01, 2.01, 0.9)
    assert disagreement(*near) == "only one of the t and BCa intervals excludes 0"
    assert disagreement(mean_interval([1.0]), near[0]) is None


@given(wins=st.integers(0, 60), losses=st.integers(1, 60), level=st.sampled_from([0.8, 0.9, 0.95]))
def test_share_equals_scipy_on_whole_counts(wins: int, losses: int, level: float) -> None:
    mine = share_better([1.0] * wins + [-1.0] * losses, level)
    theirs = stats.binomtest(wins, wins + losses).proportion_ci(level, method="wilson")
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert mine.share == pytest.approx(wins / (wins + losses))


def test_ties_count_half_and_the_interval_is_symmetric_under_swapping_teams() -> None:
    x = np.array([1.0, 0.0, 0.0, 0.0, -2.0, 5.0])
    mine, other = share_better(x), share_better(-x)
    assert mine.share == (2 + 1.5) / 6
    assert other.share == pytest.approx(1 - 3.5 / 6)
    assert ends(mine) == pytest.approx([1 - end for end in reversed(ends(other))])


def test_share_covers() -> None:
    signs = np.random.default_rng(5).random((3000, 64)) < 0.7
    limits = [ends(share_better(np.where(row, 1.0, -1.0))) for row in signs]
    hits = sum(low <= 0.7 <= high for low, high in limits)
    assert covers_as_often(hits, 3000, 0.9, bias=0.02)  # counts are discrete


def test_ratio_limits_are_where_the_t_test_just_rejects() -> None:
    rng = np.random.default_rng(6)
    b = rng.gamma(5.0, 1.0, 30)
    a = 0.4 * b + rng.normal(0.0, 1.0, 30)
    found = ratio_interval(a, b, 0.9)
    for end in ends(found):
        assert stats.ttest_1samp(a - end * b, 0.0).pvalue == pytest.approx(0.1, rel=1e-9)
    assert found.mean == pytest.approx(a.sum() / b.sum())


def test_ratio_covers() -> None:
    rng = np.random.default_rng(7)
    b = rng.normal(4.0, 4.0, (3000, 24))
    a = 1.5 * b + rng.normal(0.0, 3.0, b.shape)
    found = [ratio_interval(x, y) for x, y in zip(a, b, strict=True)]
    defined = [estimate for estimate in found if estimate.mean is not None]
    assert len(defined) > 2900
    # refusing the least certain denominators takes away a few of the widest intervals
    assert covers_as_often(sum(e.covers(1.5) for e in defined), len(defined), 0.9, bias=0.02)


@given(scale=st.floats(1e-9, 1e9), factor=st.floats(0.1, 10.0))
def test_ratio_is_equivariant_under_units(scale: float, factor: float) -> None:
    rng = np.random.default_rng(8)
    a, b = rng.normal(2.0, 1.0, 20), rng.normal(9.0, 1.0, 20)
    one, other = ratio_interval(a, b), ratio_interval(a * scale * factor, b * scale)
    assert ends(other) == pytest.approx([end * factor for end in ends(one)], rel=1e-9)


def test_ratio_is_undefined_where_the_denominator_may_be_too_small() -> None:
    b = np.array([1.0, 2.0, 3.0, 4.0])
    assert ratio_interval(b, b).mean == 1.0
    low = mean_interval(b).low
    assert low is not None
    assert ratio_interval(b, b, least=low * 0.999).low == pytest.approx(1.0)
    refused = ratio_interval(b, b, least=low, name="baseline contribution")
    assert refused.to_json()["mean"] is None
    assert "baseline contribution may be too small to divide by: lower 90% limit" in str(refused.reason)
    assert ratio_interval(b, -b).mean is None


def test_simultaneous_intervals_cover_together_and_are_tighter_than_bonferroni() -> None:
    rng = np.random.default_rng(9)
    truth = np.array([0.0, 1.0, -2.0, 3.0])
    mixing = np.full((4, 4), 0.6) + np.eye(4)
    hits = 0
    for trial in range(400):
        x = truth + rng.normal(size=(48, 4)) @ mixing
        found = simultaneous_intervals(x, seed=trial, resamples=499)
        hits += all(estimate.covers(mu) for estimate, mu in zip(found, truth, strict=True))
    assert covers_as_often(hits, 400, 0.9, bias=0.02)
    alone, bonferroni = mean_interval(x[:, 0]).half_width, mean_interval(x[:, 0], 0.975).half_width
    together = simultaneous_intervals(x)[0].half_width
    assert alone is not None
    assert together is not None
    assert bonferroni is not None
    assert alone < together < 1.05 * bonferroni


def test_one_team_alone_has_nearly_its_own_interval() -> None:
    x = np.random.default_rng(10).normal(1.0, 1.0, (200, 1))
    together, alone = simultaneous_intervals(x)[0].half_width, mean_interval(x[:, 0]).half_width
    assert together == pytest.approx(alone, rel=0.05)


# Pocock 1977, table 1 (Jennison & Turnbull 2000, table 2.1): equal steps, two-sided
@pytest.mark.parametrize(
    ("looks", "level", "published"),
    [
        (2, 0.95, 2.178),
        (5, 0.95, 2.413),
        (10, 0.95, 2.555),
        (3, 0.9, 1.992),
        (5, 0.9, 2.122),
        (5, 0.99, 2.986),
    ],
)
def test_critical_values_equal_pocock(looks: int, level: float, published: float) -> None:
    assert pocock(tuple(64 * (k + 1) for k in range(looks)), level) == pytest.approx(published, abs=6e-4)


def test_critical_value_of_many_small_steps_equals_simulation() -> None:
    looks = tuple(range(64, 129, 2))
    steps = np.random.default_rng(11).normal(size=(40_000, 128)).cumsum(axis=1)[:, np.array(looks) - 1]
    inside = (np.abs(steps) <= pocock(looks, 0.9) * np.sqrt(looks)).all(axis=1)
    assert covers_as_often(int(inside.sum()), 40_000, 0.9)


def stop(rule: StoppingRule, x: np.ndarray) -> Estimate:
    return next(look.estimate for look in map(rule.look, (x[:n] for n in rule.looks)) if look.done)


@pytest.mark.parametrize("half_width", [0.05, 0.18, 0.3])
def test_stopping_rule_keeps_coverage(half_width: float) -> None:
    rule = StoppingRule.doubling(half_width, first=16, cap=256)
    draws = np.random.default_rng(12).exponential(1.0, (1500, 256))
    draws = np.where(np.random.default_rng(13).random(draws.shape) < 0.5, draws, -draws) / np.sqrt(2.0)
    hits = sum(stop(rule, x).covers(0.0) for x in draws)
    assert hits / 1500 >= 0.9 - 3.5 * math.sqrt(0.09 / 1500)


def test_stopping_where_the_naive_interval_would_not_cover() -> None:
    """Stop as soon as an interval excludes 0: t intervals then miss far too often, the rule's do not."""
    rule = StoppingRule(1e-9, tuple(range(20, 201, 20)))
    draws = np.random.default_rng(14).normal(size=(600, 200))
    naive = sum(all(mean_interval(x[:n]).covers(0.0) for n in rule.looks) for x in draws)
    honest = sum(all(rule.look(x[:n]).estimate.covers(0.0) for n in rule.looks) for x in draws)
    assert naive / 600 < 0.75
    assert covers_as_often(honest, 600, 0.9, bias=0.01)


def test_stopping_says_when_the_cap_was_hit() -> None:
    x = np.random.default_rng(15).normal(size=128)
    rule = StoppingRule(0.01, (64, 128))
    assert not rule.look(x[:64]).done
    last = rule.look(x)
    assert last.done
    assert "stopped at the cap of 128 replications: half-width" in str(last.estimate.reason)
    wide = StoppingRule(10.0, (64, 128)).look(x[:64])
    assert wide.done
    assert wide.estimate.reason is None
    with pytest.raises(ValueError, match=r"looks were stated at \(64, 128\) replications, got 100"):
        rule.look(x[:100])


def test_needed_replications_reach_the_half_width() -> None:
    n = replications_needed(3.0, 0.25, 0.9)
    z = stats.norm.ppf(0.95)
    assert z * 3.0 / np.sqrt(n) <= 0.25 < z * 3.0 / np.sqrt(n - 1)


def test_tail_mean_is_the_integral_of_the_quantiles() -> None:
    x = np.arange(10.0)
    assert tail_mean(x, 0.1) == 0.0
    assert tail_mean(x, 0.25) == pytest.approx((0.0 + 1.0 + 0.5 * 2.0) / 2.5)
    assert tail_mean(x, 1.0) == pytest.approx(x.mean())
    assert tail_mean(x, 0.01) == 0.0
    grid = np.random.default_rng(16).normal(size=(3, 7, 50))
    assert tail_mean(grid, 0.3, axis=1).shape == (3, 50)


def test_lower_tail_covers_nearly() -> None:
    truth = -stats.norm.pdf(stats.norm.ppf(0.25)) / 0.25
    draws = np.random.default_rng(17).normal(size=(250, 100))
    hits = sum(lower_tail(x, 0.25).covers(truth) for x in draws)
    assert covers_as_often(hits, 250, 0.9, bias=0.04)


@given(x=st.lists(FINITE, max_size=6), y=st.lists(FINITE, min_size=6, max_size=6))
def test_small_samples_never_give_nan_and_the_interval_holds_the_mean(x: list[float], y: list[float]) -> None:
    estimates: list[Estimate] = [
        mean_interval(x),
        bootstrap_interval(np.mean, x, resamples=99),
        lower_tail(x),
        ratio_interval(x, y[: len(x)]),
        *simultaneous_intervals(np.column_stack([x, y[: len(x)]]), resamples=99),
    ]
    for numbers in [share_better(x).to_json(), *(estimate.to_json() for estimate in estimates)]:
        assert json.loads(json.dumps(numbers, allow_nan=False)) == numbers
        assert (None in numbers.values()) <= ("reason" in numbers)
    for estimate in (estimates[0], estimates[3], estimates[4]):
        if estimate.mean is not None and estimate.low is not None and estimate.high is not None:
            assert estimate.low <= estimate.mean <= estimate.high


def test_degenerate_samples_are_defined_or_give_a_reason() -> None:
    equal = [0.1] * 7
    for estimate in (mean_interval(equal), bootstrap_interval(np.mean, equal), lower_tail(equal)):
        assert (estimate.low, estimate.mean, estimate.high) == pytest.approx((0.1, 0.1, 0.1), rel=1e-14)
    assert ratio_interval(equal, [0.2] * 7).to_json() == {"mean": 0.5, "low": 0.5, "high": 0.5, "level": 0.9}
    assert mean_interval([3.0]) == Estimate(3.0, None, None, 0.9, "one replication has no interval")
    assert mean_interval([]) == Estimate.undefined(0.9, "there is no replication")
    assert share_better([]).to_json() == {
        "share": None,
        "low": None,
        "high": None,
        "n": 0,
        "reason": "there is no replication",
    }
    assert share_better([0.0]).share == 0.5
    both = simultaneous_intervals(np.column_stack([equal, np.arange(7.0)]))
    assert both[0] == mean_interval(equal)
    with pytest.raises(ValueError, match="1 of 2 replications are not finite"):
        mean_interval([1.0, np.nan])
    with pytest.raises(ValueError, match=r"shape \(R,\), got \(2, 2\)"):
        mean_interval(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="finite numbers or None"):
        Estimate(float("nan"), 0.0, 1.0, 0.9)
    with pytest.raises(ValueError, match="says why"):
        Share(None, None, None, 3)
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        mean_interval([1.0, 2.0], level=90)
