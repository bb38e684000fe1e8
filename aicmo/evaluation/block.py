"""One block of worlds under every team: the unit of work that runs in parallel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import measure_all
from aicmo.evaluation.presence import brand_at_end, excess_voice
from aicmo.evaluation.reference import CLAIRVOYANT, DARK, clairvoyant_team, dark_team
from aicmo.evaluation.terminal import terminal_value
from aicmo.messages import Brief, Period
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import Kernel
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
    """All teams in one block; `rows` are the ids of its replications."""

    rows: tuple[int, ...]
    facts: Facts
    teams: Mapping[str, TeamResult]


def run_block(
    scenario: Scenario, rows: Sequence[int], seed: int, teams: Mapping[str, str | Policy]
) -> BlockResult:
    """Run every team, the dark run and the clairvoyant over the same worlds.

    The first team is the baseline; the clairvoyant costs what it costs, so that headroom is decisions alone.
    """
    world = open_world(scenario, seed, rows)
    start = live_history(world)
    staffed = {name: resolve(scenario, team) for name, team in teams.items()}
    staffed[CLAIRVOYANT] = clairvoyant_team(scenario, world)
    dark, nothing = run_team(world, start, dark_team(scenario)), np.zeros(len(rows))
    usual = next(iter(staffed.values())).costs(world.brief)
    results = {}
    for name, team in staffed.items():
        costs = np.full(len(rows), usual if name == CLAIRVOYANT else team.costs(world.brief))
        results[name] = _keep(books_beside(run_team(world, start, team), dark, costs))
    results[DARK] = _keep(books_beside(dark, dark, nothing))
    return BlockResult(tuple(rows), _facts(world.brief), results)


def _facts(brief: Brief) -> Facts:
    horizon = tuple(period for period in brief.periods if period.start >= 0)
    return Facts(brief.channels, horizon, brief.tick_minutes, brief.start)


class Finished(NamedTuple):
    """A run's ledger, and what it leaves behind, (R,) each."""

    ledger: Ledger
    terminal: Float[np.ndarray, "R"]
    brand: Float[np.ndarray, "R"]
    voice: Float[np.ndarray, "R"]


def run_team(world: World, start: Start, team: Team) -> Finished:
    """Run a team over the horizon."""
    kernel = Kernel(world, start, team, range(world.brief.ticks), resolution="week")
    kernel.run()
    kernel.close()
    left = terminal_value(world, kernel.state, kernel.controls.standing())
    return Finished(kernel.ledger, left, brand_at_end(kernel), excess_voice(kernel))


def books_beside(own: Finished, dark: Finished, costs: Float[np.ndarray, "R"]) -> Books:
    """Set a run beside the dark run of the same worlds."""
    return Books(own.ledger, dark.ledger, costs, own.terminal - dark.terminal, own.brand, own.voice)


def _keep(books: Books) -> TeamResult:
    weekly = {name: np.asarray(books.ledger[name]) for name in WEEKLY}
    weekly["gross_profit"] = weekly["gross_profit"].sum(axis=2)
    by_period = {name: row_total(books.ledger.by_period(name)) for name in ("spend", "gross_profit")}
    rejections = Counter(f"{item.guardrail}: {item.reason}" for item in books.ledger.rejections)
    return TeamResult(measure_all(books), weekly, by_period, rejections)
