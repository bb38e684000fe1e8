"""Guardrails that judge results, plans and times, worked out by hand."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from aicmo.checks import fixtures
from aicmo.guardrails import Guardrail, gate, merge
from aicmo.guardrails._terms import GuardrailError
from aicmo.guardrails.approval import Approval
from aicmo.guardrails.blackout import Blackout, Span
from aicmo.guardrails.budget import Budget
from aicmo.guardrails.commitment import Commitment, Contract
from aicmo.guardrails.exclusions import Exclusions, Pair
from aicmo.guardrails.exploration import Exploration
from aicmo.guardrails.kill_switch import KillSwitch
from aicmo.guardrails.step import Step
from aicmo.guardrails.stop_loss import StopLoss
from aicmo.messages import Standing

BRIEF = fixtures.brief(replications=2)
BRIEF = replace(BRIEF, maturation=np.ones(1))
TICK = 30


def _standing(orders: np.ndarray | None = None, **fields: object) -> Standing:
    """Long after an even spend that earned `orders` (W, R, C) by tick."""
    seen = fixtures.observation(BRIEF, TICK, orders=orders)
    return replace(fixtures.standing(BRIEF, TICK), observation=seen, **fields)  # type: ignore[arg-type]


def _daily(mean: np.ndarray) -> np.ndarray:
    return np.broadcast_to(mean, (BRIEF.row(TICK), *BRIEF.shape))


def _upper(guardrail: Guardrail, standing: Standing) -> np.ndarray:
    (limits,) = guardrail.limits(BRIEF, standing)
    return limits.upper


def test_a_stop_needs_the_confidence_asked_for() -> None:
    """So many orders stop a campaign if a mean at the ceiling would give no more with less than 10 %."""
    spend = 28.0 * fixtures.PACE / 7.0
    for total in range(8):
        mean_at_ceiling = spend / 1200.0
        stopped = poisson.cdf(total, mean_at_ceiling) < 0.1
        standing = _standing(_daily(np.full(7, total / 28.0)))
        upper = _upper(StopLoss(cpa_ceiling=1200.0, confidence=0.9), standing)
        assert (upper == (0.0 if stopped else np.inf)).all(), total


def test_a_floor_on_return_counts_revenue_and_dispersion_asks_for_more() -> None:
    orders = np.full(7, 0.6)
    orders[3] = 6.0
    standing = _standing(_daily(orders))
    revenue = BRIEF.value / BRIEF.margin * orders
    floor = 0.8 * float(revenue[3]) / (fixtures.PACE / 7.0)
    stopped = _upper(StopLoss(iroas_floor=floor), standing) == 0.0
    assert stopped.tolist() == [[True, True, True, False, True, True, True]] * 2
    assert not (_upper(StopLoss(iroas_floor=floor, dispersion=500.0), standing) == 0.0).any()


def test_stop_loss_outranks_steps_and_a_contract_outranks_stop_loss() -> None:
    standing = _standing(_daily(np.zeros(7)))
    guardrails: tuple[Guardrail, ...] = (StopLoss(iroas_floor=1.0), Step(), Commitment((Contract("tv"),)))
    pieces = tuple(piece for item in guardrails for piece in item.limits(BRIEF, standing))
    limits, waivers = merge(pieces, standing)
    rate, _ = gate(standing.current, limits, standing, pieces)
    tv = BRIEF.channel == 2
    np.testing.assert_allclose(rate, np.broadcast_to(np.where(tv, 0.5 * standing.opening, 0.0), BRIEF.shape))
    assert {waiver.guardrail for waiver in waivers} == {"step", "stop_loss"}


def test_results_cannot_be_judged_unseen() -> None:
    for guardrail in (StopLoss(cpa_ceiling=1.0), KillSwitch()):
        with pytest.raises(GuardrailError, match="must carry them"):
            guardrail.limits(BRIEF, fixtures.standing(BRIEF, TICK))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.0, 1.0))
def test_exploration_from_the_best_plan_stays_within_its_share(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    best = fixtures.PACE * rng.dirichlet(np.full(7, 0.3), size=2)
    standing = _standing(best=best, current=best)
    pieces = Exploration(share=share).limits(BRIEF, standing)
    limits, _ = merge(pieces, standing)
    rate, _ = gate(fixtures.PACE * rng.dirichlet(np.ones(7), size=2), limits, standing, pieces)
    away = np.abs(rate - best).sum(axis=1) / 2.0
    assert (away <= (share + 1e-12) * best.sum(axis=1) * (1 + 1e-9)).all()


def test_going_to_the_best_plan_is_no_exploration_and_without_one_nothing_is_limited() -> None:
    best = np.tile(np.arange(7.0) * 57.0, (2, 1))
    standing = _standing(best=best)
    pieces = Exploration(share=0.0).limits(BRIEF, standing)
    limits, _ = merge(pieces, standing)
    for share in (0.0, 0.3, 1.0):
        plan = standing.current + share * (best - standing.current)
        rate, interventions = gate(plan, limits, standing, pieces)
        np.testing.assert_array_equal(rate, plan)
        assert interventions == ()
    assert np.isinf(_upper(Exploration(), _standing())).all()


def test_unapproved_change_is_limited_as_wide_as_trust() -> None:
    approved = np.full(BRIEF.shape, 100.0)
    standing = _standing(approved=approved, current=approved, autonomy=np.array([1.0, 2.0]))
    (limits,) = Approval(share=0.1).limits(BRIEF, standing)
    np.testing.assert_allclose(limits.upper, [[110.0] * 7, [120.0] * 7])
    np.testing.assert_allclose(limits.lower, [[90.0] * 7, [80.0] * 7])
    (kept,) = Approval(share=0.1).limits(BRIEF, replace(standing, current=np.full(BRIEF.shape, 300.0)))
    assert (kept.upper == 300.0).all()


def test_excluded_pairs_get_nothing_whatever_else_asks_for_them() -> None:
    standing = _standing()
    guardrail = Exclusions((Pair(segment="young", channel="tv"), Pair(channel="social")))
    pieces = (*guardrail.limits(BRIEF, standing), *Step().limits(BRIEF, standing))
    limits, waivers = merge(pieces, standing)
    excluded = (BRIEF.channel == 1) | ((BRIEF.channel == 2) & (BRIEF.segment == 0))
    assert ((limits.upper == 0.0) == excluded).all()
    assert [waiver.guardrail for waiver in waivers] == ["step"]


def test_nothing_changes_in_a_blackout_but_what_the_budget_demands() -> None:
    today = BRIEF.day_of(TICK)
    blackout = Blackout((Span(today - timedelta(days=2), today),))
    standing = _standing()
    pieces = blackout.limits(BRIEF, standing)
    limits, _ = merge(pieces, standing)
    rate, _ = gate(3.0 * standing.current, limits, standing, pieces)
    np.testing.assert_array_equal(rate, standing.current)
    poor = replace(standing, remaining=0.1 * standing.remaining)
    pieces = (*pieces, *Budget(corridor=1.0).limits(BRIEF, poor))
    limits, waivers = merge(pieces, poor)
    assert (limits.lower.sum(axis=1) <= limits.total).all()
    assert [waiver.guardrail for waiver in waivers] == ["blackout"]
    after = replace(standing, tick=TICK + 1)
    assert np.isinf(_upper(blackout, after)).all()


def test_the_kill_switch_returns_to_the_approved_plan_where_orders_collapse() -> None:
    orders = _daily(np.full(7, 4.0)).copy()
    orders[-3:, 1] *= 0.2
    approved = np.tile(np.arange(7.0) * 50.0, (2, 1))
    standing = _standing(orders, approved=approved)
    pieces = KillSwitch().limits(BRIEF, standing)
    limits, _ = merge(pieces, standing)
    rate, _ = gate(standing.current, limits, standing, pieces)
    np.testing.assert_array_equal(rate, [standing.current[0], approved[1]])


def test_the_kill_switch_trips_when_data_stay_away_and_not_before_there_were_any() -> None:
    standing = _standing()
    assert standing.observation is not None
    ages = np.arange(len(standing.observation.origin))[::-1]
    for missing, tripped in ((0, False), (6, False), (7, True), (20, True)):
        seen = replace(standing.observation, delivered=ages >= missing)
        assert (KillSwitch().tripped(BRIEF, seen) == tripped).all(), missing
    never = replace(standing.observation, delivered=np.zeros(len(ages), dtype=bool))
    assert not KillSwitch().tripped(BRIEF, never).any()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (StopLoss, "give an iroas_floor"),
        (lambda: StopLoss(iroas_floor=1.0, confidence=1.0), "confidence"),
        (lambda: StopLoss(iroas_floor=-1.0), "iroas_floor"),
        (lambda: Exploration(share=1.1), "between 0 and 1"),
        (lambda: Approval(share=0.0), "share"),
        (Pair, "names a segment"),
        (lambda: Span(BRIEF.start, BRIEF.start - timedelta(days=1)), "before the start"),
        (lambda: KillSwitch(collapse=1.0), "collapse"),
        (lambda: KillSwitch(silence_days=0.0), "silence_days"),
    ],
)
def test_settings_that_make_no_sense_are_refused(make, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(GuardrailError, match=words):
        make()
