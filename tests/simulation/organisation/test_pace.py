"""What waits is how money is split; how much there is a day follows the period."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.messages import Proposal
from aicmo.scenario.operating_models import operating_models
from aicmo.simulation.organisation.pace import Pace, at_pace
from tests.simulation.worlds import run, still, world_of

PLAN = Proposal("budget", np.array([[60.0, 50.0], [10.0, 80.0], [0.0, 0.0]]))
EVEN = 100.0


def paced(then: tuple[int, float], now: tuple[int, float]) -> tuple[np.ndarray, np.ndarray]:
    made, came = (Pace(start, EVEN, np.full(3, money)) for start, money in (then, now))
    proposal, known = at_pace(PLAN, made, came)
    return np.asarray(proposal.value), known


def test_within_a_period_a_plan_keeps_what_it_meant_beyond_the_pace() -> None:
    """The first row meant a tenth more than the pace of its day, and so it does at another pace."""
    value, known = paced((0, 100.0), (0, 80.0))
    np.testing.assert_allclose(value[:2], PLAN.value[:2] * 0.8)
    assert known.tolist() == [True, True, False]


def test_in_the_next_period_it_spends_what_there_is_in_its_proportions() -> None:
    value, _ = paced((0, 20.0), (91, 150.0))
    np.testing.assert_allclose(value[:2].sum(axis=1), 150.0)
    np.testing.assert_allclose(value[:2, 0] / value[:2, 1], PLAN.value[:2, 0] / PLAN.value[:2, 1])


@pytest.mark.parametrize(("then", "now"), [(1.0, 100.0), (100.0, 1.0)])
def test_where_nothing_is_left_a_plan_says_nothing(then: float, now: float) -> None:
    assert not paced((0, then), (0, now))[1].any()


@pytest.mark.parametrize("model", operating_models())
def test_however_slow_the_organisation_the_money_of_every_period_is_spent(model: str) -> None:
    """Monthly budgets in a market that takes all money, and plans that are up to two weeks old."""
    kernel = run(*world_of(still(organisation={"preset": model})), "ai_cmo", fails=None)
    spent = kernel.ledger.by_period("spend").sum(axis=2)
    budgets = np.array([period.budget for period in kernel.brief.periods if period.start >= 0])
    assert (spent >= 0.97 * budgets[:, None]).all()
