"""Cost of a market tick, as ratios: with all mechanisms against none, by campaigns and by worlds."""

from __future__ import annotations

import cProfile
import json
import pstats
from time import process_time
from typing import Any

import numpy as np

from aicmo.core.noise import Tape
from aicmo.market import Stack, advance, build, measure, open_state, weather
from aicmo.scenario.load import loads
from aicmo.scenario.schema import Scenario

TICKS, REPEATS = 56, 5
CHANNELS = 6


CALENDAR = {"start": "2025-01-06", "horizon": f"{TICKS}d", "history": "0d", "short_history": "benchmark"}


def scenario(campaigns: int, *, full: bool, calendar: dict[str, str] | None = None) -> Scenario:
    """Return a market of equal campaigns over segments × channels, with every mechanism or with none."""
    extra: dict[str, Any] = {}
    people, channel = {}, {}
    if full:
        extra = {
            "synergies": [{"channel": "k0", "channels": ["k1"], "lift": 0.2}],
            "rivals": {"volatility": 0.2},
            "creative": {},
            "brand": {},
            "incidents": {"money_per_incident": "1M", "cost": "50k"},
        }
        people = {"people": {"prospects": 1e6, "customers": 1e5, "churn": 0.3, "repeat_orders": 4}}
        channel = {"targeting": {"premium": 0.2}, "brand": 0.1, "rivalry": 0.3, "risk": 0.01, "peak": "1d"}
    segments = -(-campaigns // CHANNELS)
    curve = {"ceiling": 40, "half_saturation": 400, "shape": 1.2}
    market = {
        "segments": [
            {"name": f"s{s}", "base_orders": 500, "order_value": 80, "margin": 0.4, **people}
            for s in range(segments)
        ],
        "channels": [
            {
                "name": f"k{k}",
                "half_life": "3d",
                "overclaim": 0.1,
                "learning": {},
                "price": {"volatility": 0.1},
                **channel,
            }
            for k in range(CHANNELS)
        ],
        "campaigns": [
            {
                "segment": f"s{c // CHANNELS}",
                "channel": f"k{c % CHANNELS}",
                "objective": "retention" if c % 3 == 2 else "acquisition",
                "curve": curve,
            }
            for c in range(campaigns)
        ],
        "drift": {"volatility": 0.2},
        **extra,
    }
    written = {
        "schema": 1,
        "name": "benchmark",
        "currency": "EUR",
        "calendar": calendar or CALENDAR,
        "budget": {"periods": [27_300 * campaigns]},
        "market": market,
    }
    return loads(json.dumps(written, indent=1))


def nanoseconds(campaigns: int, worlds: int, *, full: bool, profile: bool = False) -> float:
    """Best CPU time of a tick with its measurement, for one campaign of one world [ns]."""
    read, tape = scenario(campaigns, full=full), Tape(1, worlds)
    market = build(read, tape)
    sky, stack = weather(read, market, tape), Stack.of(read.measurement)
    planned = np.full(market.ceiling.shape, 300.0)

    def year() -> None:
        state = open_state(market)
        for tick in range(TICKS):
            state, outcome = advance(market, sky, state, planned, tick)
            measure(market, stack, outcome.volume, outcome.saturation, outcome.organic)

    year()
    times = []
    for _ in range(REPEATS):
        start = process_time()
        year()
        times.append(process_time() - start)
    if profile:
        with cProfile.Profile() as run:
            year()
        pstats.Stats(run).sort_stats("tottime").print_stats(12)
    return min(times) / (TICKS * campaigns * worlds) * 1e9


def fitted(name: str, sizes: list[int], ticks: list[float]) -> str:
    """Fit the cost of a tick [µs] to a straight line in its size, and say how straight it is."""
    slope, start = np.polyfit(sizes, ticks, 1)
    share = np.corrcoef(sizes, ticks)[0, 1] ** 2
    return f"a tick costs {start:.0f} µs + {slope:.2f} µs × {name}; the line explains {share:.1%}"


def main() -> None:
    """Print ratios, and the fit of cost against campaigns and worlds."""
    plain, full = (nanoseconds(36, 64, full=full) for full in (False, True))
    print(f"A tick with measurement, 36 campaigns x 64 worlds: {plain:.0f} ns an element,")
    print(f"{1e9 / (plain * 36 * 364):.0f} world-years per second of CPU time.")
    print(f"With all mechanisms: {full:.0f} ns an element, {plain / full:.0%} of that speed.")
    for name, sizes in (
        ("campaigns", [(12, 64), (36, 64), (108, 64), (300, 64)]),
        ("worlds", [(36, 8), (36, 64), (36, 256)]),
    ):
        ticks = []
        for campaigns, worlds in sizes:
            cost = nanoseconds(campaigns, worlds, full=True)
            ticks.append(cost * campaigns * worlds / 1e3)
            size = f"{campaigns} campaigns x {worlds} worlds"
            print(f"  by {name}: {size}: {cost / full:.2f} of the cost an element")
        print(f"  {fitted(name, [size[name == 'worlds'] for size in sizes], ticks)}")
    nanoseconds(36, 64, full=True, profile=True)


if __name__ == "__main__":
    main()
