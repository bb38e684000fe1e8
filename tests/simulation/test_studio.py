"""The studio: a queue that keeps its times, its price and its hands off other worlds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest

from aicmo.core.noise import Draws
from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics.costs import Costs
from aicmo.messages import Brief, Mix, Observation, Proposal, Seat
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import FIELDS
from aicmo.simulation.team import Team
from tests.simulation.worlds import Constant, alone, quiet, rich, run, world_of

RATES = (250.0, 200.0, 150.0, 50.0)


@dataclass(frozen=True)
class OnDays:
    """Orders on given days, campaign by campaign, in some worlds; serves as before."""

    days: Mapping[int, tuple[int, ...]]
    rows: tuple[int, ...] | None = None

    kind: ClassVar[str] = "on_days"
    seat: ClassVar[Seat] = "creative"
    cadence: ClassVar[str] = "1d"

    @classmethod
    def examples(cls) -> Iterator[OnDays]:
        yield cls({})

    def init(self, brief: Brief) -> None:
        pass

    def update(self, state: None, observation: Observation) -> None:
        pass

    def act(self, state: None, observation: Observation, draws: Draws) -> Proposal:  # noqa: ARG002 - no luck
        assert observation.creatives is not None
        order = np.zeros(observation.current.shape, dtype=np.int64)
        rows = np.arange(len(order)) if self.rows is None else np.array(self.rows, dtype=np.int64)
        if observation.tick in self.days:
            order[rows] = np.array(self.days[observation.tick])
        return Proposal("creative", Mix(observation.creatives.traffic, None, order))


def ordering(scenario: Any, agent: OnDays) -> Team:
    return alone(scenario, Constant(RATES[: len(scenario.market.campaigns)]), agent)


def ran(scenario: Any, agent: OnDays, rows: int = 3) -> Kernel:
    return run(*world_of(scenario, rows), ordering(scenario, agent))


def arrivals(kernel: Kernel, row: int = 0) -> list[tuple[int, int]]:
    """(Day, campaign) of everything that went live in one world, as often as it did."""
    launched = kernel.ledger["launched"][:, row]
    return [(int(t), int(c)) for t, c in np.argwhere(launched > 0) for _ in range(int(launched[t, c]))]


@pytest.mark.parametrize("capacity", [1, 2, 3])
def test_a_queue_of_orders_is_delivered_at_the_closed_form_times(capacity: int) -> None:
    scenario = quiet(studio={"capacity": capacity, "lead_time": "9d", "spread": 0.0})
    kernel = ran(scenario, OnDays({3: (2, 3, 2)}))
    # the n-th of a queue begins when the (n − capacity)-th is done
    days = [3 + 9 * (n // capacity + 1) for n in range(7)]
    assert [day for day, _ in arrivals(kernel)] == days
    assert [c for _, c in arrivals(kernel)] == [0, 0, 1, 1, 1, 2, 2]


def test_a_later_order_waits_for_the_earlier_and_starts_at_once_in_an_idle_studio() -> None:
    scenario = quiet(studio={"capacity": 1, "lead_time": "9d", "spread": 0.0})
    days = {0: (1, 0, 0), 4: (0, 1, 0), 40: (0, 0, 1)}
    assert arrivals(ran(scenario, OnDays(days))) == [(9, 0), (18, 1), (49, 2)]


def test_times_that_are_no_whole_ticks_round_up() -> None:
    scenario = quiet(studio={"capacity": 5, "lead_time": "36h", "spread": 0.0})
    assert arrivals(ran(scenario, OnDays({2: (1, 0, 1)}))) == [(4, 0), (4, 2)]


def test_what_is_ordered_is_paid_exactly_when_it_is_ordered() -> None:
    kernel = ran(rich(studio={"cost": 133.25}), OnDays({5: (1, 0, 2, 0), 80: (3, 3, 3, 3)}))
    studio = kernel.ledger["studio"]
    np.testing.assert_array_equal(studio[5], np.tile([133.25, 0.0, 2 * 133.25, 0.0], (3, 1)))
    np.testing.assert_array_equal(studio.sum(axis=(0, 2)), 15 * 133.25)
    nothing = np.zeros(3)
    books = Books(kernel.ledger, kernel.ledger, nothing + 7.0, nothing, nothing, nothing)
    np.testing.assert_array_equal(Costs.measure(books), 7.0 + kernel.ledger.total("studio"))


def test_a_variant_takes_as_long_whenever_it_is_ordered() -> None:
    scenario = rich(studio={"capacity": 50, "spread": 0.6})
    early, late = (arrivals(ran(scenario, OnDays({day: (1, 1, 1, 1)})), 1) for day in (0, 30))
    assert sorted((day + 30, c) for day, c in early) == sorted(late)
    days = [day for day, _ in early]
    assert len(set(days)) > 1


def test_time_in_work_has_the_stated_median_and_spread() -> None:
    scenario = rich(studio={"capacity": 500, "lead_time": "10d", "spread": 0.5})
    kernel = ran(scenario, OnDays({0: (3, 3, 3, 3)}), 48)
    days = np.repeat(np.arange(98), kernel.ledger["launched"].sum(axis=(1, 2)).astype(int))
    assert len(days) == 48 * 12  # all are done
    assert abs(np.median(days) - 10.5) <= 1.0  # rounded up: half a tick later
    assert abs(np.log(days - 0.5).std() - 0.5) < 0.06


def test_worlds_do_not_feel_each_others_orders() -> None:
    scenario = rich()
    busy, idle = (ran(scenario, OnDays({2: (3, 3, 3, 3)}, rows)) for rows in ((1,), ()))
    for field in FIELDS:
        ours, theirs = busy.ledger[field.name], idle.ledger[field.name]
        np.testing.assert_array_equal(ours[:, [0, 2]], theirs[:, [0, 2]], err_msg=field.name)
    assert (busy.ledger["orders"][:, 1] != idle.ledger["orders"][:, 1]).any()


def test_a_run_that_is_cut_in_two_goes_on_with_the_studio_as_it_stood() -> None:
    scenario = rich(guardrails=[])
    world, start = world_of(scenario, 3)
    team = ordering(scenario, OnDays({3: (2, 1, 0, 2), 38: (1, 1, 1, 1), 60: (1, 0, 0, 1)}))
    whole = Kernel(world, start, team, range(98))
    assert whole.run()
    first = Kernel(world, start, team, range(40))
    assert first.run()
    second = Kernel(world, first.stand(), team, range(40, 98))
    assert second.run()
    assert second.ledger["launched"].sum() > 0
    np.testing.assert_array_equal(whole.ledger["launched"][40:], second.ledger["launched"])
    np.testing.assert_array_equal(whole.ledger["orders_driven"][40:], second.ledger["orders_driven"])


def test_an_overloaded_studio_makes_worse_variants() -> None:
    calm, rushed = (
        ran(quiet(studio={"capacity": 2, "strain": strain}), OnDays({0: (3, 3, 2)})) for strain in (0.0, 0.5)
    )
    before, after = calm.state.variants, rushed.state.variants
    assert before is not None
    assert after is not None
    ratio = after.quality[0] / before.quality[0]
    # the n-th order meets a load of n over the capacity of two
    load = np.maximum(np.arange(1, 9) / 2, 1.0)
    expected = sorted([*(load**-0.5), *np.ones(ratio.size - 8)])
    np.testing.assert_allclose(np.sort(ratio.reshape(-1)), expected, rtol=1e-12)


def test_a_new_variant_takes_the_place_of_the_least_served_and_no_more_are_live_than_fit() -> None:
    scenario = quiet(studio={"spread": 0.0})
    world, start = world_of(scenario, 2)
    assert start.state.variants is not None
    shares = np.tile([0.5, 0.2, 0.3], (2, 3, 1))
    uneven = replace(
        start, state=replace(start.state, variants=start.state.variants._replace(traffic=shares))
    )
    kernel = run(world, uneven, ordering(scenario, OnDays({0: (1, 0, 0)})))
    changed = kernel.state.variants
    assert changed is not None
    moved = changed.quality != start.state.variants.quality
    assert np.argwhere(moved).tolist() == [[0, 0, 1], [1, 0, 1]]
    np.testing.assert_allclose(changed.traffic[0, 0], [0.5 / 0.8 * 2 / 3, 1 / 3, 0.3 / 0.8 * 2 / 3])
    np.testing.assert_array_equal(changed.traffic[0, 1:], shares[0, 1:])
