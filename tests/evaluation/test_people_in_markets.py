"""What people make of audiences and creatives in whole markets, where reports are noisy and late."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from aicmo.agents import Agent
from aicmo.agents.audience import Audience
from aicmo.agents.creative import Creative
from aicmo.agents.refresh import Refresh
from aicmo.evaluation.insight import Insight
from aicmo.evaluation.known_best import KnownVariants
from aicmo.scenario.load import load
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import Ledger
from aicmo.simulation.team import Team, resolve
from aicmo.simulation.world import Start, World, open_world

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@cache
def opened(name: str) -> tuple[World, Start]:
    world = open_world(load(SCENARIOS / f"{name}.yaml"), 1, 6)
    return world, live_history(world)


def year(name: str, team: Team) -> Ledger:
    world, start = opened(name)
    kernel = Kernel(world, start, team, range(world.brief.ticks), resolution="week")
    assert kernel.run()
    return kernel.ledger


def earned(ledger: Ledger) -> np.ndarray:
    """Gross profit less spend, penalties and what the studio costs, by world."""
    outlay = sum(ledger.total(name) for name in ("spend", "studio", "penalty"))
    return np.asarray(ledger.total("gross_profit") - outlay)


def least(difference: np.ndarray) -> float:
    """Mean less two standard errors."""
    return float(difference.mean() - 2.0 * difference.std(ddof=1) / np.sqrt(len(difference)))


@pytest.mark.parametrize("name", ["thin_margins", "privacy_shock", "creative_fatigue"])
def test_people_who_look_do_not_earn_less_than_people_who_do_not(name: str) -> None:
    scenario = opened(name)[0].scenario
    typical, weak = (
        earned(year(name, resolve(scenario, team))) for team in ("manual_quarterly", "manual_weak")
    )
    assert least(weak - typical) <= 0.0


def test_people_hold_response_nearly_as_well_as_who_knows_quality_and_wear_and_better_than_the_blind() -> (
    None
):
    world, _ = opened("creative_fatigue")
    people = resolve(world.scenario, "manual_quarterly")
    insight = Insight(world, people.stack)

    def driven(creative: Agent) -> np.ndarray:
        agents = tuple(creative if agent.seat == "creative" else agent for agent in people.agents)
        ledger = year("creative_fatigue", replace(people, agents=agents, witness=insight.see))
        return np.asarray(ledger.total("orders_driven"))

    own, known, blind = driven(Refresh()), driven(KnownVariants(insight)), driven(Refresh(every_period=True))
    assert own.sum() > 0.9 * known.sum()
    assert least(own - blind) > 0.0


@pytest.mark.parametrize("name", ["thin_margins", "privacy_shock"])
def test_the_audience_agent_loses_nothing_where_people_are_right_to_leave_audiences_alone(name: str) -> None:
    world, _ = opened(name)
    people = resolve(world.scenario, "manual_quarterly")
    agents = tuple(Audience() if agent.seat == "targeting" else agent for agent in people.agents)
    by_agent, by_hand = (earned(year(name, team)) for team in (replace(people, agents=agents), people))
    assert (by_agent - by_hand).mean() >= 0.0


def test_the_creative_agent_earns_more_in_the_same_team_than_people_do() -> None:
    world, _ = opened("creative_fatigue")
    people = resolve(world.scenario, "manual_quarterly")
    agents = tuple(Creative() if agent.seat == "creative" else agent for agent in people.agents)
    by_agent, by_hand = (
        earned(year("creative_fatigue", team)) for team in (replace(people, agents=agents), people)
    )
    assert least(by_agent - by_hand) > 0.0
