"""Weekly plans played back: other money in a team's budget seat, everybody else as before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.agents import Agent
from aicmo.agents.optimization import Optimization
from aicmo.core.noise import Draws
from aicmo.evaluation.block import Finished, TeamResult, books_beside, keep, run_team, weekly
from aicmo.evaluation.reference import CLAIRVOYANT, HINDSIGHT, clairvoyant_team, dark_team
from aicmo.messages import Brief, Observation
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.simulation.history import live_history
from aicmo.simulation.team import Team, resolve
from aicmo.simulation.world import open_world


@dataclass(frozen=True)
class Planned:
    """Proposes the rates of a plan, week by week.

    Parameters
    ----------
    rates : (W, R, C) [currency/day]
    """

    rates: Float[np.ndarray, "W R C"]

    kind: ClassVar[str] = HINDSIGHT
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[Planned]:
        """Yield none: a plan belongs to its worlds."""
        yield from ()

    def init(self, brief: Brief) -> Brief:
        """Know the length of a tick."""
        return brief

    def update(self, state: Brief, observation: Observation) -> Brief:  # noqa: ARG002 - it learns nothing
        """Nothing to learn."""
        return state

    def act(self, state: Brief, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        """Return the rates of the running week."""
        return np.asarray(self.rates[observation.tick // weekly(state)])


class Playback:
    """Some worlds, each several times, in which one team's other seats meet plans of money.

    Copies of a world meet the same luck, so one run tries as many plans in each as there are copies.

    Parameters
    ----------
    rows : sequence of int
        Ids of the worlds.
    name : str
        Of the team whose other seats play along; the clairvoyant's know these worlds.
    team : str or Policy
        The team itself; not read for the clairvoyant.
    copies : int
        How often each world stands.
    pay : float [currency]
        Salaries and tools over the horizon.
    """

    def __init__(
        self,
        scenario: Scenario,
        rows: Sequence[int],
        seed: int,
        name: str,
        team: str | Policy,
        copies: int,
        pay: float,
    ) -> None:
        self.rows, self.copies = tuple(rows), copies
        self._world = open_world(scenario, seed, np.repeat(self.rows, copies).tolist())
        self._start = live_history(self._world)
        self._dark = run_team(self._world, self._start, dark_team(scenario))
        self._pay = np.full(len(self.rows) * copies, pay)
        known = name == CLAIRVOYANT
        self._team = clairvoyant_team(scenario, self._world) if known else resolve(scenario, team)

    def play(self, plans: Float[np.ndarray, "N W R C"]) -> Iterator[tuple[Finished, TeamResult]]:
        """Run plans, as many at once as there are copies.

        Yields
        ------
        run, result :
            Copy k of world r stands in row r · copies + k; the last plan fills copies that are left over.
        """
        for first in range(0, len(plans), self.copies):
            chosen = np.minimum(np.arange(first, first + self.copies), len(plans) - 1)
            rates = np.moveaxis(plans[chosen], 0, 2)  # (W, R, K, C)
            weeks, rows, copies, campaigns = rates.shape
            money = np.ascontiguousarray(rates).reshape(weeks, rows * copies, campaigns)
            run = run_team(self._world, self._start, _seated(self._team, Planned(money)))
            yield run, keep(books_beside(run, self._dark, self._pay))


def _seated(team: Team, plan: Planned) -> Team:
    """Return the team with the plan in its budget seat; who decides beside money answers as before."""
    others: list[Agent] = [agent for agent in team.agents if agent.seat != "budget"]
    return replace(team, name=HINDSIGHT, agents=(Optimization(plan, cadence="1w"), *others))
