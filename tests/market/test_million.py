"""A million ticks in one go: what is carried from tick to tick neither overflows nor dies out.

`advance` takes a Python second for ten thousand ticks, so the market's own kernels are called in its order
from a compiled loop; that the loop is `advance` is shown on the first ticks.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicmo.core.kernels.jit import kernel
from aicmo.core.noise import Tape
from aicmo.market import Market, Weather, advance, build, open_state, weather
from aicmo.market.kernels.acquisition import acquire
from aicmo.market.kernels.brand import build as build_brand
from aicmo.market.kernels.creative import serve, show
from aicmo.market.kernels.credit import reach
from aicmo.market.kernels.learning import fill_learning
from aicmo.market.kernels.people import move, win
from aicmo.market.kernels.response import carry, cover
from aicmo.market.kernels.saturation import fill_saturation
from aicmo.market.learning import NEGLIGIBLE, TOLERANCE
from aicmo.market.saturation import HALF_OF_LOGISTIC
from tests.market.scenarios import campaign, everything, read, undated

TICKS, BLOCK, CHECKED = 1_000_000, 100_000, 400
SEEN = ("mean", "brand", "exposure", "prospects", "customers", "lost")


@kernel
def live(seen, spend, sky, state, curve, learning, creative, carryover, brands, people):  # type: ignore[no-untyped-def]
    """Move one campaign of one world through all ticks; every pair of buffers is used in turn."""
    price, demand, effectiveness, rivals = sky
    memory, stock, exposure, traffic, quality, index, places = state
    kappa, shape, logistic, ceiling, base, dt, rivalry = curve
    severity, floor, remembers = learning
    one, none = np.ones((1, 1)), np.zeros(1, dtype=np.int64)
    factor, q, h = np.empty((1, 1)), np.empty((1, 1)), np.empty((1, 1))
    heard, mean, kept = np.empty((1, 1)), np.empty((1, 1)), np.empty((1, 1))
    organic, won, moves = np.empty((1, 1)), np.empty((1, 1)), np.empty((5, 1, 1))
    for t in range(spend.size):
        now, then = t % 2, 1 - t % 2
        bought = spend[t] / dt / price[t]
        money = np.full((1, 1), spend[t] / dt) + NEGLIGIBLE * kappa
        fill_learning(factor, memory[then], money, memory[now], severity, floor, remembers, TOLERANCE)
        serve(q.reshape(-1), traffic[0], quality[0], exposure[now, 0], creative[1], creative[2])
        show(exposure[then], exposure[now], traffic, bought / kappa, creative[0], creative[3])
        pressure = bought * factor * q
        carry(stock[then, 0], stock[then, 1], (stock[now, 0], stock[now, 1]), pressure, *carryover)
        climate = np.ones((1, 1))
        cover(climate, rivalry, rivals[t : t + 1].reshape(1, 1))
        relative = (stock[then, 0] / kappa * climate).reshape(-1)
        fill_saturation(h.reshape(-1), relative, shape.reshape(-1), logistic, HALF_OF_LOGISTIC)
        reach(heard, h, one, none)
        wish = demand[t] * index[now] ** brands[1]
        build_brand(index[then], index[now], heard, brands[0], brands[2])
        willing = wish * (places[now, 0] / people[0])
        acquire(mean, h, ceiling, effectiveness[t : t + 1].reshape(1, 1), willing, none, dt)
        win(kept, organic, won, mean, dt * base * willing, places[now, 0], none, none)
        before = (places[now, 0], places[now, 1], places[now, 2])
        move(places[then], moves, before, people[0], won, organic, people[1], people[1], people[2], dt)
        seen[0, t], seen[1, t], seen[2, t] = kept[0, 0], index[then, 0, 0], exposure[then].sum()
        seen[3:, t] = places[then, :, 0, 0]


def scenario() -> dict[str, Any]:
    """One campaign by the hour for eleven years: every mechanism that carries something over."""
    written = undated(everything(calendar={"tick": "1h", "horizon": f"{BLOCK}h", "history": "0d"}))
    market = {**written["market"], "noise": {"dispersion": 0.0}, "incidents": None, "synergies": []}
    market["segments"] = [market["segments"][1] | {"name": "all"}]
    market["channels"] = [market["channels"][1] | {"learning": {}, "price": {"volatility": 0.2}}]
    market["channels"][0].pop("targeting")
    market["campaigns"] = [campaign("all", "video")]
    return {**written, "market": market, "uncertainty": None, "budget": {"periods": [1e9]}}


def course(market: Market, skies: list[Weather], spend: np.ndarray) -> np.ndarray:
    """What is seen of every tick, (6, T)."""
    learning, creative, carryover = market.learning, market.creative, market.carryover
    brand, people, rivals = market.brand, market.people, market.rivals
    assert learning is not None
    assert creative is not None
    assert carryover is not None
    assert brand is not None
    assert people is not None
    assert rivals is not None
    start = open_state(market)
    assert start.variants is not None
    assert start.people is not None
    variants = start.variants
    pairs = (
        np.array([start.remembered] * 2),
        np.zeros((2, 2, 1, 1)),
        np.array([variants.exposure] * 2),
        variants.traffic,
        variants.quality,
        np.array([start.brand] * 2),
        np.array([start.people] * 2),
    )
    names = ("price", "demand", "effectiveness", "rivals")
    flat = [np.concatenate([getattr(sky, name)[:, 0, 0] for sky in skies]) for name in names]
    curve = (market.half_saturation, market.shape, market.logistic[0], market.ceiling, market.base_orders[0])
    seen = np.empty((len(SEEN), len(spend)))
    live(
        seen,
        spend,
        tuple(flat),
        pairs,
        (*curve, market.tick_days, rivals.share),
        (learning.severity, learning.floor, learning.kept),
        (creative.exposures, creative.floor, creative.exponent, creative.kept),
        (carryover.keep, carryover.hold, carryover.cross),
        (brand.strength, brand.elasticity, brand.kept),
        (people.prospects, people.churn, people.lost_kept),
    )
    return seen


def test_a_million_ticks_stay_finite_and_conserve_people() -> None:
    """One block of weather follows another; the state goes on."""
    stated, tapes = read(scenario()), [Tape(seed, 1) for seed in range(TICKS // BLOCK)]
    market = build(stated, tapes[0])
    skies = [weather(stated, market, tape) for tape in tapes]
    spend = np.where(np.arange(TICKS) % 9001 < 6000, 12.5, 0.0)
    seen = dict(zip(SEEN, course(market, skies, spend), strict=True))
    state = open_state(market)
    for tick in range(CHECKED):
        state, outcome = advance(market, skies[0], state, np.full((1, 1), spend[tick]), tick)
        assert state.brand is not None
        assert state.people is not None
        assert state.variants is not None
        exposure = state.variants.exposure.sum()
        expected = (outcome.mean[0, 0], state.brand[0, 0], exposure, *(h[0, 0] for h in state.people))
        np.testing.assert_allclose([seen[name][tick] for name in SEEN], expected, rtol=1e-12)
    for name, values in seen.items():
        assert np.isfinite(values).all(), name
        assert (values >= 0).all(), name
    everybody = seen["prospects"] + seen["customers"] + seen["lost"]
    np.testing.assert_allclose(everybody, 12000.0, rtol=1e-9)
    years = seen["mean"].reshape(100, -1).sum(axis=1)
    assert (years > 0).all()  # nothing has died out
    assert 0.5 < seen["brand"].min() <= seen["brand"].max() < 2.0
