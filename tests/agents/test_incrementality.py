"""Experiments that agents plan: where they are worth it, and in turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aicmo.agents.incrementality import Incrementality, preposterior
from aicmo.agents.quarterly_holdout import QuarterlyHoldout
from aicmo.checks import fixtures
from aicmo.core.noise import Draws
from aicmo.messages import Experiments, Holdouts, Observation, Terms
from aicmo.policies._credit import Credit

BRIEF = fixtures.brief(replications=2, weeks=104)
DRAWS = Draws(1, "experiments/test", 2)
LARGE = 1000.0
DOUBTFUL = Incrementality(credit=Credit(common_sd=0.3, channel_sd=0.6, plan_sd=10.0))
"""Somebody who believes that channels over-claim very differently, and that plans say nothing about it."""


def observed(size: float = 1.0, tick: int = 0, terms: Terms = Terms(2, 7.0, 0.0)) -> Observation:  # noqa: B008 - frozen
    """Everybody spends and brings `size` times what the fixtures have."""
    seen = fixtures.observation(BRIEF, tick)
    grown = {
        name: size * getattr(seen, name) for name in ("spend", "orders", "unified", "claimed", "current")
    }
    return replace(seen, **grown, experiments=Experiments.none(*BRIEF.shape, 8, terms))


def wish(agent: Incrementality | QuarterlyHoldout, seen: Observation) -> Holdouts:
    state = agent.update(agent.init(BRIEF), seen)  # type: ignore[arg-type]  # each agent takes its own state
    proposal = agent.act(state, seen, DRAWS)  # type: ignore[arg-type]  # likewise
    assert proposal.seat == "experiments"
    assert isinstance(proposal.value, Holdouts)
    return proposal.value


def begun(seen: Observation, given: Holdouts, tick: int) -> Observation:
    """What is seen once a wish was granted, in the next free slot."""
    now = seen.experiments
    slot = int((now.share[0] > 0).sum())
    arrays = {name: getattr(now, name).copy() for name in ("tested", "share", "start", "counted", "end")}
    length = np.ceil(given.days + given.wash_out).astype(int)
    for name, value in {
        "tested": given.tested,
        "share": given.share,
        "start": tick,
        "counted": tick,
        "end": tick + length,
    }.items():
        arrays[name][:, slot] = value
    return replace(seen, experiments=replace(now, **arrays))


def test_what_a_test_would_teach_is_what_its_readout_takes_off_the_variance() -> None:
    covariance, variance = 0.09 + 0.04 * np.eye(3), np.array([0.05, 0.2, 1.0])
    moved = preposterior(covariance[None], variance[None])[0]
    for k in range(3):
        precision = np.linalg.inv(covariance)
        precision[k, k] += 1.0 / variance[k]
        np.testing.assert_allclose(
            np.outer(moved[k], moved[k]), covariance - np.linalg.inv(precision), rtol=1e-6, atol=1e-12
        )


def test_tests_are_planned_with_the_doubt_that_curves_are_learned_with() -> None:
    """A channel that looks too good for the plan is believed less, and a plan known to be equal, more."""
    agent, seen = Incrementality(), observed()
    flattered = replace(seen, unified=seen.unified * np.where(BRIEF.channel == 1, 2.0, 1.0))
    even, doubt = (agent.update(agent.init(BRIEF), given).excess for given in (seen, flattered))
    assert (doubt.mean[:, BRIEF.channel == 1] > even.mean[:, BRIEF.channel == 1] + 0.05).all()
    prior = agent.credit.common_sd**2 + agent.credit.channel_sd**2 + agent.credit.campaign_sd**2
    covariance = even.by_channel(BRIEF.channel, len(BRIEF.channels))
    assert (np.diagonal(covariance, axis1=1, axis2=2) < prior).all()
    np.testing.assert_allclose(covariance, covariance.transpose(0, 2, 1), rtol=1e-9)
    weight = (BRIEF.channel == 0) / (BRIEF.channel == 0).sum()
    np.testing.assert_allclose(covariance[:, 0, 0], even.variance_of_sum(weight[None]), rtol=1e-9)


def test_a_holdout_is_begun_where_there_is_volume_and_not_where_there_is_none() -> None:
    """Costs grow with the volume, errors with its root: Lewis & Rao 2015."""
    small, large = wish(DOUBTFUL, observed(0.01)), wish(DOUBTFUL, observed(LARGE))
    assert not small.tested.any()
    assert large.tested.any(axis=1).all()
    channel = [np.unique(BRIEF.channel[row]) for row in large.tested]
    assert all(len(found) == 1 for found in channel), "one channel, whole"
    for row, found in zip(large.tested, channel, strict=True):
        np.testing.assert_array_equal(row, BRIEF.channel == found[0])
    longest = np.array([BRIEF.half_life[r, large.tested[r]].max() for r in range(2)])
    np.testing.assert_allclose(large.wash_out, longest)


@pytest.mark.parametrize(
    "changed",
    [
        {"terms": Terms(0, 7.0, 0.0)},
        {"terms": Terms(2, 7.0, 1e12)},
        {"tick": BRIEF.ticks - 60},
    ],
    ids=["no capacity", "dear", "no time left"],
)
def test_nothing_is_begun_that_cannot_be_or_does_not_pay(changed: dict[str, object]) -> None:
    assert not wish(DOUBTFUL, observed(LARGE, **changed)).tested.any()  # type: ignore[arg-type]  # parametrised


def test_who_knows_that_channels_are_alike_tests_none() -> None:
    """An error that all channels share moves no money, however large it is."""
    alike = Incrementality(credit=Credit(common_sd=1.0, channel_sd=1e-6, campaign_sd=0.0))
    assert not wish(alike, observed(LARGE)).tested.any()


def test_guardrails_on_money_for_experiments_are_kept() -> None:
    seen = observed(LARGE)
    free = wish(DOUBTFUL, seen)
    money = free.share * (free.tested * seen.current).sum(axis=1)
    tight = replace(seen, limits=replace(seen.limits, withheld=money / 3.0))
    held = wish(DOUBTFUL, tight)
    assert ((held.share * (held.tested * seen.current).sum(axis=1)) <= money / 3.0).all()
    assert not wish(
        Incrementality(), replace(seen, limits=replace(seen.limits, withheld=0.0 * money))
    ).tested.any()


def test_a_channel_that_is_being_tested_is_not_tested_twice_at_once() -> None:
    seen = observed(LARGE)
    first = wish(DOUBTFUL, seen)
    second = wish(DOUBTFUL, begun(seen, first, 0))
    assert not (first.tested & second.tested).any()
    assert second.tested.any()
    third = begun(begun(seen, first, 0), second, 0)
    assert not wish(DOUBTFUL, third).tested.any(), "two run at once, no more"


def test_people_test_every_channel_in_turn_the_largest_first() -> None:
    seen, agent, order = observed(), QuarterlyHoldout(), []
    for quarter in range(6):
        tick = 91 * quarter
        seen = replace(fixtures.observation(BRIEF, tick), experiments=seen.experiments)
        given = wish(agent, seen)
        order.append(int(BRIEF.channel[given.tested[0]][0]))
        seen = begun(seen, given, tick)
    assert sorted(order[:3]) == [0, 1, 2]
    assert order[:3] == order[3:]
    assert order[0] == np.bincount(BRIEF.channel).argmax(), "money is split evenly over campaigns"


def test_people_wait_where_nothing_is_left_to_test() -> None:
    seen = observed()
    stopped = replace(seen, current=np.zeros_like(seen.current))
    assert not wish(QuarterlyHoldout(), stopped).tested.any()
    with pytest.raises(ValueError, match="share lies above 0 and below 1, got 1"):
        QuarterlyHoldout(share=1.0)
