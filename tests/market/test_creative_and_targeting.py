"""Variants that wear out, and audiences that are narrow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicmo.core.noise import Tape
from aicmo.market import advance, build, open_state, weather
from aicmo.market.creative import Variants, effect
from aicmo.market.levers import Levers
from aicmo.market.state import launch
from aicmo.market.targeting import Targeting, potential, widened
from tests.market.runs import assert_same_bits, run, waves
from tests.market.scenarios import everything, lively, plain, read


def test_creative_wears_as_published_and_recovers() -> None:
    market = build(read(lively(market={"creative": {"floor": 0.0, "exponent": 0.43}})), Tape(1, 1))
    assert market.creative is not None
    one = Variants(np.ones((1, 5, 1)), np.arange(5.0)[None, :, None], np.ones((1, 5, 1)))
    worn = effect(market.creative, one.traffic, one)
    np.testing.assert_allclose(worn[0], [1, 0.74, 0.62, 0.55, 0.50], atol=0.005)
    written = plain(market={"creative": {"quality": 0.0, "exposures": 1.0, "recovery": "2w"}})
    volume = run(written, lambda tick, _: 700.0 * (tick % 60 < 30))["volume"][91:, 0, 0]
    assert volume[29] < 0.91 * volume[4]  # worn
    assert volume[65] > 1.08 * volume[29]  # rested, and some of it back


def test_a_fresh_variant_takes_its_slot_and_nothing_else() -> None:
    state = open_state(build(read(everything()), Tape(1, 2)))
    after = launch(state, 1, 2, 3, 1.7).variants
    assert state.variants is not None
    assert after is not None
    assert (after.quality != state.variants.quality).sum() == 1
    assert after.quality[1, 2, 3] == 1.7
    gone = launch(state, 0, 1, 0, 0.0).variants
    assert gone is not None
    np.testing.assert_allclose(gone.traffic[0, 1], [0, 1 / 3, 1 / 3, 1 / 3])
    with pytest.raises(ValueError, match=r"add market\.creative"):
        launch(open_state(build(read(plain()), Tape(1, 1))), 0, 0, 0, 1.0)


@given(
    breadth=st.floats(0.1, 1.0), skill=st.floats(0, 1), concentration=st.floats(0, 1), left=st.floats(0, 1)
)
@settings(max_examples=100, deadline=None)
def test_the_addressed_share_holds_at_least_its_part_and_at_most_all(
    breadth: float, skill: float, concentration: float, left: float
) -> None:
    targeting = Targeting(np.array([[concentration]]), np.zeros(1), np.ones(1), np.array([True]))
    b, share = np.array([[breadth]]), np.array([[left]])
    found = float(potential(targeting, b, skill, share)[0, 0])
    assert breadth * (1 - 1e-12) <= found <= 1
    assert float(potential(targeting, b, 0.0, share)[0, 0]) == breadth
    assert float(potential(targeting, np.ones((1, 1)), skill, share)[0, 0]) == 1
    assert found >= float(potential(targeting, b, skill / 2, share)[0, 0]) * (1 - 1e-12)


def test_stock_does_not_teleport_when_breadth_changes() -> None:
    stock = np.full((1, 3), 100.0)
    after = widened(stock, np.full((1, 3), 0.5), np.array([[0.25, 0.5, 1.0]]))
    np.testing.assert_array_equal(after, [[100.0, 100.0, 50.0]])


def test_narrow_and_skilled_beats_wide_for_little_money() -> None:
    channels = [channel | {"targeting": {"concentration": 0.0}} for channel in plain()["market"]["channels"]]
    written = plain(market={"channels": channels})
    narrow = Levers(breadth=np.full((3, 3), 0.2), skill=1.0)
    blind = Levers(breadth=np.full((3, 3), 0.2), skill=0.0)
    wide = run(written, 60.0)["volume"][-1]
    assert (run(written, 60.0, levers=narrow)["volume"][-1] > wide).all()
    rich = run(written, 20000.0)["volume"][-1]
    assert (run(written, 20000.0, levers=blind)["volume"][-1] < 0.5 * rich).all()


def test_targeting_that_addresses_everybody_is_none_bit_for_bit() -> None:
    channels = [
        channel | {"targeting": {"concentration": 0.2, "premium": 0.7}}
        for channel in lively()["market"]["channels"]
    ]
    for left, right in zip(
        run(lively(), waves).outcomes, run(lively(market={"channels": channels}), waves).outcomes, strict=True
    ):
        assert_same_bits(left, right)


def test_a_channel_that_offers_no_targeting_keeps_its_breadth_whatever_is_decided() -> None:
    targeted = [plain()["market"]["channels"][0], plain()["market"]["channels"][1] | {"targeting": {}}]
    written = plain(market={"channels": targeted})
    narrow = Levers(breadth=np.full((3, 3), 0.25))
    result = run(written, 300.0, levers=narrow)
    breadth = result.states[-1].breadth
    assert breadth is not None
    offered = result.market.channel == 1
    np.testing.assert_array_equal(breadth[:, ~offered], 1.0)
    np.testing.assert_array_equal(breadth[:, offered], 0.25)


def test_a_window_of_opportunity_pays_those_who_know_whom_to_address() -> None:
    """While it lasts, breadth b brings b^(−zγ(1 − c)) times as much; without skill, the same bits."""
    offer = {"targeting": {"concentration": 0.8}}
    market = plain()["market"]
    market["channels"] = [channel | offer for channel in market["channels"]]
    market["campaigns"] = [item | {"breadth": 0.5} for item in market["campaigns"]]
    window = {"name": "window", "start": "2026-01-12", "duration": "7d", "concentration": 0.25}
    scenarios = [read(plain(market=market | {"events": events})) for events in ([], [window])]
    worlds = [build(scenario, Tape(1, 2)) for scenario in scenarios]
    skies = [weather(scenario, world, Tape(1, 2)) for scenario, world in zip(scenarios, worlds, strict=True)]
    for skill, gain in ((0.0, 1.0), (0.6, 0.5 ** (-0.6 * 0.8 * 0.75))):
        for tick in range(21):
            usual, now = (
                advance(world, sky, open_state(world), MONEY, tick, levers=Levers(skill=skill))[1].mean
                for world, sky in zip(worlds, skies, strict=True)
            )
            if 7 <= tick < 14 and skill:
                np.testing.assert_allclose(now, usual * gain, rtol=1e-12)
            else:
                np.testing.assert_array_equal(now, usual)


MONEY = np.full((2, 3), 500.0)
