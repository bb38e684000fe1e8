"""The simulation: worlds a second by campaigns and batch, one world per clock, and where the time goes."""

import json
from collections.abc import Callable
from time import perf_counter
from typing import Any

from aicmo.agents.orchestrator import Orchestrator
from aicmo.scenario.load import load, loads
from aicmo.scenario.schema import Scenario
from aicmo.simulation import cdp, kernel
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.team import resolve
from aicmo.simulation.world import Start, World, open_world

TARGET = 200.0
"""World-years a second and core that are aimed at: the AI CMO on 36 campaigns."""
SIZES = ((10, 1), (10, 16), (10, 64), (36, 1), (36, 16), (36, 64), (300, 1), (300, 16))
CHANNELS = 6
PARTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "market": (kernel, ("advance",)),
    "measurement": (cdp, ("measure",)),
    "CDP": (cdp.Cdp, ("window", "credited")),
    "guardrails and gate": (Orchestrator, ("allow", "decide", "breaches")),
}
"""What is timed, by the module or class that holds it."""


def grown(campaigns: int) -> Scenario:
    """Write a year of daily ticks over six channels and as many segments as the campaigns need."""
    segments = [f"s{number}" for number in range(-(-campaigns // CHANNELS))]
    pairs = [(segment, f"k{channel}") for segment in segments for channel in range(CHANNELS)][:campaigns]
    curve = {"ceiling": 30, "half_saturation": 600, "shape": 1.1}
    written = {
        "schema": 1,
        "name": "grown",
        "currency": "EUR",
        "calendar": {"start": "2025-01-06"},
        "budget": {"periods": [91 * 400 * campaigns]},
        "market": {
            "segments": [
                {"name": name, "base_orders": 200, "order_value": 70, "margin": 0.4} for name in segments
            ],
            "channels": [
                {"name": f"k{k}", "half_life": f"{1 + 2 * k}d", "price": {"volatility": 0.1}}
                for k in range(CHANNELS)
            ],
            "campaigns": [
                {"segment": s, "channel": k, "objective": "acquisition", "curve": curve} for s, k in pairs
            ],
            "drift": {"volatility": 0.2, "half_life": "8w"},
        },
        "measurement": {"latency": "1d"},
        "guardrails": [{"kind": "budget"}, {"kind": "step"}],
        "uncertainty": {"ceiling": {"lognormal": 0.3}},
    }
    return loads(json.dumps(written, indent=0))


def opened(scenario: Scenario, replications: int) -> tuple[World, Start]:
    """Open a block of worlds and live its history."""
    world = open_world(scenario, 1, replications)
    return world, live_history(world)


def run(world: World, start: Start, team: str = "ai_cmo") -> Kernel:
    """Run a team over the horizon as `compare` does."""
    circle = Kernel(world, start, resolve(world.scenario, team), range(world.brief.ticks), resolution="week")
    circle.run()
    circle.close()
    return circle


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    start = perf_counter()
    work()
    return perf_counter() - start


def years(world: World) -> float:
    """World-years in a run of a block."""
    return world.brief.replications * world.brief.ticks * world.brief.tick_days / 364.0


def speed() -> None:
    """Print world-years a second by campaigns and batch, and the gain over one world on one clock."""
    alone: dict[int, float] = {}
    print(f"{'campaigns':>9} {'batch':>6} {'world-years/s':>14} {'× one world':>12}")
    for campaigns, batch in SIZES:
        world, start = opened(grown(campaigns), batch)
        run(world, start)
        rate = years(world) / seconds(lambda: run(world, start))  # noqa: B023 - called at once
        alone.setdefault(campaigns, rate)
        print(f"{campaigns:9d} {batch:6d} {rate:14.1f} {rate / alone[campaigns]:12.1f}")


class Timed:
    """Adds up the time spent in functions, each wrapped where it is looked up."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._undo: list[Callable[[], None]] = []

    def watch(self, label: str, owner: Any, name: str) -> None:
        """Time a function from now on under a label."""
        inner = getattr(owner, name)
        self.spent.setdefault(label, 0.0)

        def timed(*given: Any, **named: Any) -> Any:
            start = perf_counter()
            try:
                return inner(*given, **named)
            finally:
                self.spent[label] += perf_counter() - start

        setattr(owner, name, timed)
        self._undo.append(lambda: setattr(owner, name, inner))

    def release(self) -> None:
        """Put the functions back."""
        for undo in reversed(self._undo):
            undo()


def shares() -> None:
    """Print where the time of a retailer's year goes."""
    scenario, timed = load("scenarios/retailer.yaml"), Timed()
    before = seconds(lambda: open_world(scenario, 1, 64))
    world, start = opened(scenario, 64)
    run(world, start)
    for label, (owner, names) in PARTS.items():
        for name in names:
            timed.watch(label, owner, name)
    for agent in resolve(scenario, "ai_cmo").agents:
        for verb in ("update", "act"):
            timed.watch(f"{agent.kind} {verb}", type(agent), verb)
    total = seconds(lambda: run(world, start))
    timed.release()
    # Measurement happens inside the CDP's calls: count it once.
    timed.spent["CDP"] -= timed.spent["measurement"]
    timed.spent["rest (clock, ledger, treasury)"] = total - sum(timed.spent.values())
    rate = years(world) / total
    print(f"\nretailer, 36 campaigns, 64 worlds: {rate:.0f} world-years/s, {rate / TARGET:.2f} of the aim")
    print(f"drawing the worlds once takes {before / total:.2f} of a run of one team")
    for label, spent in sorted(timed.spent.items(), key=lambda item: -item[1]):
        print(f"{spent / total:8.1%}  {label}")


def main() -> None:
    """Print speeds, then shares."""
    speed()
    shares()


if __name__ == "__main__":
    main()
