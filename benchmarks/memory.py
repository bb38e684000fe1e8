"""Peak memory of a block of worlds with every mechanism on, against what `scenario.resources` expects.

A block runs in a process of its own, as in `compare`: all default teams, the dark run and the clairvoyant,
four variants a campaign, 300 campaigns, a year of days after a year of history.
"""

import resource
import subprocess
import sys

import joblib

from aicmo.evaluation.block import run_block
from aicmo.evaluation.compare import DEFAULT_TEAMS
from aicmo.scenario.resources import block_size, estimate, spell_bytes
from aicmo.scenario.schema import Scenario
from benchmarks.market import scenario

CAMPAIGNS, REPLICATIONS = 300, 256
AIM = 4 * 2**30
BLOCKS = (2, 6)
"""Worlds in a block that are measured; two sizes tell what a world costs and what a process costs anyway."""


def large() -> Scenario:
    """Three hundred campaigns over a year."""
    return scenario(CAMPAIGNS, full=True, calendar={"start": "2025-01-06"})


def live(worlds: int) -> None:
    """Run one block in this process and print its peak memory [byte]."""
    run_block(large(), range(worlds), 1, {name: name for name in DEFAULT_TEAMS})
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def peak(worlds: int) -> int:
    """Peak memory of a block in a process of its own [byte]."""
    command = [sys.executable, "-m", "benchmarks.memory", str(worlds)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this very file
    return int(said.stdout.split()[-1])


def main() -> None:
    """Print the memory of a world, what was expected of it, and what a whole comparison takes."""
    few, many = (peak(worlds) for worlds in BLOCKS)
    world = (many - few) / (BLOCKS[1] - BLOCKS[0])
    process = few - BLOCKS[0] * world
    expected = estimate(large(), 1).size
    print(f"{CAMPAIGNS} campaigns, every mechanism: {spell_bytes(world)} a world measured,")
    print(f"{spell_bytes(expected)} expected; {spell_bytes(process)} a process before its first world.")
    processes = joblib.cpu_count()
    size = block_size(large(), REPLICATIONS, processes)
    total = processes * (process + size * world)
    print(f"{REPLICATIONS} replications in blocks of {size} on {processes} processes: {spell_bytes(total)},")
    print(f"{total / AIM:.0%} of {spell_bytes(AIM)}.")


if __name__ == "__main__":
    live(int(sys.argv[1])) if len(sys.argv) > 1 else main()
