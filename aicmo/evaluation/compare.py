"""Compare teams over the same worlds, in parallel blocks of replications."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import joblib
import numpy as np

from aicmo.core.estimate import Estimate
from aicmo.core.intervals import mean_interval
from aicmo.evaluation import close_up
from aicmo.evaluation.block import Beside, BlockResult, run_block
from aicmo.evaluation.comparison import Comparison
from aicmo.evaluation.finding import headline_of
from aicmo.evaluation.hindsight import add_hindsight, require_short
from aicmo.evaluation.parallel import in_blocks
from aicmo.evaluation.precision import CAP, Sequential
from aicmo.evaluation.reference import HINDSIGHT, REFERENCES
from aicmo.evaluation.results import dataset, measured_beside
from aicmo.evaluation.switches import Switchboard
from aicmo.evaluation.waterfall import Waterfall
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.simulation.team import resolve

if TYPE_CHECKING:
    import xarray as xr

DEFAULT_TEAMS = ("manual_quarterly", "manual_strong", "ai_cmo")


class TeamsError(ValueError):
    """Teams that cannot be compared."""


Progress = Callable[[int, int, Estimate | None], None]
"""Called as blocks finish: replications done, their total, the uplift in contribution so far."""


def compare(
    scenario: Scenario,
    teams: Sequence[str] | Mapping[str, str | Policy] | None = None,
    baseline: str = "manual_quarterly",
    replications: int = 64,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    hindsight: bool = False,
    waterfall: bool = False,
    precision: str | None = None,
    cap: int = CAP,
) -> Comparison:
    """Run every team, the dark run and the clairvoyant over the same worlds.

    Parameters
    ----------
    teams : sequence of str, or mapping of name to team or policy, optional
        Default: typical and strong manual team, the AI CMO, and the teams that the scenario itself names.
    baseline : str
        The team that the others are measured against; added where it is missing.
    replications : int
        R, number of worlds; of the first look, where a precision is wished.
    workers : int, optional
        Processes; default one for each core. The numbers do not depend on it.
    hindsight : bool
        Add the best plan on the realised tape, the reference that nobody beats; for small scenarios.
    waterfall : bool
        Add where the uplift of the headline team comes from: runs up to 64 teams between it and the baseline.
    precision : str, optional
        Wished half-width of its uplift: ``0.25pp`` in ROI, ``1%`` in contribution. The number of worlds is
        doubled until it is reached, to `cap` at most; the interval covers wherever that is.

    Raises
    ------
    ValueError
        When there is nothing to run.
    TeamsError
        When a team takes the name of a reference run, or the baseline has nobody beside it to look at.
    PrecisionError
        When the precision is none.
    UnknownTeamError
        When a name is neither a team nor a policy.
    ResourceError
        When the worlds would not fit into memory, or hindsight would take too long, before anything runs.
    """
    asked = contenders(scenario, teams, baseline)
    steps = _steps(scenario, asked, baseline) if waterfall else None
    until = None if precision is None else _until(precision, replications, cap, asked, baseline)
    looks = (replications,) if until is None else until.rule.looks
    beside = _beside(scenario, looks[-1], workers, hindsight=hindsight, steps=steps)
    unit = partial(run_block, seed=seed, teams=asked, beside=beside)
    for results in _growing(unit, scenario, looks, seed, workers, progress):
        found = dataset(scenario, results, seed, baseline)
        if until is not None and (look := until.look(found)).done:
            found.attrs["precision"] = until.record(look)
            break
    found = found if steps is None else steps.joined(found, measured_beside(results))
    return Comparison(found, _close_up(scenario, asked, baseline, seed))


def _beside(
    scenario: Scenario, worlds: int, workers: int | None, *, hindsight: bool, steps: Waterfall | None
) -> list[Beside]:
    """List what each block runs beside the teams."""
    if hindsight:
        require_short(scenario, worlds, joblib.cpu_count() if workers is None else workers)
    return [*([add_hindsight] if hindsight else []), *([] if steps is None else [steps.beside])]


def _until(
    precision: str, first: int, cap: int, asked: Mapping[str, str | Policy], baseline: str
) -> Sequential:
    return Sequential.until(precision, first, cap, challenger(asked, baseline), baseline)


def _growing(
    unit: Callable[[Scenario, Sequence[int]], BlockResult],
    scenario: Scenario,
    looks: Sequence[int],
    seed: int,
    workers: int | None,
    progress: Progress | None,
) -> Iterator[list[BlockResult]]:
    """Yield all results at each number of worlds at which one looks."""
    results: list[BlockResult] = []
    done = 0
    for reach in looks:
        for result in in_blocks(unit, scenario, reach - done, seed, workers, done):
            results.append(result)
            if progress is not None:
                progress(sum(len(block.rows) for block in results), reach, _so_far(results))
        done = reach
        yield results


def _steps(scenario: Scenario, asked: Mapping[str, str | Policy], baseline: str) -> Waterfall:
    team = challenger(asked, baseline)
    return Waterfall(team, Switchboard.between(scenario, asked[baseline], asked[team]))


def challenger(asked: Iterable[str], baseline: str) -> str:
    """Name the team whose uplift is looked at.

    Raises
    ------
    TeamsError
        When the baseline runs alone.
    """
    team = headline_of(asked, baseline)
    if team is None:
        raise TeamsError(f"{baseline} is the baseline: name another team whose uplift to look at")
    return team


def _close_up(
    scenario: Scenario, asked: Mapping[str, str | Policy], baseline: str, seed: int
) -> dict[str, xr.Dataset]:
    """Look closely at the headline team in the first world; nothing where the baseline runs alone."""
    team = headline_of(asked, baseline)
    if team is None:
        return {}
    found = close_up.close_up(scenario, (team, asked[team]), (baseline, asked[baseline]), seed)
    return {close_up.NAME: found}


def contenders(
    scenario: Scenario, teams: Sequence[str] | Mapping[str, str | Policy] | None, baseline: str
) -> dict[str, str | Policy]:
    """Name everybody who runs, the baseline first; a wrong name is told here, before workers start."""
    asked: Mapping[str, str | Policy]
    if teams is None:
        asked = {name: name for name in (*DEFAULT_TEAMS, *scenario.teams)}
    else:
        asked = teams if isinstance(teams, Mapping) else {name: name for name in teams}
    for name in asked:
        if name in REFERENCES:
            part = (
                "asked for by `--hindsight` (`hindsight=True`)"
                if name == HINDSIGHT
                else "part of every comparison"
            )
            raise TeamsError(f"{name!r} is a reference run, {part}: leave it out of the teams")
    named = {baseline: asked.get(baseline, baseline)} | dict(asked)
    for team in named.values():
        resolve(scenario, team)
    return named


def _so_far(results: Sequence[BlockResult]) -> Estimate | None:
    """Uplift in contribution over the worlds that are done; the baseline is the first team of a block."""
    baseline = next(iter(results[0].teams))
    team = headline_of(results[0].teams, baseline)
    if team is None:
        return None
    mine, theirs = (
        np.concatenate([block.teams[name].metrics["contribution"] for block in results])
        for name in (team, baseline)
    )
    return mean_interval(mine - theirs)
