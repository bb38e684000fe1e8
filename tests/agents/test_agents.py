"""Agents: one seat each, and what hosts a policy adds to it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from aicmo.agents import Agent
from aicmo.agents.channel import Channel
from aicmo.agents.optimization import Optimization
from aicmo.agents.orchestrator import Orchestrator
from aicmo.agents.planner import Planner
from aicmo.agents.within_channels import WithinChannels
from aicmo.checks import fixtures
from aicmo.core.noise import Draws
from aicmo.guardrails.step import Step
from aicmo.messages import Observation, Proposal
from aicmo.policies.equal_roas import EqualRoas
from aicmo.simulation.seats import cadence_minutes, is_due
from aicmo.simulation.team import Team, resolve
from tests.simulation.worlds import busy, decisions, run, still, world_of

BRIEF = fixtures.brief()
DRAWS = Draws(1, "pacing/channel", 4)


def ramped(agent: Channel, targets: list[np.ndarray]) -> list[np.ndarray]:
    """Daily rates that the agent makes of the decisions in force."""
    state, rates = agent.init(BRIEF), []
    for day, target in enumerate(targets):
        seen = fixtures.observation(BRIEF, day, current=target)
        state = agent.update(state, seen)
        rates.append(target * agent.act(state, seen, DRAWS.at(day)).value.factor)
    return rates


def test_the_channel_ramps_by_what_platforms_forgive_and_keeps_the_days_total() -> None:
    before, after = np.full(BRIEF.shape, 100.0), np.full(BRIEF.shape, 100.0)
    after[:, 0], after[:, 1] = 190.0, 10.0
    rates = ramped(Channel(step=1.2), [before, *[after] * 20])
    for day, rate in enumerate(rates):
        np.testing.assert_allclose(rate.sum(axis=1), 700.0, rtol=1e-12, err_msg=str(day))
    steps = np.array([np.abs(np.log(b / a)) for a, b in pairwise(rates)])
    assert (steps[:, :, 0] < np.log(1.2) * 1.35).all()  # a step, and its share of keeping the total
    np.testing.assert_allclose(rates[0], before)
    np.testing.assert_allclose(rates[-1], after, rtol=1e-12)


def test_the_channel_changes_nothing_where_nothing_is_decided_anew() -> None:
    target = np.tile(np.arange(7.0), (4, 1))
    for rate in ramped(Channel(), [target] * 3):
        np.testing.assert_allclose(rate, target, rtol=1e-14)


def test_the_money_of_a_campaign_that_is_stopped_goes_to_the_others_on_the_day() -> None:
    before, after = np.full(BRIEF.shape, 100.0), np.full(BRIEF.shape, 700.0 / 6.0)
    after[:, 2] = 0.0
    for rate in ramped(Channel(), [before, after, after])[1:]:
        assert not rate[:, 2].any()
        np.testing.assert_allclose(rate.sum(axis=1), 700.0, rtol=1e-12)


def test_the_channel_leaves_what_is_off_off_and_starts_from_nothing() -> None:
    off, on = np.zeros(BRIEF.shape), np.full(BRIEF.shape, 50.0)
    rates = ramped(Channel(), [off, on, off, on])
    assert not rates[0].any()
    assert not rates[2].any()
    np.testing.assert_allclose(rates[1].sum(axis=1), 350.0)
    with pytest.raises(ValueError, match="a factor above 1"):
        Channel(step=1.0)


class Spy(EqualRoas):
    """Remembers what its host showed it."""

    seen: Observation

    def update(self, state: object, observation: Observation) -> object:  # type: ignore[override]  # a spy has no state
        type(self).seen = observation
        return state


def test_people_beside_an_agent_read_a_report_that_is_days_old() -> None:
    agent, seen = WithinChannels(people=Planner(policy=Spy()), lead_days=5), fixtures.observation(BRIEF, 30)
    agent.update(agent.init(BRIEF), seen)
    report, cut = Spy.seen, seen.origin < 25
    np.testing.assert_array_equal(report.delivered, cut)
    for name in ("spend", "claimed", "unified", "orders"):
        assert not getattr(report, name)[~cut].any()
        np.testing.assert_array_equal(getattr(report, name)[cut], getattr(seen, name)[cut])


def test_hosts_put_proposals_into_the_budget_seat() -> None:
    for agent in (Planner(policy=EqualRoas()), Optimization(policy=EqualRoas())):
        seen = fixtures.observation(BRIEF, 30)
        proposal = agent.act(agent.update(agent.init(BRIEF), seen), seen, DRAWS)
        assert (proposal.seat, proposal.value.shape) == ("budget", BRIEF.shape)


def test_the_orchestrator_orders_what_limits_allow_and_records_the_rest() -> None:
    orchestrator, standing = (
        Orchestrator((Step(per_decision=0.1, per_week=0.1),)),
        fixtures.standing(BRIEF, 10),
    )
    allowance = orchestrator.allow(BRIEF, standing)
    decision = orchestrator.decide(Proposal("budget", 5 * standing.current), allowance, standing)
    np.testing.assert_allclose(decision.rate, 1.1 * standing.current, rtol=1e-9)
    assert [item.guardrail for item in decision.interventions] == ["step"]
    assert not orchestrator.breaches(decision.rate, allowance).any()
    assert orchestrator.breaches(5 * standing.current, allowance).all()
    kept = orchestrator.decide(Proposal("budget", standing.current), allowance, standing)
    np.testing.assert_array_equal(kept.rate, standing.current)
    assert kept.interventions == ()


def test_no_rate_is_allowed_that_would_take_a_periods_budget_in_less_than_a_tick() -> None:
    allowance = Orchestrator(()).allow(BRIEF, fixtures.standing(BRIEF, 10))
    np.testing.assert_array_equal(allowance.merged.total, BRIEF.period_at(10).budget)


def test_factors_that_are_none_keep_those_in_force_by_row() -> None:
    before, wish = np.full(BRIEF.shape, 0.5), np.full(BRIEF.shape, 2.0)
    wish[1, 3] = np.nan
    factor, (rejection,) = Orchestrator(()).pace(Proposal("pacing", wish), before, 3)
    np.testing.assert_array_equal(factor[[0, 2, 3]], 2.0)
    np.testing.assert_array_equal(factor[1], 0.5)
    assert rejection.tick == 3
    assert "1 of 4 rows" in rejection.reason


def test_a_seat_has_one_writer() -> None:
    team = resolve(still(), "ai_cmo")
    with pytest.raises(ValueError, match="2 agents want seat 'budget'; it has one writer"):
        replace(team, agents=(Optimization(), Planner()))
    assert isinstance(team, Team)


@pytest.mark.parametrize(
    ("cadence", "due"),
    [("1d", [0, 1, 2, 3, 4]), ("2d", [0, 2, 4]), ("1w", [0]), ("48h", [0, 2, 4])],
)
def test_a_cadence_counts_from_the_start_of_the_run(cadence: str, due: list[int]) -> None:
    assert [tick for tick in range(5) if is_due(cadence, BRIEF, tick, 0)] == due
    assert (
        cadence_minutes(cadence)
        == cadence_minutes("1h") * {"1d": 24, "2d": 48, "1w": 168, "48h": 48}[cadence]
    )


def test_a_period_cadence_is_the_first_tick_of_each_period() -> None:
    world, _ = world_of(busy())
    due = [tick for tick in range(world.brief.ticks) if is_due("period", world.brief, tick, 0)]
    assert due == [period.start for period in world.brief.periods if period.start >= 0]


def test_people_split_channels_and_the_agent_moves_money_inside_them() -> None:
    scenario = busy(guardrails=[])
    world, start = world_of(scenario)
    brief = world.brief
    teams = {name: resolve(scenario, name) for name in ("manual_quarterly", "level_2", "level_3")}
    # At once, on one day's report: otherwise both are as late as people are.
    prompt: tuple[Agent, ...] = (Planner(answer_days=(0.0, 0.0)), WithinChannels(lead_days=0))
    for name, agent in zip(("manual_quarterly", "level_2"), prompt, strict=True):
        others = tuple(item for item in teams[name].agents if item.seat != "budget")
        teams[name] = replace(teams[name], agents=(agent, *others))
    rates = {name: decisions(run(world, start, team)) for name, team in teams.items()}
    by_channel = {
        name: np.stack([rate[:, :, brief.channel == k].sum(axis=2) for k in range(len(brief.channels))])
        for name, rate in rates.items()
    }
    first = {name: sums[:, 0] for name, sums in by_channel.items()}
    np.testing.assert_allclose(first["level_2"], first["manual_quarterly"], rtol=1e-9)
    assert (np.abs(rates["level_2"][0] - rates["manual_quarterly"][0]) > 1.0).any()
    assert not np.allclose(first["level_3"], first["manual_quarterly"], rtol=1e-3)
