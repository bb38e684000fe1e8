"""Hindsight: the ascent on the realised tape, from the best team's plan on (model.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.block import (
    BlockResult,
    Played,
    TeamResult,
    books_beside,
    keep,
    weekly,
)
from aicmo.evaluation.directions import nudged, slope, steps, trials
from aicmo.evaluation.playback import Playback
from aicmo.evaluation.reference import DARK, HINDSIGHT
from aicmo.messages import Brief
from aicmo.scenario.resources import ResourceError, require_fits
from aicmo.scenario.schema import Scenario
from aicmo.simulation.kernel import WEEK

ROUNDS = 12
"""How often the ascent measures a slope and steps along it."""
COPIES, WORLDS = 80, 4
"""How many plans a run tries in each world, and in how many worlds at once; no number depends on them."""
SHORTER = 0.25
"""On the length of steps in a world where a round has found nothing better."""
SPEED = 3e5
"""Campaign-ticks that a process simulates in a second, about: for the estimate alone."""
PATIENCE = 1800.0
"""Longest ascent that is begun [second]."""


def require_short(scenario: Scenario, replications: int, processes: int) -> float:
    """Return about how many seconds the ascent takes, if that is at most half an hour.

    Raises
    ------
    ResourceError
        With the estimate, when it would take longer, or when its copies of worlds do not fit into memory.
    """
    calendar, campaigns = scenario.calendar, len(scenario.market.campaigns)
    plans = ROUNDS * trials(-(-calendar.horizon // WEEK), campaigns)
    work = replications * plans * (calendar.horizon // calendar.tick) * campaigns
    seconds = work / (SPEED * min(processes, replications))
    if seconds > PATIENCE:
        raise ResourceError(
            f"hindsight tries {plans:,} plans in each of {replications:,} worlds: about {seconds / 60:,.0f} "
            f"minutes, more than the {PATIENCE / 60:.0f} that are begun. Take at most "
            f"{int(replications * PATIENCE / seconds):,} replications, or a scenario with fewer campaigns or "
            "weeks."
        )
    require_fits(scenario, COPIES * min(WORLDS, replications) * min(processes, replications))
    return seconds


def add_hindsight(played: Played, found: BlockResult, rounds: int = ROUNDS) -> BlockResult:
    """Add the ascent on the tape to a block's results, as a team before the dark run."""
    others = {name: result for name, result in found.teams.items() if name != DARK}
    best = _ascend(played, found.rows, rounds)
    return replace(found, teams=others | {HINDSIGHT: best, DARK: found.teams[DARK]})


@dataclass
class Incumbent:
    """The best plan that was found in each of some worlds, and what it brought.

    Attributes
    ----------
    plan : (W, R, C) [currency/day]
    result : TeamResult
    scale : (R,)
        On the length of the next steps.
    """

    plan: Float[np.ndarray, "W R C"]
    result: TeamResult
    scale: Float[np.ndarray, "R"]

    @property
    def worth(self) -> Float[np.ndarray, "R"]:
        """The objective [currency]."""
        return self.result.metrics["objective"]

    def learn(self, playback: Playback, plans: Float[np.ndarray, "N W R C"]) -> Float[np.ndarray, "N R"]:
        """Try plans, keep in each world the best if it beats what was known, and return what all brought."""
        found, copies = [], playback.copies
        for run, result in playback.play(plans):
            values = result.metrics["objective"].reshape(-1, copies)
            rows = np.arange(len(values)) * copies + values.argmax(axis=1)
            better = values.max(axis=1) > self.worth
            self.plan = np.where(better[:, None], run.decided[:, rows], self.plan)
            self.result = _chosen([self.result, _taken(result, rows)], better.astype(int))
            found.append(values.T)
        return np.concatenate(found)[: len(plans)]


def _ascend(played: Played, ids: Sequence[int], rounds: int) -> TeamResult:
    """Start in each world from the team that did best there, at equal pay, and climb."""
    starts = [keep(books_beside(run, played.dark, played.usual)) for run in played.runs.values()]
    first = np.argmax([start.metrics["objective"] for start in starts], axis=0)
    found, seed = _chosen(starts, first), played.world.tape.seed
    for number, name in enumerate(played.runs):
        members = np.flatnonzero(first == number)
        for at in range(0, len(members), WORLDS):
            some = members[at : at + WORLDS]
            rows, plan = [ids[row] for row in some], played.runs[name].decided[:, some]
            team, pay = played.asked.get(name, name), float(played.usual[0])
            playback = Playback(played.world.scenario, rows, seed, name, team, COPIES, pay)
            best = Incumbent(plan, _taken(starts[number], some), np.ones(len(some)))
            for _ in range(rounds):
                _climb(best, playback, played.world.brief)
            _put(found, best.result, some)
    return found


def _climb(best: Incumbent, playback: Playback, brief: Brief) -> None:
    """Measure what each week's money is worth in each world, and try steps that way."""
    before, plan = best.worth, best.plan
    period = np.array([brief.period_at(number * weekly(brief)).start for number in range(len(plan))])
    worth = slope(best.learn(playback, nudged(plan)), plan)
    best.learn(playback, steps(plan, worth, best.scale, period))
    best.scale = np.where(best.worth > before, best.scale, best.scale * SHORTER)


def _axis(values: np.ndarray) -> int:
    """Axis of the worlds: metrics have them first, weekly and periodic totals second."""
    return min(values.ndim - 1, 1)


def _parts(result: TeamResult) -> tuple[Mapping[str, np.ndarray], ...]:
    return result.metrics, result.weekly, result.by_period


def _taken(result: TeamResult, rows: np.ndarray) -> TeamResult:
    """Return some worlds of a result."""
    metrics, weekly, by_period = (
        {name: np.take(values, rows, axis=_axis(values)) for name, values in part.items()}
        for part in _parts(result)
    )
    return TeamResult(metrics, weekly, by_period, {})


def _chosen(results: Sequence[TeamResult], choice: np.ndarray) -> TeamResult:
    """Return one result's numbers in each world, `choice` (R,)."""
    found = _taken(results[0], np.arange(len(choice)))
    for number, result in enumerate(results):
        rows = np.flatnonzero(choice == number)
        _put(found, _taken(result, rows), rows)
    return found


def _put(found: TeamResult, result: TeamResult, rows: np.ndarray) -> None:
    """Write a result into some worlds of another."""
    for into, part in zip(_parts(found), _parts(result), strict=True):
        for name, values in part.items():
            if values.ndim == 1:
                into[name][rows] = values
            else:
                into[name][:, rows] = values
