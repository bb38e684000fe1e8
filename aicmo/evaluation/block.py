"""One block of worlds under every team: the unit of work that runs in parallel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import lcm
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import measure_all
from aicmo.evaluation.presence import brand_at_end, excess_voice
from aicmo.evaluation.reference import CLAIRVOYANT, DARK, clairvoyant_team, dark_team
from aicmo.evaluation.terminal import terminal_value
from aicmo.evaluation.traits import TRAIT_VALUE, traits
from aicmo.messages import Brief, Period
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import WEEK, Kernel
from aicmo.simulation.ledger import Ledger, row_total
from aicmo.simulation.team import Team, resolve
from aicmo.simulation.world import Start, World, open_world

WEEKLY = ("spend", "claimed", "unified", "orders_driven", "gross_profit")
"""Ledger fields of which a comparison keeps weekly totals, by channel where they have one."""


@dataclass(frozen=True)
class TeamResult:
    """What is kept of one team in one block.

    Attributes
    ----------
    metrics : mapping of str to (R,)
    weekly : mapping of str to (W, R, K), `gross_profit` (W, R)
    by_period : mapping of str to (P, R)
    rejections : mapping of str to int
        Why proposals were rejected whole, and how many.
    """

    metrics: Mapping[str, Float[np.ndarray, "R"]]
    weekly: Mapping[str, np.ndarray]
    by_period: Mapping[str, np.ndarray]
    rejections: Mapping[str, int]


@dataclass(frozen=True)
class Facts:
    """What results say about the scenario beside numbers: the same in every block."""

    channels: tuple[str, ...]
    periods: tuple[Period, ...]
    tick_minutes: int
    start: date


@dataclass(frozen=True)
class BlockResult:
    """All teams in one block.

    Attributes
    ----------
    rows : tuple of int
        The ids of its replications.
    beside : mapping of str to (R, …)
        What was measured beside the teams.
    """

    rows: tuple[int, ...]
    facts: Facts
    teams: Mapping[str, TeamResult]
    beside: Mapping[str, np.ndarray] = field(default_factory=dict)


def weekly(brief: Brief) -> int:
    """Ticks from one weekly decision to the next: a week, or the next tick that opens with one."""
    return lcm(WEEK, brief.tick_minutes) // brief.tick_minutes


class Finished(NamedTuple):
    """A run's ledger, what it leaves behind, (R,) each, and what it decided.

    Attributes
    ----------
    decided : (W, R, C) [currency/day]
        Rates in force when each week opened.
    """

    ledger: Ledger
    terminal: Float[np.ndarray, "R"]
    brand: Float[np.ndarray, "R"]
    voice: Float[np.ndarray, "R"]
    decided: Float[np.ndarray, "W R C"]


class Played(NamedTuple):
    """A block of worlds in which everybody has played.

    Attributes
    ----------
    start : Start
        Where everybody began.
    asked : mapping of str to team or policy
        Who was asked for, the baseline first.
    teams : mapping of str to Team
        The baseline first, the clairvoyant last.
    runs : mapping of str to Finished
        By name of the team.
    dark : Finished
    usual : (R,) [currency]
        What the baseline costs.
    """

    world: World
    start: Start
    asked: Mapping[str, str | Policy]
    teams: Mapping[str, Team]
    runs: Mapping[str, Finished]
    dark: Finished
    usual: Float[np.ndarray, "R"]


Beside = Callable[[Played, BlockResult], BlockResult]
"""Adds to the results of a block what is asked beside the teams; must be picklable."""


def run_block(
    scenario: Scenario,
    rows: Sequence[int],
    seed: int,
    teams: Mapping[str, str | Policy],
    beside: Sequence[Beside] = (),
) -> BlockResult:
    """Run every team, the dark run and the clairvoyant over the same worlds, and what is asked beside them.

    The first team is the baseline; the clairvoyant costs what it costs, so that headroom is decisions alone.
    """
    played = play(scenario, rows, seed, teams)
    worlds = {TRAIT_VALUE: traits(played.world, played.start)}
    result = BlockResult(tuple(rows), facts_of(played.world.brief), results_of(played), worlds)
    for add in beside:
        result = add(played, result)
    return result


def play(scenario: Scenario, rows: Sequence[int], seed: int, teams: Mapping[str, str | Policy]) -> Played:
    """Let every team, the clairvoyant, and nobody play the same worlds."""
    world = open_world(scenario, seed, rows)
    start = live_history(world)
    staffed = {name: resolve(scenario, team) for name, team in teams.items()}
    staffed[CLAIRVOYANT] = clairvoyant_team(scenario, world)
    usual = next(iter(staffed.values())).costs(world.brief)
    dark = run_team(world, start, dark_team(scenario))
    runs = {name: run_team(world, start, team) for name, team in staffed.items()}
    return Played(world, start, teams, staffed, runs, dark, np.full(len(rows), usual))


def results_of(played: Played) -> dict[str, TeamResult]:
    """Measure every run, the dark one last."""
    results = {}
    for name, run in played.runs.items():
        own = np.full_like(played.usual, played.teams[name].costs(played.world.brief))
        results[name] = keep(books_beside(run, played.dark, played.usual if name == CLAIRVOYANT else own))
    results[DARK] = keep(books_beside(played.dark, played.dark, np.zeros_like(played.usual)))
    return results


def facts_of(brief: Brief) -> Facts:
    """Return what results say beside numbers."""
    horizon = tuple(period for period in brief.periods if period.start >= 0)
    return Facts(brief.channels, horizon, brief.tick_minutes, brief.start)


def run_team(world: World, start: Start, team: Team, salt: str = "") -> Finished:
    """Run a team over the horizon; another salt is another luck of its own."""
    kernel = Kernel(world, start, team, range(world.brief.ticks), resolution="week", salt=salt)
    kernel.run()
    kernel.close()
    left = terminal_value(world, kernel.state, kernel.controls.standing())
    decided = np.array(kernel.rates[-world.brief.ticks :: weekly(world.brief)])
    return Finished(kernel.ledger, left, brand_at_end(kernel), excess_voice(kernel), decided)


def books_beside(own: Finished, dark: Finished, costs: Float[np.ndarray, "R"]) -> Books:
    """Set a run beside the dark run of the same worlds."""
    return Books(own.ledger, dark.ledger, costs, own.terminal - dark.terminal, own.brand, own.voice)


def keep(books: Books) -> TeamResult:
    """Measure a run and keep its weekly and periodic totals."""
    weekly = {name: np.asarray(books.ledger[name]) for name in WEEKLY}
    weekly["gross_profit"] = weekly["gross_profit"].sum(axis=2)
    weekly |= approvals(books.ledger, len(weekly["gross_profit"]))
    by_period = {name: row_total(books.ledger.by_period(name)) for name in ("spend", "gross_profit")}
    rejections = Counter(f"{item.guardrail}: {item.reason}" for item in books.ledger.rejections)
    return TeamResult(measure_all(books), weekly, by_period, rejections)


def approvals(ledger: Ledger, weeks: int) -> dict[str, Float[np.ndarray, "W R"]]:
    """Count by week what leadership was asked, granted and declined."""
    minutes, rows = ledger.brief.tick_minutes, ledger.brief.replications
    asked, granted, declined = (np.zeros((weeks, rows)) for _ in range(3))
    for request in ledger.requests:
        asked[request.tick * minutes // WEEK] += request.asks
    for answer in ledger.answers:
        (granted if answer.granted else declined)[answer.tick * minutes // WEEK, answer.world] += 1.0
    return {"asked": asked, "granted": granted, "declined": declined}
