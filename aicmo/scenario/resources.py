"""Whether a scenario's arrays fit into memory, told before any of them is allocated."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from aicmo.scenario.schema import Scenario

BYTES = 8
PER_CAMPAIGN = 20
"""Arrays by tick, replication and campaign that are alive at once.

Weather 2, facts of the history 3 and of the run 3, credited orders 2, rates 1, an observation's window 4, the
same with late reports masked 4, work 1.
"""
PER_SEGMENT = 12
"""Same by segment: weather 2, facts 2 + 2, season 1, window 2, work 3."""
PER_CHANNEL = 4
PER_VARIANT = 11
"""Same by variant, over the weeks that reports reach back: reels 4, those of the history 2, work 5."""
REPORT = 8 * 7 * 1440
"""How far back reports by variant reach [minute]."""
LEDGER = 8
"""Further arrays by campaign where the ledger keeps ticks."""
GRID = 200
"""Values by replication and campaign without ticks: posterior grids, states, plans."""
AIM = 1.5 * 2**30
"""Memory that blocks together aim at where they have the choice [byte]: larger ones are not faster."""
SHARE = 0.8
"""Of the machine's memory that a run may take."""
CGROUP = Path("/sys/fs/cgroup/memory.max")


class ResourceError(RuntimeError):
    """A run that would not fit, with the estimate."""


@dataclass(frozen=True)
class Estimate:
    """Memory of a run.

    Attributes
    ----------
    campaigns, ticks : int
        Ticks of history and horizon.
    replications : int
        Worlds that are in memory at once, over all workers.
    size : int [byte]
    """

    campaigns: int
    ticks: int
    replications: int
    size: int

    def __str__(self) -> str:
        arrays = f"{self.campaigns:,} campaigns × {self.ticks:,} ticks × {self.replications:,} replications"
        return f"{arrays} at once need about {spell_bytes(self.size)}"


def estimate(scenario: Scenario, replications: int, *, keep_ticks: bool = False) -> Estimate:
    """Estimate the memory of `replications` worlds that are simulated at once.

    Parameters
    ----------
    replications : int
        Worlds in memory at once: a block for each worker.
    keep_ticks : bool
        Whether the ledger keeps every tick, as `run` does, instead of weekly totals.
    """
    calendar, market = scenario.calendar, scenario.market
    ticks = calendar.horizon // calendar.tick + calendar.history // calendar.tick
    by_campaign = (PER_CAMPAIGN + (LEDGER if keep_ticks else 0)) * len(market.campaigns)
    by_other = PER_SEGMENT * len(market.segments) + PER_CHANNEL * len(market.channels)
    world = ticks * (by_campaign + by_other) + GRID * len(market.campaigns)
    if market.creative is not None:
        slots = len(market.campaigns) * market.creative.variants
        world += PER_VARIANT * min(ticks, REPORT // calendar.tick) * slots
    return Estimate(len(market.campaigns), ticks, replications, BYTES * world * replications)


def require_fits(
    scenario: Scenario, replications: int, *, keep_ticks: bool = False, memory: int | None = None
) -> Estimate:
    """Pass, with the estimate, if the worlds that are simulated at once fit into `memory` [byte].

    Without `memory`, four fifths of what the machine or its container has.

    Raises
    ------
    ResourceError
        With the estimate, what there is, and how many replications would fit.
    """
    need = estimate(scenario, replications, keep_ticks=keep_ticks)
    limit = int(SHARE * machine_memory()) if memory is None else memory
    if need.size <= limit:
        return need
    fits = limit // estimate(scenario, 1, keep_ticks=keep_ticks).size
    cure = f"At most {fits:,} replications at once fit" if fits else "Not even one replication fits"
    said = f"{need}, more than the {spell_bytes(limit)} available. {cure}"
    raise ResourceError(f"{said}; lengthen the tick or name fewer campaigns.")


ROUNDS = 3
"""Blocks for each process, so that an interval is seen to narrow; each costs the clock once more."""
LEAST_BLOCK = 8


def block_size(scenario: Scenario, replications: int, processes: int, memory: int | None = None) -> int:
    """Choose how many replications a process simulates at once.

    Raises
    ------
    ResourceError
        When not even one world for each process fits.
    """
    processes = min(processes, replications)
    world = require_fits(scenario, processes, memory=memory).size / processes
    fair = max(-(-replications // (ROUNDS * processes)), min(LEAST_BLOCK, -(-replications // processes)))
    limit = AIM if memory is None else memory
    return max(1, min(fair, int(limit / world / processes)))


def machine_memory() -> int:
    """Memory of the machine, or of the container that holds this process [byte]."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = CGROUP.read_text().strip() if CGROUP.exists() else "max"
    return min(physical, int(limit)) if limit.isdigit() else physical


def spell_bytes(size: float) -> str:
    """Write a size as people read it.

    >>> spell_bytes(1536), spell_bytes(3 * 2**30)
    ('1.5 KiB', '3.0 GiB')
    """
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if size < 1024:
            return f"{size:,.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} PiB"
