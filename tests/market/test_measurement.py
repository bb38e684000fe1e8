"""What platforms claim and what unified measurement credits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicmo.core.noise import Tape
from aicmo.market import Market, Stack, build, maturation, measure
from tests.market.scenarios import lively, read

SCENARIO = read(lively())
MARKET = build(SCENARIO, Tape(1, 4))
STACK = Stack.of(SCENARIO.measurement)
shares = st.floats(0.0, 1.0)


def orders(seed: int, market: Market = MARKET) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Volume, saturation and organic orders of a tick; some campaigns are dead."""
    rng = np.random.default_rng(seed)
    shape = market.ceiling.shape
    on = rng.random(shape) < 0.8
    volume, saturation = on * rng.gamma(1.0, 20.0, shape), on * rng.random(shape)
    return volume, saturation, rng.gamma(2.0, 40.0, (shape[0], len(market.segments)))


def by_segment(values: np.ndarray) -> np.ndarray:
    return np.stack([values[:, MARKET.segment == s].sum(axis=1) for s in range(len(MARKET.segments))], axis=1)


@given(seed=st.integers(0, 10**6), match_rate=shares, consent=shares, loss=shares)
@settings(max_examples=60, deadline=None)
def test_claims_lie_between_the_truth_and_the_whole_segment(
    seed: int, match_rate: float, consent: float, loss: float
) -> None:
    stack = replace(STACK, match_rate=match_rate, consent=consent, signal_loss=loss)
    volume, saturation, organic = orders(seed)
    claimed, unified = measure(MARKET, stack, volume, saturation, organic)
    total = by_segment(volume)
    assert (claimed >= volume).all()
    assert (claimed <= (total + organic)[:, MARKET.segment] * (1 + 1e-12)).all()
    assert (unified <= claimed * (1 + 1e-12)).all()
    assert (unified >= stack.signal * volume * (1 - 1e-12)).all()
    assert (claimed[saturation == 0] == 0).all()
    # identity resolution splits each organic order at most once
    excess = unified / max(stack.signal, 1e-300) - volume
    whole = replace(stack, match_rate=1.0, consent=1.0)
    organic_credit = measure(MARKET, whole, volume, saturation, organic)[1] - volume
    assert (by_segment(organic_credit) <= organic * (1 + 1e-12)).all()
    assert stack.signal == 0 or (excess >= organic_credit - 1e-9 * total.max() - 1e-9 * organic.max()).all()


@given(seed=st.integers(0, 10**6), low=shares, high=shares)
@settings(max_examples=60, deadline=None)
def test_more_identity_means_less_over_claim(seed: int, low: float, high: float) -> None:
    low, high = sorted((low, high))
    volume, saturation, organic = orders(seed)
    excess = [
        measure(MARKET, stack, volume, saturation, organic)[1] / stack.signal - volume
        for stack in (replace(STACK, match_rate=rate, consent=1.0, signal_loss=0.5) for rate in (low, high))
    ]
    assert (excess[1] <= excess[0] + 1e-9 * organic.max()).all()


def test_without_over_claim_everybody_tells_the_truth() -> None:
    honest = replace(MARKET, overclaim=np.zeros_like(MARKET.overclaim))
    volume, saturation, organic = orders(3)
    claimed, unified = measure(honest, STACK, volume, saturation, organic)
    np.testing.assert_array_equal(claimed, volume)
    np.testing.assert_allclose(unified, STACK.signal * volume, rtol=1e-15)


def test_splitting_a_campaign_in_two_halves_changes_no_credit() -> None:
    volume, saturation, organic = orders(5)
    split = [0, *range(MARKET.segment.size)]

    def halves(values: np.ndarray) -> np.ndarray:
        twice = values[..., split].copy()
        twice[..., :2] *= 0.5
        return twice

    parts = replace(
        MARKET,
        segment=MARKET.segment[split],
        channel=MARKET.channel[split],
        pair=MARKET.pair[split],
        pair_share=halves(MARKET.pair_share),
        ceiling=halves(MARKET.ceiling),
    )
    whole = measure(MARKET, STACK, volume, saturation, organic)
    pieces = measure(parts, STACK, halves(volume), saturation[..., split], organic)
    for before, after in zip(whole, pieces, strict=True):
        np.testing.assert_allclose(after[:, 0] + after[:, 1], before[:, 0], rtol=1e-12)
        np.testing.assert_allclose(after[:, 2:], before[:, 1:], rtol=1e-12)


def test_ticks_and_worlds_are_measured_each_by_itself() -> None:
    batch = [orders(seed) for seed in range(5)]
    volume, saturation, organic = (np.stack(field) for field in zip(*batch, strict=True))
    together = measure(MARKET, STACK, volume, saturation, organic)
    for tick, single in enumerate(batch):
        for whole, part in zip(together, measure(MARKET, STACK, *single), strict=True):
            np.testing.assert_array_equal(whole[tick], part)


@pytest.mark.parametrize("tick_minutes", [60, 1440, 10080])
def test_conversions_mature_to_the_last(tick_minutes: int) -> None:
    share = maturation(STACK, tick_minutes)
    assert share.size == -(-STACK.lag_end_minutes // tick_minutes)
    assert (np.diff(share) > 0).all()
    assert share[-1] == 1.0
    days = np.arange(1, share.size + 1) * tick_minutes / 1440
    np.testing.assert_allclose(share, (1 - 0.5**days) / (1 - 0.5 ** days[-1]), rtol=1e-12)


def test_without_lag_all_is_credited_at_once() -> None:
    prompt = replace(STACK, lag_half_life_minutes=0, lag_end_minutes=0)
    np.testing.assert_array_equal(maturation(prompt, 1440), [1.0])
