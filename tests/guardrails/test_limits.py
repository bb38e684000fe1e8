"""What each guardrail allows, worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from aicmo.checks import fixtures
from aicmo.guardrails import merge
from aicmo.guardrails._terms import GuardrailError
from aicmo.guardrails.bounds import Bounds, Range
from aicmo.guardrails.budget import Budget
from aicmo.guardrails.commitment import Commitment, Contract
from aicmo.guardrails.step import Step
from aicmo.messages import Brief

BRIEF = fixtures.brief(replications=2)
PERIOD = BRIEF.periods[1]
DAYS = PERIOD.ticks * BRIEF.tick_days


def test_the_budget_allows_the_corridor_times_an_even_pace_of_what_is_left() -> None:
    standing = fixtures.standing(BRIEF, PERIOD.start + 41, spent=0.7)
    (limits,) = Budget(corridor=2.0).limits(BRIEF, standing)
    np.testing.assert_allclose(limits.total, 2.0 * 0.3 * PERIOD.budget / (DAYS - 41.0))


def test_in_the_last_tick_of_a_period_only_what_is_left_may_be_planned() -> None:
    standing = fixtures.standing(BRIEF, PERIOD.end - 1, spent=0.99)
    (limits,) = Budget(corridor=3.0).limits(BRIEF, standing)
    np.testing.assert_allclose(limits.total * BRIEF.tick_days, 0.01 * PERIOD.budget)


def test_an_overspent_budget_allows_nothing() -> None:
    standing = fixtures.standing(BRIEF, PERIOD.start + 3, spent=1.5)
    (limits,) = Budget().limits(BRIEF, standing)
    assert (limits.total == 0.0).all()


@pytest.mark.parametrize(
    ("amount", "per"),
    [(50.0, "day"), (350.0, "week"), (4550.0, "quarter"), (50.0 * DAYS, "period"), (50.0 / 1200.0, "share")],
)
def test_bounds_are_the_same_in_every_unit_of_time(amount: float, per: str) -> None:
    bounds = Bounds((Range(channel="tv", minimum=amount, maximum=2 * amount, per=per),))  # type: ignore[arg-type]
    (limits,) = bounds.limits(BRIEF, fixtures.standing(BRIEF))
    (group,) = limits.groups
    assert group.members.tolist() == np.flatnonzero(BRIEF.channel == BRIEF.channels.index("tv")).tolist()
    np.testing.assert_allclose(group.lower, 50.0)
    np.testing.assert_allclose(group.upper, 100.0)


def test_a_range_that_fits_one_campaign_is_its_box() -> None:
    bounds = Bounds((Range(campaign=BRIEF.campaigns[3], minimum=5.0, maximum=9.0),))
    (limits,) = bounds.limits(BRIEF, fixtures.standing(BRIEF))
    assert limits.groups == ()
    assert (limits.lower[:, 3] == 5.0).all()
    assert (limits.upper[:, 3] == 9.0).all()
    assert not np.delete(limits.lower, 3, axis=1).any()


def test_nobody_need_spend_a_minimum_on_what_cannot_run() -> None:
    standing = fixtures.standing(BRIEF)
    paused = BRIEF.channel == 2
    standing = replace(standing, paused=np.broadcast_to(paused, BRIEF.shape))
    ranges = (Range(channel="tv", minimum=10.0), Range(campaign=BRIEF.campaigns[2], minimum=5.0))
    _, waivers = merge(Bounds(ranges).limits(BRIEF, standing), standing)
    assert waivers == ()


def test_a_minimum_above_its_maximum_is_refused_with_both_amounts() -> None:
    with pytest.raises(GuardrailError, match=r"channel 'tv' \(400,000 per quarter\).*\(350,000\)"):
        Range(channel="tv", minimum=4e5, maximum=3.5e5, per="quarter")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(GuardrailError, match="Did you mean 'search'"):
        Bounds((Range(channel="serch", maximum=1.0),)).limits(BRIEF, fixtures.standing(BRIEF))


def test_limits_on_crossing_groups_are_refused_by_name() -> None:
    standing = fixtures.standing(BRIEF)
    crossing = Bounds((Range(channel="tv", maximum=9.0), Range(segment="young", maximum=9.0)))
    with pytest.raises(ValueError, match=r"channel 'tv'.*segment 'young'|segment 'young'.*channel 'tv'"):
        merge(crossing.limits(BRIEF, standing), standing)


def test_a_step_is_relative_to_the_previous_rate_or_the_floor() -> None:
    plan = np.tile([0.0, 1.0, 100.0, 200.0, 300.0, 400.0, 199.0], (2, 1))
    standing = fixtures.standing(BRIEF, current=plan)
    (limits,) = Step(per_decision=0.1, per_week=0.5, floor=0.01).limits(BRIEF, standing)
    floor = 0.01 * fixtures.PACE
    room = 0.1 * np.maximum(plan, floor)
    np.testing.assert_allclose(limits.upper, plan + room)
    np.testing.assert_allclose(limits.lower, np.maximum(plan - room, 0.0))


def test_a_week_of_steps_stays_within_the_weekly_step_and_standing_still_is_always_allowed() -> None:
    plan = np.full(BRIEF.shape, 140.0)
    week_ago = np.full(BRIEF.shape, 100.0)
    week_ago[:, 0] = 1000.0
    standing = replace(fixtures.standing(BRIEF, current=plan), week_ago=week_ago)
    (limits,) = Step(per_decision=0.2, per_week=0.5).limits(BRIEF, standing)
    np.testing.assert_allclose(limits.upper[:, 1:], 150.0)
    np.testing.assert_allclose(limits.lower[:, 1:], 112.0)
    assert (limits.lower[:, 0] == 140.0).all()


def test_what_changed_lately_stands_for_the_dwell_time() -> None:
    standing = fixtures.standing(BRIEF, 20)
    changed = np.full(BRIEF.shape, 0)
    changed[:, 0] = 18
    _, dwell = Step(dwell_days=3.0).limits(BRIEF, replace(standing, changed=changed))
    assert dwell.lower_rank == dwell.upper_rank == "dwell"
    assert (dwell.lower[:, 0] == standing.current[:, 0]).all()
    assert (dwell.upper[:, 0] == standing.current[:, 0]).all()
    assert not dwell.lower[:, 1:].any()
    assert np.isinf(dwell.upper[:, 1:]).all()


def _committed(brief: Brief, contract: Contract, tick: int) -> np.ndarray:
    standing = fixtures.standing(brief, tick)
    standing = replace(standing, current=np.zeros(brief.shape))
    (limits,) = Commitment((contract,)).limits(brief, standing)
    return np.asarray(limits.lower[0] / standing.opening[0])


def test_a_committed_channel_runs_on_until_the_notice_is_over() -> None:
    contract = Contract("tv", cancellable=0.25, notice_days=30.0)
    tv = BRIEF.channel == 2
    for day, kept in [(0, 0.0), (1, 0.75), (29, 0.75), (30, 0.0), (60, 0.0)]:
        np.testing.assert_allclose(_committed(BRIEF, contract, PERIOD.start + day), np.where(tv, kept, 0.0))


def test_dates_replace_the_notice() -> None:
    day = BRIEF.day_of(PERIOD.start) + timedelta(days=45)
    contract = Contract("tv", cancellable=0.0, notice_days=1.0, dates=(date(2020, 1, 1), day))
    tv = BRIEF.channel == 2
    for tick, kept in [(1, 1.0), (44, 1.0), (45, 0.0), (80, 0.0)]:
        np.testing.assert_allclose(_committed(BRIEF, contract, PERIOD.start + tick), np.where(tv, kept, 0.0))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Budget(corridor=0.9), "at least 1"),
        (lambda: Step(per_week=0.0), "per_week"),
        (lambda: Step(floor=float("nan")), "floor"),
        (lambda: Contract("tv", cancellable=1.5), "between 0 and 1"),
        (lambda: Contract("tv", notice_days=-1.0), "notice_days"),
        (lambda: Range(maximum=3.0), "names a campaign"),
        (lambda: Range(channel="tv", minimum=-1.0), "at least 0"),
        (lambda: Range(channel="tv", per="month"), "no unit of time"),  # type: ignore[arg-type]
    ],
)
def test_settings_that_make_no_sense_are_refused(make, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(GuardrailError, match=words):
        make()


def test_money_in_another_unit_changes_no_share() -> None:
    """Limits scale with the budget: nothing in the defaults is an amount."""
    rich = replace(BRIEF, periods=tuple(replace(p, budget=p.budget * 1024.0) for p in BRIEF.periods))
    for guardrail in (*Budget.examples(), *Step.examples(), *Bounds.examples()):
        poor_pieces = guardrail.limits(BRIEF, fixtures.standing(BRIEF, 5))  # type: ignore[attr-defined]
        plan = fixtures.standing(BRIEF).current * 1024.0
        rich_pieces = guardrail.limits(rich, fixtures.standing(rich, 5, current=plan))  # type: ignore[attr-defined]
        for poor, wealthy in zip(poor_pieces, rich_pieces, strict=True):
            np.testing.assert_array_equal(poor.lower * 1024.0, wealthy.lower)
            np.testing.assert_array_equal(poor.upper * 1024.0, wealthy.upper)
            np.testing.assert_array_equal(poor.total * 1024.0, wealthy.total)
