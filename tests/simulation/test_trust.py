"""Trust: who keeps limits and forecasts gets room, who does not loses it, within bounds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from aicmo.agents.optimization import Optimization
from aicmo.core.noise import Draws
from aicmo.messages import Brief, Forecast, Observation
from aicmo.policies.ai_cmo import AiCmo
from aicmo.simulation.kernel import Kernel
from tests.simulation.test_approvals import ample
from tests.simulation.test_rows import assert_same
from tests.simulation.worlds import alone, run, world_of

INTERVALS = {"certain of the impossible": (1e9, 1e9), "says nothing": (0.0, 1e12)}


@dataclass(frozen=True)
class Prophet:
    """Changes nothing and promises something."""

    promise: str

    kind: ClassVar[str] = "prophet"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator[Prophet]:
        yield cls("says nothing")

    def init(self, brief: Brief) -> None:
        pass

    def update(self, state: None, observation: Observation) -> None:
        pass

    def act(self, state: None, observation: Observation, draws: Draws) -> np.ndarray:  # noqa: ARG002 - no luck
        return observation.current

    def best(self, state: None, observation: Observation) -> np.ndarray | None:  # noqa: ARG002 - knows nothing
        return observation.current

    def forecast(self, state: None, observation: Observation, rate: np.ndarray) -> Forecast | None:  # noqa: ARG002 - knows nothing
        if self.promise == "makes no promise":
            return None
        low, high = (np.full(len(rate), amount) for amount in INTERVALS[self.promise])
        return Forecast(low, low, high, low, high, np.zeros(rate.shape), np.zeros(rate.shape))


def autonomy(promise: str, **leadership: float) -> np.ndarray:
    scenario = ample(declines=0.0, **leadership)
    world, start = world_of(scenario, 2)
    kernel = run(world, start, alone(scenario, Prophet(promise)))
    found = kernel.approvals.autonomy
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("promise", "expected"),
    [("says nothing", 1.25**2), ("makes no promise", 1.25**2), ("certain of the impossible", 0.8**2)],
)
def test_two_reviews_widen_or_narrow(promise: str, expected: float) -> None:
    """Three periods, reviewed when the second and the third open."""
    np.testing.assert_allclose(autonomy(promise), expected)


def test_autonomy_stays_within_its_bounds() -> None:
    np.testing.assert_allclose(autonomy("says nothing", most=1.1), 1.1)
    np.testing.assert_allclose(autonomy("certain of the impossible", least=0.9), 0.9)


def test_room_follows_trust() -> None:
    """The same wish goes further without asking where forecasts have held."""
    found = {}
    for widen in (1.0, 3.0):
        scenario = ample(widen=widen, declines=1.0, kept=0.0)
        world, start = world_of(scenario, 2)
        found[widen] = run(world, start, alone(scenario, AiCmo()))
    before = [kernel.rates[-14 * 7 : -10 * 7] for kernel in found.values()]
    np.testing.assert_array_equal(before[0], before[1])
    moved = [np.abs(np.diff(np.array(kernel.rates), axis=0)).sum() for kernel in found.values()]
    assert moved[1] > moved[0]


def test_the_intervals_of_the_ai_hold_what_is_credited() -> None:
    """A 90 % interval is kept by at least three in four: trust is for good forecasts within reach."""
    scenario = ample(declines=0.0)
    world, start = world_of(scenario, 6)
    kernel: Kernel = run(world, start, alone(scenario, AiCmo()))
    ledger, decisions = kernel.ledger, [item for item in kernel.ledger.decisions if item.due.all()]
    inside = []
    for one, after in itertools.pairwise(decisions):
        forecast = one.proposal.forecast
        assert forecast is not None
        rows = slice(one.tick, after.tick)
        credited = (ledger["unified"][rows] * world.brief.value).sum(axis=(0, 2)) / (after.tick - one.tick)
        inside.append((credited >= forecast.credited_low) & (credited <= forecast.credited_high))
    assert np.mean(inside) > 0.75


def test_worlds_are_trusted_each_for_itself() -> None:
    def ran(rows: int | tuple[int, ...]) -> Kernel:
        world, start = world_of(ample(), rows)
        return run(world, start, alone(world.scenario, Optimization().policy))

    many, few = ran(5), ran((3,))
    assert_same(few, many, slice(3, 4))
    ours, theirs = few.approvals.autonomy, many.approvals.autonomy
    assert ours is not None
    assert theirs is not None
    np.testing.assert_array_equal(ours, theirs[3:4])
