"""Cells side by side: their blocks share the processes, and what is finished is kept at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import joblib

from aicmo.evaluation.block import BlockResult, run_block
from aicmo.evaluation.cell_store import CellStore, Question
from aicmo.evaluation.cells import Cell
from aicmo.evaluation.parallel import blocks, processes_of, side_by_side
from aicmo.evaluation.reference import CLAIRVOYANT, DARK
from aicmo.evaluation.results import dataset
from aicmo.policies import Policy
from aicmo.scenario import presets
from aicmo.scenario.resources import block_size, estimate, spell_bytes
from aicmo.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

# Seconds of a core, measured on blocks of 8 and 32 worlds of the retailer under three teams and two
# references. Only the forecast reads them.
CLOCK_SECONDS = 5e-4
"""For a tick of a team, whatever the number of worlds."""
WORLD_SECONDS = 2e-6
"""For a tick of a team in a world and campaign."""
START_SECONDS = 5.0
"""To start processes and load what was compiled."""


@dataclass(frozen=True)
class Forecast:
    """What a sweep will take.

    Attributes
    ----------
    cells, finished : int
        All cells, and those that were kept by an earlier run.
    runs : int
        Team × world, references included, that are left to simulate.
    memory : int [byte]
        At once, over all processes.
    seconds : float [s]
        On this many processes, on a machine as fast as that of the measured constants.
    """

    cells: int
    finished: int
    runs: int
    processes: int
    memory: int
    seconds: float

    def __str__(self) -> str:
        if self.finished == self.cells:
            return f"{self.cells} cells, all of them finished by an earlier run"
        minutes = self.seconds / 60
        time = f"{minutes:.0f} minutes" if minutes >= 1.5 else f"{max(self.seconds, 1.0):.0f} seconds"
        kept = f", {self.finished} of them finished by an earlier run" if self.finished else ""
        return (
            f"{self.cells} cells{kept}; {self.runs:,} runs of a team through a world to go: about {time} on "
            f"{self.processes} processes with nothing else to do, and {spell_bytes(self.memory)} of memory"
        )


Announce = Callable[[Forecast], None]
Progress = Callable[[int, int], None]
"""Called as blocks finish: worlds done in all cells, and their total."""


@dataclass(frozen=True)
class _Task:
    """A block of a cell that is left to run."""

    cell: int
    scenario: Scenario
    rows: tuple[int, ...]


def run_cells(
    cells: Sequence[Cell],
    question: Question,
    workers: int | None = None,
    store: CellStore | None = None,
    announce: Announce | None = None,
    progress: Progress | None = None,
) -> list[xr.Dataset]:
    """Compare the teams in every cell on the same seed; return metrics by team and replication, cell by cell.

    Raises
    ------
    ValueError
        When there is nothing to run.
    UnknownTeamError
        When a name is neither a team nor a policy of a cell's scenario.
    ResourceError
        When the worlds would not fit into memory, before anything is allocated.
    """
    _require_teams(cells, question)
    keys = [question.key(cell.at) for cell in cells] if store is not None else []
    known = [store.load(key) for key in keys] if store is not None else [None] * len(cells)
    done = {i: data for i, data in enumerate(known) if data is not None}
    processes = processes_of(workers)
    tasks = list(_tasks(cells, question, processes, done))
    if announce is not None:
        announce(_forecast(cells, question, tasks, processes, len(done)))
    for i, data in _finished(tasks, cells, question, processes, progress):
        done[i] = data
        if store is not None:
            store.save(keys[i], data)
    return [done[i] for i in range(len(cells))]


def _require_teams(cells: Sequence[Cell], question: Question) -> None:
    if question.replications < 1:
        raise ValueError(f"expected at least one replication, got {question.replications}")
    for cell in cells:
        for team in question.teams.values():
            if isinstance(team, str):
                presets.team(cell.scenario, team)


def _tasks(
    cells: Sequence[Cell], question: Question, processes: int, done: Mapping[int, object]
) -> Iterator[_Task]:
    """Cut the cells that are left into blocks: the more cells share the processes, the larger the blocks."""
    left = [i for i in range(len(cells)) if i not in done]
    for i in left:
        scenario, worlds = cells[i].scenario, question.replications
        size = min(worlds, block_size(scenario, worlds * len(left), processes))
        for part, rows in blocks(scenario, range(worlds), question.seed, size):
            yield _Task(i, part, rows)


def _forecast(
    cells: Sequence[Cell], question: Question, tasks: Sequence[_Task], processes: int, finished: int
) -> Forecast:
    teams = len({*question.teams, CLAIRVOYANT, DARK})
    busy = min(processes, max(1, len(tasks)))
    sizes = sorted((estimate(task.scenario, len(task.rows)).size for task in tasks), reverse=True)
    work = 0.0
    for task in tasks:
        shape = estimate(task.scenario, len(task.rows))
        once = CLOCK_SECONDS + WORLD_SECONDS * shape.campaigns * len(task.rows)
        work += once * shape.ticks * teams
    runs = teams * sum(len(task.rows) for task in tasks)
    return Forecast(len(cells), finished, runs, busy, sum(sizes[:busy]), START_SECONDS + work / busy)


def _finished(
    tasks: Sequence[_Task],
    cells: Sequence[Cell],
    question: Question,
    processes: int,
    progress: Progress | None,
) -> Iterator[tuple[int, xr.Dataset]]:
    """Yield each cell when its last block has come in."""
    total = len(cells) * question.replications
    left = total - sum(len(task.rows) for task in tasks)
    work = [joblib.delayed(_run)(task, question.seed, question.teams) for task in tasks]
    held: dict[int, list[BlockResult]] = {}
    if progress is not None:
        progress(left, total)
    for i, block in side_by_side(work, processes) if work else ():
        held.setdefault(i, []).append(block)
        left += len(block.rows)
        if progress is not None:
            progress(left, total)
        if sum(len(one.rows) for one in held[i]) == question.replications:
            yield i, _metrics(cells[i].scenario, held.pop(i), question)


def _run(task: _Task, seed: int, teams: Mapping[str, str | Policy]) -> tuple[int, BlockResult]:
    return task.cell, run_block(task.scenario, task.rows, seed, teams)


def _metrics(scenario: Scenario, finished: Sequence[BlockResult], question: Question) -> xr.Dataset:
    """Keep what a sweep reads: metrics by team and replication."""
    data = dataset(scenario, finished, question.seed, question.baseline)
    kept = [name for name in data.data_vars if data[name].dims == ("team", "replication")]
    return data[kept].drop_vars(["channel", "period"], errors="ignore")
