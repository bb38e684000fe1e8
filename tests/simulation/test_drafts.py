"""Budgets that people have decided on go live in their working time, and what the calendar says at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from aicmo.agents.optimization import Optimization
from aicmo.agents.planner import Planner
from aicmo.checks import fixtures
from aicmo.messages import Brief, Limits, Proposal, Standing
from aicmo.policies.manual_quarterly import ManualQuarterly
from aicmo.scenario.load import load
from aicmo.simulation.clock import Clock, Phase
from aicmo.simulation.drafts import Drafts, in_proportion
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.organisation.pace import Pace
from aicmo.simulation.team import Team, resolve
from aicmo.simulation.working_time import WorkingTime
from aicmo.simulation.world import open_world

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"
BRIEF = fixtures.brief(replications=3)
WORK = WorkingTime(date(2024, 1, 1), 540, 1020, frozenset(range(5)))  # a Monday, nine to five
RATE = np.tile(np.arange(1.0, 8.0), (3, 1))
DAY = 1440
PACE = Pace(0, 30.0, np.full(3, 28.0))
"""Money enough in every world."""


def wish(days: Any, value: Any = None) -> Proposal:
    return Proposal("budget", np.full(BRIEF.shape, 10.0) if value is None else value, working_days=days)


def arrivals(drafts: Drafts, clock: Clock, ticks: range) -> dict[int, list[int]]:
    """Worlds in which a draft goes live, by tick."""
    found = {}
    for tick in ticks:
        clock.run_while(lambda now=tick: clock.env.peek() <= now * DAY, (ticks.stop + 1) * DAY)  # type: ignore[misc]
        if drafts.ready:
            (proposal,) = drafts.passed([], RATE, PACE, tick)
            assert proposal.due is not None
            found[tick] = np.flatnonzero(proposal.due).tolist()
    return found


def test_each_world_takes_its_working_days_and_the_total_holds_at_once() -> None:
    clock = Clock(0)
    drafts = Drafts(clock, BRIEF, WORK)
    (now,) = drafts.passed([wish(np.array([2.0, 5.0, 3.5]))], RATE, PACE, 0)
    np.testing.assert_allclose(now.value.sum(axis=1), 70.0)
    np.testing.assert_allclose(now.value / now.value[:, :1], RATE)
    # Tuesday at five, Friday at five, Thursday at one: live when the next day opens.
    assert arrivals(drafts, clock, range(1, 8)) == {2: [0], 4: [2], 5: [1]}


def test_who_looks_on_a_friday_is_not_done_before_the_week_after() -> None:
    clock = Clock(4 * DAY)
    drafts = Drafts(clock, BRIEF, WORK)
    drafts.passed([wish(np.array([1.0, 2.0, 2.0]))], RATE, PACE, 4)
    assert arrivals(drafts, clock, range(5, 12)) == {5: [0], 8: [1, 2]}


def test_what_comes_when_the_money_is_gone_stays_out() -> None:
    """Else the period would end, and the next one begin, at a budget of nothing."""
    clock = Clock(0)
    drafts = Drafts(clock, BRIEF, WORK)
    drafts.passed([wish(1.0)], RATE, PACE, 0)
    clock.run_while(lambda: clock.env.peek() <= 2 * DAY, 3 * DAY)
    (proposal,) = drafts.passed([], RATE, PACE._replace(money=np.array([28.0, 0.0, 28.0])), 2)
    assert proposal.due is not None
    assert proposal.due.tolist() == [True, False, True]
    assert not drafts.passed([], RATE, PACE, 3)


def test_a_later_look_replaces_what_is_still_under_way() -> None:
    clock = Clock(0)
    drafts = Drafts(clock, BRIEF, WORK)
    drafts.passed([wish(np.full(3, 5.0))], RATE, PACE, 0)
    clock.at(DAY, Phase.OBSERVE)
    clock.run_while(lambda: clock.env.peek() <= DAY, 20 * DAY)
    drafts.passed([wish(np.full(3, 1.0), 2.0 * RATE)], RATE, PACE, 1)
    assert arrivals(drafts, clock, range(2, 9)) == {2: [0, 1, 2]}  # and the older one never


def test_what_is_no_budget_and_what_needs_no_time_pass() -> None:
    drafts = Drafts(Clock(0), BRIEF, WORK)
    rubbish, quick = wish(np.full(3, 2.0), "many"), wish(None)
    other = Proposal("pacing", RATE)
    assert drafts.passed([rubbish, quick, other], RATE, PACE, 0) == [rubbish, quick, other]


def test_nothing_in_force_leaves_the_wish_as_it_is() -> None:
    np.testing.assert_array_equal(in_proportion(0.0 * RATE, RATE), RATE)


@dataclass(frozen=True)
class Watches:
    """A guardrail that limits nothing and notes where the team stands."""

    kind: ClassVar[str] = "watches"
    notes: tuple[list[Standing], ...] = ()

    def limits(self, brief: Brief, standing: Standing) -> tuple[Limits, ...]:
        self.notes[0].append(standing)
        return (Limits.none(*brief.shape, source=self.kind),)


def watched(agent: Any) -> tuple[list[Standing], Kernel]:
    world = open_world(load(SMALL), 1, 4)
    notes: list[Standing] = []
    team: Team = replace(resolve(world.scenario, "manual_quarterly"), agents=(agent,))
    team = replace(team, guardrails=(*team.guardrails, Watches((notes,))))  # type: ignore[arg-type]  # a spy
    kernel = Kernel(world, live_history(world), team, range(world.brief.ticks))
    kernel.run()
    return notes, kernel


def test_the_level_bought_for_a_period_is_its_first_decision() -> None:
    """Not the rate before the period, whoever decides, and however late."""
    for agent in (Planner(), Optimization(policy=ManualQuarterly(), cadence="1w")):
        notes, kernel = watched(agent)
        late = isinstance(agent, Planner)
        for period in (item for item in kernel.brief.periods if item.start >= 0):
            inside = [note for note in notes if note.period == period]
            for world in range(4):
                bought = [note for note in inside if note.bought is not None and note.bought[world]]
                before = [note.opening[world] for note in inside if note not in bought]
                levels = [note.opening[world] for note in bought]
                assert len(before) >= (1 + late)
                assert len(levels) > 5
                assert all((level == levels[0]).all() for level in levels)
                assert all((level == before[0]).all() for level in before)
                assert not np.array_equal(levels[0], before[0])


def test_looks_of_people_go_live_between_two_and_five_working_days_later_and_worlds_differ() -> None:
    notes, kernel = watched(Planner())
    decided = [decision for decision in kernel.ledger.decisions if not decision.due.all()]
    weekdays = {kernel.brief.day_of(decision.tick).weekday() for decision in decided}
    assert weekdays == {3, 4, 5}  # looks are on Mondays: ready between Tuesday and Friday at five
    looks = np.array([decision.due for decision in decided])
    assert (looks.sum(axis=0) >= kernel.brief.ticks // 7 - 1).all()
    assert len(notes) > 3 * kernel.brief.ticks // 7  # guardrails are asked on the days of arrival too
    assert not np.array_equal(looks[:, 0], looks[:, 1])
