"""Approvals on the road: what needs none goes ahead, what was granted is done, what was declined is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aicmo.policies._choice import Choice
from aicmo.policies.ai_cmo import AiCmo
from aicmo.scenario.schema import Scenario
from aicmo.simulation.kernel import Kernel
from tests.simulation.test_rows import assert_same
from tests.simulation.worlds import Constant, alone, busy, decisions, run, still, world_of

SHARE = 0.1
LIMITS = [{"kind": "budget"}, {"kind": "approval", "share": SHARE}]
PROMPT = {"answer": "8h", "spread": 0.0, "declines": 0.0}


def asked(leadership: dict[str, Any] | None) -> Kernel:
    """Give the second campaign's money to the first, where a person must allow it."""
    people = {"leadership": leadership} if leadership else {}
    scenario = still(guardrails=LIMITS, calendar={"periods": "horizon"}, **people)
    world, start = world_of(scenario, 2)
    first, second, third = start.rate[0].tolist()
    return run(world, start, alone(scenario, Constant((first + second, 0.0, third))))


def given(kernel: Kernel) -> tuple[np.ndarray, np.ndarray]:
    """The plan that the first world opened with, (C,), and its rates, (T, C)."""
    return kernel.rates[-len(kernel.ticks) - 1][0], decisions(kernel)[:, 0]


def test_what_needs_no_approval_goes_ahead_at_once_and_nothing_else() -> None:
    opening, rates = given(asked({**PROMPT, "answer": "40h"}))
    room = SHARE * opening * (1 + 1e-9)
    assert (np.abs(rates[0] - opening) <= room).all()
    assert rates[0, 1] == pytest.approx(opening[1] * (1 - SHARE))
    assert rates[0, 0] > opening[0]


def test_a_granted_plan_is_in_force_when_the_answer_is_there() -> None:
    kernel = asked({**PROMPT, "answer": "16h"})  # asked on a Monday morning, answered on Tuesday evening
    (first, *_), (opening, rates) = kernel.ledger.answers, given(kernel)
    assert (first.asked, first.tick, first.granted) == (0, 2, True)
    np.testing.assert_array_equal(rates[1], rates[0])
    np.testing.assert_allclose(rates[2], [opening[0] + opening[1], 0.0, opening[2]], atol=1e-9)
    assert len(kernel.ledger.requests) == 1


def test_without_an_answer_or_with_a_no_the_limit_is_a_hard_one() -> None:
    for leadership in (None, {**PROMPT, "declines": 1.0}):
        opening, rates = given(asked(leadership))
        assert (np.abs(rates - opening) <= SHARE * opening * (1 + 1e-9)).all()
    assert not asked(None).ledger.requests


def test_who_is_told_no_may_ask_again() -> None:
    kernel = asked({**PROMPT, "declines": 1.0})
    assert len(kernel.ledger.requests) > 3
    assert not any(answer.granted for answer in kernel.ledger.answers)


def test_an_unanswered_request_blocks_nothing() -> None:
    never = {**PROMPT, "answer": "500w"}
    kernel, silent = asked(never), asked(None)
    assert len(kernel.ledger.requests) == 1
    assert not kernel.ledger.answers
    np.testing.assert_array_equal(decisions(kernel), decisions(silent))


def ample(**leadership: Any) -> Scenario:
    limits = [{"kind": "budget"}, {"kind": "step", "per_decision": 0.4}, {"kind": "approval", "share": SHARE}]
    return busy(guardrails=limits, leadership={"answer": "12h", "declines": 0.3, **leadership})


@pytest.mark.parametrize("policy", [AiCmo(), AiCmo(choice=Choice(rule="thompson"))])
def test_worlds_ask_and_are_answered_each_for_itself(policy: AiCmo) -> None:
    def ran(rows: int | tuple[int, ...]) -> Kernel:
        world, start = world_of(ample(), rows)
        return run(world, start, alone(world.scenario, policy))

    many = ran(6)
    assert many.ledger.answers
    assert_same(ran((4,)), many, slice(4, 5))
    assert_same(ran(2), many, slice(2))


def test_no_guardrail_is_broken_by_what_was_granted() -> None:
    world, start = world_of(ample(declines=0.0), 4)
    kernel = run(world, start, alone(world.scenario, AiCmo()))
    assert any(answer.granted for answer in kernel.ledger.answers)
    assert not kernel.ledger.account.violations.any()
