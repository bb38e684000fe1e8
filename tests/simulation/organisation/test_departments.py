"""One objective for each channel: shares stand still, and departments see claims, not what others brought."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aicmo.agents.optimization import Optimization
from aicmo.agents.within_channels import by_channel
from aicmo.core.noise import Draws
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.organisation.departments import Departments
from aicmo.simulation.team import resolve
from tests.simulation.organisation.companies import organisation
from tests.simulation.worlds import decisions, run, still, world_of


def ran(objective: str) -> Kernel:
    return run(*world_of(still(organisation={"objective": objective})), "ai_cmo", fails=None)


def channel_shares(kernel: Kernel) -> np.ndarray:
    rates = decisions(kernel)
    money = np.stack([by_channel(kernel.brief, rate) for rate in rates])
    return np.asarray(money / money.sum(axis=2, keepdims=True))


def test_channels_keep_their_share_of_the_money_where_each_has_its_own_objective() -> None:
    apart, together = channel_shares(ran("per_channel")), channel_shares(ran("one"))
    weekly = apart[7::7]
    np.testing.assert_allclose(weekly, np.broadcast_to(weekly[0], weekly.shape), atol=0.03)
    assert np.abs(together[-1] - together[7]).max() > np.abs(apart[-1] - apart[7]).max()


def test_only_the_budget_seat_is_split_up_and_only_where_the_organisation_says_so() -> None:
    scenario = still()
    team = resolve(scenario, "ai_cmo")
    assert team.seated == team.agents
    silos = resolve(still(organisation={"objective": "per_channel"}), "ai_cmo").seated
    assert [type(agent) for agent in silos if agent.seat == "budget"] == [Departments]
    assert [agent for agent in silos if agent.seat != "budget"] == [
        agent for agent in team.agents if agent.seat != "budget"
    ]


def test_departments_learn_from_claims_alone() -> None:
    """With credit that is nothing but claims, and other unified credit, they decide the same."""
    kernel = ran("one")
    seen, agent = kernel.observe_end(), Departments(Optimization())
    other = replace(seen, unified=seen.unified * 0.3)
    states = [agent.update(agent.init(kernel.brief), observation) for observation in (seen, other)]
    draws = Draws(1, "budget/departments", 4).at(seen.tick)
    one, two = (
        agent.act(state, observation, draws).value
        for state, observation in zip(states, (seen, other), strict=True)
    )
    np.testing.assert_array_equal(one, two)


def test_the_objective_is_no_penalty() -> None:
    """Departments cost nothing; what is lost is what they decide."""
    assert (ran("per_channel").ledger.total("organisation") == 0.0).all()
    assert organisation(objective="per_channel").conditions == organisation().conditions


@pytest.mark.parametrize("example", list(Departments.examples()))
def test_their_cadence_is_that_of_the_team(example: Departments) -> None:
    assert example.cadence == example.agent.cadence == "1w"
