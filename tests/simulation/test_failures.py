"""Agents that fail: the proposal is rejected on record, the seat keeps what is in force, the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pytest

from aicmo.agents import Agent
from aicmo.agents.channel import Channel
from aicmo.agents.optimization import Optimization
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Observation, Proposal, Seat
from aicmo.policies.ai_cmo import AiCmo
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.team import Team, around
from tests.simulation.worlds import busy, decisions, run, world_of


def stumble(_: Observation) -> Any:
    raise ValueError("the model did not converge")


def divide(seen: Observation) -> Any:
    return 1 // len(seen.current[:0])


FAILURES: dict[str, tuple[Callable[[Observation], Any], str]] = {
    "raises": (stumble, "raised ValueError: the model did not converge"),
    "divides by zero": (divide, "raised ZeroDivisionError"),
    "late": (lambda _: None, "did not answer"),
    "no proposal": (lambda seen: seen.current, "ndarray instead of a Proposal"),
    "another's seat": (lambda seen: Proposal("targeting", seen.current), "'targeting', which is another's"),
}


@dataclass(frozen=True)
class Fragile:
    """Another agent, which fails while the tick lies in `when`."""

    name: str
    inner: Agent
    when: range
    cadence: str = "1w"
    seen: list[int] = field(default_factory=list)

    kind: ClassVar[str] = "fragile"
    seat: ClassVar[Seat] = "budget"

    @classmethod
    def examples(cls) -> Iterator[Fragile]:
        yield cls("raises", Optimization(), range(0))

    def init(self, brief: Brief) -> Any:
        return self.inner.init(brief)

    def update(self, state: Any, observation: Observation) -> Any:
        return self.inner.update(state, observation)

    def act(self, state: Any, observation: Observation, draws: Draws) -> Any:
        if observation.tick in self.when:
            self.seen.append(observation.tick)
            return FAILURES[self.name][0](observation)
        return self.inner.act(state, observation, draws)


class FragilePacer(Fragile):
    """One that paces."""

    seat: ClassVar[Seat] = "pacing"


def ran(*agents: Agent, fails: bool = True) -> Kernel:
    scenario = busy()
    world, start = world_of(scenario)
    team: Team = replace(around(scenario, AiCmo()), agents=agents)
    return run(world, start, team, fails=fails)


@pytest.mark.parametrize("name", FAILURES)
def test_an_agent_that_always_fails_changes_nothing_and_is_on_record_each_time(name: str) -> None:
    fragile = Fragile(name, Optimization(), range(10_000))
    kernel = ran(fragile)
    rates = decisions(kernel)
    np.testing.assert_array_equal(rates, np.broadcast_to(rates[0], rates.shape))
    said = kernel.ledger.rejections
    assert [item.tick for item in said] == fragile.seen
    assert all(FAILURES[name][1] in item.reason and item.guardrail == "seat budget" for item in said)
    assert kernel.ledger["spend"].any()


@pytest.mark.parametrize("name", FAILURES)
def test_after_a_failure_the_agent_decides_as_if_it_had_only_been_silent(name: str) -> None:
    """It loses no data: what arrived while it failed is learned at the next chance."""
    fragile = ran(Fragile(name, Optimization(), range(14, 35)))
    silent = ran(Fragile("late", Optimization(), range(14, 35)))
    np.testing.assert_array_equal(decisions(fragile), decisions(silent))
    before, after = decisions(fragile)[13], decisions(fragile)[36]
    np.testing.assert_array_equal(decisions(fragile)[14:35], np.broadcast_to(before, (21, *before.shape)))
    assert (after != before).any()


def test_who_paces_may_fail_without_the_budget_noticing() -> None:
    broken = FragilePacer("raises", Channel(), range(10_000), cadence="1d")
    kernel, alone = ran(Optimization(), broken), ran(Optimization(), fails=False)
    np.testing.assert_array_equal(decisions(kernel), decisions(alone))
    np.testing.assert_array_equal(kernel.ledger["spend"], alone.ledger["spend"])


def test_the_machine_s_own_failure_is_none_of_an_agent() -> None:
    def exhausted(_: Observation) -> Any:
        raise MemoryError

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(FAILURES, "exhausted", (exhausted, ""))
        with pytest.raises(MemoryError):
            ran(Fragile("exhausted", Optimization(), range(10_000)))
