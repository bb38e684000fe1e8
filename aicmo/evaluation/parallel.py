"""Replications in blocks, on all cores: numbers depend on neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import joblib

from aicmo.evaluation.interrupts import starting_workers
from aicmo.evaluation.latency import by_latency
from aicmo.scenario.resources import block_size
from aicmo.scenario.schema import Scenario

Result = TypeVar("Result")


def in_blocks(
    unit: Callable[[Scenario, Sequence[int]], Result],
    scenario: Scenario,
    replications: int,
    seed: int,
    workers: int | None,
) -> Iterator[Result]:
    """Yield what `unit` makes of each block of worlds, in the order in which they finish.

    Parameters
    ----------
    unit : callable
        Gets a scenario, with the latency that these worlds share, and their ids; must be picklable.
    workers : int, optional
        Processes; default one for each core.

    Raises
    ------
    ValueError
        When there is nothing to run.
    ResourceError
        When the worlds would not fit into memory, before anything is allocated.
    """
    if replications < 1:
        raise ValueError(f"expected at least one replication, got {replications}")
    processes = joblib.cpu_count() if workers is None else workers
    size = block_size(scenario, replications, processes)
    blocks = [range(first, min(first + size, replications)) for first in range(0, replications, size)]
    work = [
        joblib.delayed(unit)(part, rows)
        for block in blocks
        for part, rows in by_latency(scenario, seed, block)
    ]
    parallel = joblib.Parallel(n_jobs=min(processes, len(work)), return_as="generator_unordered")
    with starting_workers():
        finished: Iterator[Result] = parallel(work)
    return finished
