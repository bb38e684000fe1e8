"""The customer intelligence loop: what each step takes, who signs, and what vendors' joints cost."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.messages import Proposal
from aicmo.scenario.leadership import Leadership
from aicmo.simulation.clock import Clock
from aicmo.simulation.organisation import NEVER, STEPS, Turn
from aicmo.simulation.organisation.company import Company, working_time
from aicmo.simulation.organisation.conditions import Conditions
from aicmo.simulation.organisation.intelligence_loop import IntelligenceLoop
from aicmo.simulation.organisation.pace import Pace
from aicmo.simulation.organisation.sponsor import Sponsor
from tests.simulation.organisation.companies import organisation
from tests.simulation.worlds import busy, world_of

DAY, WORLDS = 1440, 2000
SLOW = {"collect": "2d", "unify": "1d", "understand": "12h", "engage": "36h"}


def loop(worlds: int = WORLDS, **said: Any) -> IntelligenceLoop:
    terms, tape, brief = organisation(**said), Tape(1, worlds), world_of(busy())[0].brief
    sponsor = Sponsor(terms.decision, working_time(Leadership(), brief), Clock(0), tape, [])
    return IntelligenceLoop(terms.stack, Conditions(terms, tape), sponsor, tape, DAY)


def turns(
    asked: IntelligenceLoop, ticks: tuple[int, ...] = (0,), worlds: int = WORLDS, by: float = 0.2
) -> list[Turn]:
    """Proposals that move a share `by` of the budget, one after the other."""
    current = np.full((worlds, 2), 50.0)
    wish = Proposal("budget", current + 100.0 * by * np.array([1.0, -1.0]))
    pace, use = Pace(0, 100.0, np.full(worlds, 100.0)), np.zeros((worlds, 0))
    return [asked.enter(wish, current, pace, use, tick) for tick in ticks]


def test_one_platform_takes_its_steps_and_rounds_up_to_a_tick() -> None:
    (turn,) = turns(loop(conditions=SLOW))
    assert turn.steps[0].tolist() == [2 * DAY, DAY, DAY // 2, 0, 3 * DAY // 2]
    assert (turn.engaged == 5).all()
    assert not turn.failures.any()


def test_every_hand_over_takes_its_time_and_fails_as_often_as_stated() -> None:
    """Four joints of five vendors, a tenth of which fail and are repaired after 3 / ln 2 days on average."""
    stack = {"vendors": 5, "latency": "6h", "failure": 0.1, "repair": "3d"}
    (turn,) = turns(loop(stack=stack))
    joints = len(STEPS) - 1
    assert turn.failures.mean() == pytest.approx(0.1 * joints, rel=0.1)
    smooth = turn.failures == 0
    assert (turn.steps[smooth].sum(axis=1) == joints * DAY // 4).all()
    repairs = turn.steps.sum(axis=1).mean() - joints * DAY / 4
    assert repairs == pytest.approx(0.1 * joints * 3 * DAY / np.log(2.0), rel=0.12)
    assert (turn.steps[:, 0] == 0).all()


def test_composable_takes_longer_than_one_platform_in_every_world() -> None:
    said: dict[str, Any] = {"conditions": SLOW}
    vendors = [turns(loop(**said, stack={"vendors": n, "latency": "12h"}))[0].engaged for n in range(1, 6)]
    for fewer, more in itertools.pairwise(vendors):
        assert (fewer <= more).all()
    assert (vendors[0] < vendors[-1]).all()


@pytest.mark.parametrize(("by", "signed"), [(0.05, False), (0.2, True)])
def test_what_moves_more_than_autonomy_is_signed(by: float, signed: bool) -> None:
    said: dict[str, Any] = {"conditions": {"autonomy": 0.1}, "decision": {"sign_off": "8h", "spread": 0.0}}
    (turn,) = turns(loop(**said), by=by)
    assert (turn.signed == signed).all()
    # Monday at midnight: eight hours of work are over on Monday at 17:00.
    assert (turn.steps[:, STEPS.index("decide")] == (17 * 60 if signed else 0)).all()


def test_the_stated_share_is_declined_and_never_arrives() -> None:
    said: dict[str, Any] = {"conditions": {"autonomy": 0.0}, "decision": {"sign_off": "1h", "declines": 0.25}}
    (turn,) = turns(loop(**said))
    assert (turn.engaged == NEVER).mean() == pytest.approx(0.25, abs=0.03)


def test_nothing_overtakes_what_went_before() -> None:
    said: dict[str, Any] = {"conditions": {"autonomy": 0.0}, "decision": {"sign_off": "60h", "spread": 1.5}}
    one_by_one = turns(loop(**said), ticks=(0, 1, 2, 3, 4))
    for before, after in itertools.pairwise(one_by_one):
        assert (before.engaged <= after.engaged).all()


def test_what_arrives_together_is_one_proposal_and_the_last_one_holds() -> None:
    slow = loop(worlds=1, conditions={"collect": "3d"})
    pace = Pace(0, 100.0, np.array([100.0]))
    for tick, rate in ((0, 10.0), (1, 20.0)):
        slow.enter(
            Proposal("budget", np.array([[rate, rate]])), np.ones((1, 2)), pace, np.zeros((1, 0)), tick
        )
    assert not slow.due(2)
    assert slow.due(3)
    arrived = slow.leave(pace, 3)
    assert arrived is not None
    np.testing.assert_array_equal(arrived.value, [[10.0, 10.0]])
    assert slow.due(4)


def test_a_company_reads_working_hours_off_leadership() -> None:
    brief = world_of(busy())[0].brief
    company = Company(organisation(), Leadership(), Clock(0), brief, Tape(1, 4), range(brief.ticks))
    assert company.record.capabilities == ()
    assert working_time(Leadership(), brief).per_week == 5 * 8 * 60
