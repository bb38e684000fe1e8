"""Replications in blocks, on all cores: numbers depend on neither."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeVar

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
    first: int = 0,
) -> Iterator[Result]:
    """Yield what `unit` makes of each block of worlds, in the order in which they finish.

    Parameters
    ----------
    unit : callable
        Gets a scenario, with the latency that these worlds share, and their ids; must be picklable.
    replications : int
        How many worlds.
    workers : int, optional
        Processes; default one for each core.
    first : int
        Id of the first of them.

    Raises
    ------
    ValueError
        When there is nothing to run.
    ResourceError
        When the worlds would not fit into memory, before anything is allocated.
    """
    if replications < 1:
        raise ValueError(f"expected at least one replication, got {replications}")
    processes = processes_of(workers)
    size = block_size(scenario, replications, processes)
    worlds = range(first, first + replications)
    work = [joblib.delayed(unit)(part, rows) for part, rows in blocks(scenario, worlds, seed, size)]
    return side_by_side(work, processes)


def gathered(
    blocks: Iterator[Result],
    worlds: Callable[[Result], int],
    replications: int,
    progress: Callable[[int, int], None] | None,
) -> list[Result]:
    """Collect blocks as they finish, and tell how many worlds are done, of how many.

    Parameters
    ----------
    worlds : callable
        How many worlds a block holds.
    """
    done, finished = [], 0
    for block in blocks:
        done.append(block)
        finished += worlds(block)
        if progress is not None:
            progress(finished, replications)
    return done


def processes_of(workers: int | None) -> int:
    """Return how many processes run: one for each core unless told otherwise."""
    return int(joblib.cpu_count()) if workers is None else workers


def blocks(
    scenario: Scenario, worlds: range, seed: int, size: int
) -> Iterator[tuple[Scenario, tuple[int, ...]]]:
    """Split worlds into blocks of at most `size` worlds whose data arrives equally late."""
    for first in range(0, len(worlds), size):
        yield from by_latency(scenario, seed, worlds[first : first + size])


def side_by_side(work: Sequence[Any], processes: int) -> Iterator[Any]:
    """Run delayed calls (`joblib.delayed`) and yield what they return, in the order in which they finish."""
    parallel = joblib.Parallel(n_jobs=max(1, min(processes, len(work))), return_as="generator_unordered")
    with starting_workers():
        finished: Generator[Any, None, None] = parallel(work)
    return _ended_quietly(finished)


def _ended_quietly(finished: Generator[Any, None, None]) -> Iterator[Any]:
    """Pass results on; who stops early, as on Ctrl-C, need not hear joblib's advice about it."""
    try:
        for result in finished:  # noqa: UP028 - `yield from` would close it before the warning is silenced
            yield result
    finally:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*tasks which were still being processed")
            finished.close()
