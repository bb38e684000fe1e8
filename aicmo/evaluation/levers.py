"""What decides whether an AI CMO pays: late data, drift, margin, budget, and how good the start is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aicmo.scenario.quantities import minutes
from aicmo.scenario.schema import Scenario

LATENCIES = ("1d", "1w", "4w")
MISALLOCATIONS = (0.0, 0.4, 0.8, 1.2)
"""m: 0 is a perfect split at the start, 0.4 the default of scenarios; both ends are assumptions."""
NEW_DRIFT = (0.2, 0.5)


@dataclass(frozen=True)
class Variation:
    """One thing that is otherwise than in the scenario.

    Attributes
    ----------
    lever : str
        What is moved.
    value : str
        Where to, in words.
    at : mapping of str to value
        The settings that do it.
    """

    lever: str
    value: str
    at: Mapping[str, Any]


def variations(scenario: Scenario) -> tuple[Variation, ...]:
    """List variations of a scenario, one lever at a time; what the scenario says itself is left out."""
    return (
        *_latency(scenario),
        *_drift(scenario),
        *_factors("margin", "market.segments.*.margin", ("x0.75", "x1.25"), _widest(scenario)),
        *_factors("budget", "budget.periods.*", ("x0.5", "x2")),
        *_start(scenario),
    )


def _latency(scenario: Scenario) -> Iterator[Variation]:
    stated, tick = scenario.measurement.latency, scenario.calendar.tick
    for text in LATENCIES:
        if minutes(text) != stated and minutes(text) >= tick:
            yield Variation("data latency", text, {"measurement.latency": text})


def _drift(scenario: Scenario) -> Iterator[Variation]:
    drift = scenario.market.drift
    if drift is None or drift.volatility == 0.0:
        for volatility in NEW_DRIFT:
            yield Variation("drift", f"{volatility:g}", {"market.drift.volatility": volatility})
        return
    yield Variation("drift", "none", {"market.drift.volatility": 0.0, "market.drift.jumps_per_year": 0.0})
    for factor in ("x2", "x4"):
        yield Variation("drift", factor, {"market.drift.volatility": factor})


def _widest(scenario: Scenario) -> float:
    """Return the largest factor that leaves every margin a share."""
    return 1.0 / max(segment.margin for segment in scenario.market.segments if segment.margin > 0.0)


def _factors(
    lever: str, key: str, factors: tuple[str, ...], most: float = float("inf")
) -> Iterator[Variation]:
    for factor in factors:
        if float(factor[1:]) <= most:
            yield Variation(lever, factor, {key: factor})


def _start(scenario: Scenario) -> Iterator[Variation]:
    for size in MISALLOCATIONS:
        if size != scenario.knowledge.misallocation:
            yield Variation("misallocation", f"{size:g}", {"knowledge.misallocation": size})
