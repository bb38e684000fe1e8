"""The company around a team in a block of worlds: everything that `organisation:` starts on the clock."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from aicmo.core.noise import Tape
from aicmo.messages import Brief, Proposal
from aicmo.scenario.leadership import WEEKDAYS, Leadership
from aicmo.scenario.organisation import Organisation
from aicmo.simulation.clock import Clock
from aicmo.simulation.organisation.centre import Centre
from aicmo.simulation.organisation.conditions import Conditions, Data, data
from aicmo.simulation.organisation.intelligence_loop import IntelligenceLoop
from aicmo.simulation.organisation.it_department import ItDepartment
from aicmo.simulation.organisation.pace import Pace
from aicmo.simulation.organisation.record import Record
from aicmo.simulation.organisation.roll_out import RollOut
from aicmo.simulation.organisation.sponsor import Sponsor
from aicmo.simulation.working_time import WorkingTime

QUARTER_DAYS = 91.0


class Company:
    """What stands between a team and its market.

    Parameters
    ----------
    terms : Organisation
    people : Leadership
        When people work.
    ticks : range
        The run, from tick 0 on.

    Attributes
    ----------
    record : Record
        What happened.
    identity : (T, R) [1]
        Factor on the identity of the team's data stack by row of the brief; 1 in history.
    """

    def __init__(
        self, terms: Organisation, people: Leadership, clock: Clock, brief: Brief, tape: Tape, ticks: range
    ) -> None:
        self._terms, self._brief = terms, brief
        until = ticks.stop * brief.tick_minutes
        self.record = Record.empty(terms.programme.roadmap, len(ticks), brief.replications)
        visits = self.record.visits
        sponsor = Sponsor(terms.decision, working_time(people, brief), clock, tape, visits)
        self._centre = Centre(terms.centre, clock, tape, visits, until)
        department = ItDepartment(terms.it, clock, tape, visits, until)
        self._roll_out = RollOut(
            terms, clock, tape, self._centre, department, sponsor, visits, brief.replications
        )
        self._conditions = Conditions(terms, tape)
        self._loop = IntelligenceLoop(terms.stack, self._conditions, sponsor, tape, brief.tick_minutes)
        self.identity = np.ones((brief.history_ticks + brief.ticks, brief.replications))
        self._use = self._roll_out.use
        self._data = data(self._conditions, self._use)

    def open(self, tick: int) -> None:
        """Look at what is live and used when `tick` opens."""
        self._use = self._roll_out.use
        self._data = data(self._conditions, self._use)
        self.record.use[tick], self.record.live[tick] = self._use, self._roll_out.live
        self.identity[self._brief.row(tick)] = self._data.identity

    @property
    def data(self) -> Data:
        """Shares of data now."""
        return self._data

    def may_test(self, tick: int) -> Bool[np.ndarray, "R"]:
        """Whether an experiment can be begun in `tick`."""
        return self._conditions.case("experiments", self._use, tick) > 0.0

    def studio_pace(self, tick: int) -> Float[np.ndarray, "R"]:
        """Time from brief to live of what is ordered in `tick`, over the studio's own [1]."""
        return self._conditions.case("studio", self._use, tick)

    def passed(
        self, proposals: list[Proposal], current: Float[np.ndarray, "R C"], pace: Pace, tick: int
    ) -> list[Proposal]:
        """Send budgets through the loop and return what comes into force now; other seats pass.

        What is no budget at all passes too, for the gate to say so.
        """
        passing = []
        for proposal in proposals:
            if proposal.seat == "budget" and is_rate(proposal.value, current.shape):
                self.record.turns.append(self._loop.enter(proposal, current, pace, self._use, tick))
            else:
                passing.append(proposal)
        arrived = self._loop.leave(pace, tick)
        return passing if arrived is None else [*passing, arrived]

    def due(self, tick: int) -> bool:
        """Whether budgets that were sent come into force when `tick` opens."""
        return self._loop.due(tick)

    def expenses(self) -> Float[np.ndarray, "R E"]:
        """Return what a tick costs: people, tools, and the integration work that was bought [currency]."""
        budget = sum(period.budget for period in self._brief.periods if period.start >= 0)
        quarter = budget * QUARTER_DAYS / (self._brief.ticks * self._brief.tick_days)
        share = quarter * self._brief.tick_days / QUARTER_DAYS
        prices = np.array([self._terms.capabilities[name].licence for name in self._roll_out.roadmap])
        licences = (self._roll_out.paid * prices).sum(axis=1) * self._terms.tools.overlap * share
        people = np.full(self._brief.replications, self._centre.pay * share)
        return np.stack([people, licences, quarter * self._roll_out.take_bought()], axis=1)


def is_rate(value: object, shape: tuple[int, ...]) -> bool:
    """Whether somebody proposes numbers for every campaign of every world."""
    return isinstance(value, np.ndarray) and value.shape == shape and value.dtype.kind in "fiu"


def working_time(people: Leadership, brief: Brief) -> WorkingTime:
    """Return when people work, counted from the opening of the horizon."""
    opens, closes = (60 * hour for hour in people.hours)
    return WorkingTime(brief.start, opens, closes, frozenset(WEEKDAYS.index(day) for day in people.days))
