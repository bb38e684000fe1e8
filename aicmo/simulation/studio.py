"""The studio of each world: a SimPy resource that makes variants, first come, first served."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import simpy
from jaxtyping import Float, Int

from aicmo.core.noise import Tape
from aicmo.messages import MINUTES_PER_DAY, StudioTerms
from aicmo.scenario.studio import Studio as Terms
from aicmo.simulation.clock import Clock

LONGEST = 20.0
"""Lead times beyond this multiple of the median count as it."""


class Variant(NamedTuple):
    """The `serial`-th variant of a campaign in a world; what history opens with has the first V serials."""

    row: int
    campaign: int
    serial: int


@dataclass
class Order:
    """One variant on its way.

    Attributes
    ----------
    minutes : int
        Of work that is left.
    load : float [1]
        Orders in the studio over its capacity when this one came, at least 1.
    began : int or None [minute]
        When work began; None while it waits.
    """

    variant: Variant
    minutes: int
    load: float
    began: int | None = None


class Backlog(NamedTuple):
    """What a studio hands to the next run: how many variants each campaign has had, and what is under way."""

    serials: Int[np.ndarray, "R C"]
    orders: tuple[Order, ...] = ()


class Studio:
    """Makes what is ordered; each world has its own queue and its own luck.

    Parameters
    ----------
    clock : Clock
    tape : Tape
        Gives the time in work of each variant, the same whoever orders it and whenever.
    names : tuple of str
        Campaigns.
    tick_minutes : int
        Times in work are whole ticks.
    backlog : Backlog
        Left by the run before; work goes on where it stood.
    """

    def __init__(
        self,
        terms: Terms,
        clock: Clock,
        tape: Tape,
        names: tuple[str, ...],
        tick_minutes: int,
        backlog: Backlog,
    ) -> None:
        self.terms, self._clock, self._tape, self._names = terms, clock, tape, names
        self._tick = tick_minutes
        self.serials = backlog.serials.copy()
        self.waiting = np.zeros(backlog.serials.shape, dtype=np.int64)
        self.pace = np.ones(len(backlog.serials))
        self._places: dict[int, simpy.Resource] = {}
        self._times: dict[int, np.ndarray] = {}
        self._orders: list[Order] = []
        self._done: list[Order] = []
        for order in backlog.orders:
            self._take(Order(order.variant, order.minutes, order.load))

    @property
    def price_list(self) -> StudioTerms:
        """What an advertiser is told."""
        terms = self.terms
        return StudioTerms(terms.capacity, terms.lead_time / MINUTES_PER_DAY, terms.cost)

    def order(self, wanted: Int[np.ndarray, "R C"]) -> Float[np.ndarray, "R C"]:
        """Order variants and return what they cost [currency]; in each world campaign by campaign."""
        for row, campaign in np.argwhere(wanted > 0):
            for _ in range(int(wanted[row, campaign])):
                serial = int(self.serials[row, campaign])
                self.serials[row, campaign] += 1
                load = max(1.0, (self.waiting[row].sum() + 1) / self.terms.capacity)
                minutes = self._quickened(self._time_in_work(serial)[row, campaign], self.pace[row])
                self._take(Order(Variant(int(row), int(campaign), serial), int(minutes), float(load)))
        return np.asarray(wanted * self.terms.cost, dtype=np.float64)

    def delivered(self) -> list[Order]:
        """Hand over what has been finished since the last time, world by world."""
        done, self._done = self._done, []
        return sorted(done, key=lambda order: order.variant)

    def backlog(self, minute: int) -> Backlog:
        """Return what a run that begins at `minute` takes over: first what is in work, then what waits."""
        return Backlog(self.serials.copy(), tuple(self._remaining(minute)))

    def _remaining(self, minute: int) -> Iterator[Order]:
        for order in sorted(self._orders, key=lambda item: item.began is None):
            spent = 0 if order.began is None else minute - order.began
            yield Order(order.variant, order.minutes - spent, order.load)

    def _time_in_work(self, serial: int) -> Int[np.ndarray, "R C"]:
        """Draw the time in work of each campaign's variant `serial` [minute]: whole ticks, at least one."""
        if serial not in self._times:
            z = self._tape.constant_normal("studio", [f"{name}#{serial}" for name in self._names])
            factor = np.minimum(np.exp(self.terms.spread * z), LONGEST)
            ticks = np.maximum(np.ceil(self.terms.lead_time * factor / self._tick - 1e-9), 1.0)
            self._times[serial] = ticks.astype(np.int64) * self._tick
        return self._times[serial]

    def _quickened(self, minutes: int, pace: float) -> int:
        """Return a time in work at another pace: whole ticks, at least one."""
        return max(int(np.ceil(minutes * pace / self._tick - 1e-9)), 1) * self._tick

    def _take(self, order: Order) -> None:
        self._orders.append(order)
        self.waiting[order.variant.row, order.variant.campaign] += 1
        self._clock.process(self._work(order))

    def _work(self, order: Order) -> Generator[simpy.Event, Any, None]:
        """Wait for a place, work, deliver."""
        row = order.variant.row
        if row not in self._places:
            self._places[row] = self._clock.resource(self.terms.capacity)
        with self._places[row].request() as place:
            yield place
            order.began = self._clock.minute
            yield self._clock.env.timeout(order.minutes)
        self._orders.remove(order)
        self.waiting[row, order.variant.campaign] -= 1
        self._done.append(order)
