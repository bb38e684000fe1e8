"""The rotation of creatives in a run: what is live since when, what is seen of it, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from aicmo.market.creative import Creative, Variants, counted, credited, place, retired, variant_quality
from aicmo.messages import Creatives, Mix
from aicmo.simulation.studio import Backlog, Order, Studio
from aicmo.simulation.world import World

WEEK_DAYS = 7.0
REPORT_DAYS = 56.0
"""How far back reports by variant reach."""


ALIKE = 1e-9
"""Shares of traffic that differ by less are equal."""


class Reel:
    """The last rows of something that is recorded tick by tick, in one piece.

    Parameters
    ----------
    length : int
        Rows that are kept at least.
    """

    def __init__(self, length: int, shape: tuple[int, ...]) -> None:
        self._rows, self._end, self._length = np.zeros((2 * length, *shape)), 0, length

    def append(self, values: np.ndarray) -> None:
        """Record one more row."""
        if self._end == len(self._rows):
            self._rows[: self._length] = self._rows[self._length :]
            self._end = self._length
        self._rows[self._end] = values
        self._end += 1

    def last(self, rows: int | None = None) -> np.ndarray:
        """Return a view of the last rows, all unless told; it holds until the next is recorded."""
        wanted = self._length if rows is None else min(rows, self._length)
        return self._rows[max(self._end - wanted, 0) : self._end]


@dataclass(frozen=True)
class Rotated:
    """Where a rotation stands, for another run to begin from; nothing in it is written to.

    Attributes
    ----------
    since : (R, C, V) [tick]
    served, credit, exposures : (W, R, C, V) [1]
        Reports of the last ticks, oldest first.
    backlog : Backlog
        Of the studio.
    """

    since: Int[np.ndarray, "R C V"]
    served: Float[np.ndarray, "W R C V"]
    credit: Float[np.ndarray, "W R C V"]
    exposures: Float[np.ndarray, "W R C V"]
    backlog: Backlog

    @classmethod
    def opening(cls, creative: Creative, tick: int) -> Rotated:
        """All variants with which history opens are new, and nothing has been seen of them."""
        shape = creative.quality.shape
        nothing, serials = np.zeros((0, *shape)), np.full(shape[:2], shape[2], dtype=np.int64)
        return cls(np.full(shape, tick), nothing, nothing, nothing, Backlog(serials))


class Rotation:
    """The creatives of one team in one block of worlds.

    Parameters
    ----------
    start : Rotated
    studio : Studio or None
        None where nothing can be ordered.
    tick : int
        The first of the run.
    """

    def __init__(
        self, world: World, creative: Creative, start: Rotated, studio: Studio | None, tick: int
    ) -> None:
        self._world, self._creative, self._start = world, creative, start
        self.studio = studio
        self._since = start.since.copy()
        length = max(round(REPORT_DAYS / world.brief.tick_days), 1)
        self._served, self._credit, self._exposures = (Reel(length, start.since.shape) for _ in range(3))
        for row in zip(start.served, start.credit, start.exposures, strict=True):
            for reel, values in zip(self._reels, row, strict=True):
                reel.append(values)
        self._next = self._counted = tick
        self._qualities: dict[int, np.ndarray] = {}

    def receive(self, variants: Variants, tick: int) -> tuple[Variants, Float[np.ndarray, "R C"] | None]:
        """Put what the studio has finished into a free slot, or in place of what is served least.

        Returns
        -------
        variants : Variants
        launched : (R, C) [variant] or None
            How many went live; None where none did.
        """
        done = [] if self.studio is None else self.studio.delivered()
        if not done:
            return variants, None
        after = Variants(*(values.copy() for values in variants))
        launched = np.zeros(after.quality.shape[:2])
        for order in done:
            row, campaign, _ = order.variant
            slot = self._slot(after, row, campaign)
            place(after, (row, campaign, slot), self._quality(order))
            self._since[row, campaign, slot] = tick
            launched[row, campaign] += 1
        return after, launched

    def _slot(self, variants: Variants, row: int, campaign: int) -> int:
        """Choose a free slot, else the least served variant's, else the oldest's."""
        live, traffic = variants.quality[row, campaign] > 0, variants.traffic[row, campaign]
        shares = np.rint(traffic / ALIKE)  # what is served alike differs by rounding
        return int(np.lexsort((self._since[row, campaign], shares, live))[0])

    def _quality(self, order: Order) -> float:
        serial, strain = order.variant.serial, 0.0 if self.studio is None else self.studio.terms.strain
        if serial not in self._qualities:
            world = self._world
            self._qualities[serial] = variant_quality(
                self._creative.spread, world.brief.campaigns, serial, world.tape
            )
        return float(self._qualities[serial][order.variant[:2]] * order.load**-strain)

    def quicken(self, pace: Float[np.ndarray, "R"]) -> None:
        """Let the studio work faster or slower from now on: factor on its time in work."""
        if self.studio is not None:
            self.studio.pace = pace

    def decide(self, variants: Variants, mix: Mix) -> tuple[Variants, Float[np.ndarray, "R C"] | None]:
        """Serve, retire and order as wanted; return also what the orders cost [currency]."""
        if mix.retire is not None:
            variants = retired(variants, mix.retire)
        cost = None if mix.order is None or self.studio is None else self.studio.order(mix.order)
        return variants._replace(traffic=np.array(mix.traffic)), cost

    @property
    def _reels(self) -> tuple[Reel, Reel, Reel]:
        return self._served, self._credit, self._exposures

    def record(self, before: Variants, after: Variants) -> None:
        """Record what was served in a tick that began with `before` and ended with `after`."""
        self._served.append(before.traffic)
        self._credit.append(credited(self._creative, before.traffic, before))
        self._exposures.append(np.maximum(after.exposure - self._creative.kept * before.exposure, 0.0))
        self._next += 1

    def report(self, variants: Variants, volume: Float[np.ndarray, "T R C"], delivered: int) -> Creatives:
        """Tell what is seen of variants.

        Parameters
        ----------
        volume : (T, R, C) [order]
            True orders by tick from the first of history.
        delivered : int [tick]
            The first whose results have not arrived.
        """
        self._count(volume)
        served, credit, exposures = (reel.last() for reel in self._reels)
        first = self._next - len(served)
        known = max(delivered - first, 0)
        studio = self.studio
        return Creatives(
            live=variants.quality > 0,
            since=self._since.copy(),
            traffic=variants.traffic,
            ordered=np.zeros(self._since.shape[:2], np.int64) if studio is None else studio.waiting.copy(),
            origin=np.arange(first, first + len(served))[:known],
            served=served[:known],
            credit=credit[:known],
            exposures=exposures[:known],
            studio=None if studio is None else studio.price_list,
        )

    def frequency(self, delivered: int) -> Float[np.ndarray, "R C"]:
        """How often an addressed head saw each campaign in the week before tick `delivered` [1/day]."""
        days = self._world.brief.tick_days
        exposures = self._exposures.last()
        known = max(delivered - (self._next - len(exposures)), 0)
        week = exposures[max(known - max(round(WEEK_DAYS / days), 1), 0) : known]
        seen = week.sum(axis=3).sum(axis=0)
        return np.asarray(seen / (max(len(week), 1) * days))

    def _count(self, volume: Float[np.ndarray, "T R C"]) -> None:
        """Add the luck of counting to the ticks that have none yet."""
        brief, market = self._world.brief, self._world.market
        shares = self._credit.last(self._next - self._counted)
        first, self._counted = self._next - len(shares), self._next
        if len(shares) == 0 or not (market.dispersion > 0).any():
            return
        names = [f"{name}/{slot}" for name in brief.campaigns for slot in range(shares.shape[3])]
        z = self._world.tape.normal("variant orders", names, range(first, self._next)).reshape(shares.shape)
        rows = slice(brief.row(first), brief.row(self._next))
        shares[...] = counted(volume[rows], shares, market.dispersion, z)

    def stand(self, volume: Float[np.ndarray, "T R C"], minute: int) -> Rotated:
        """Return where the rotation stands, for a run that begins at `minute`."""
        self._count(volume)
        served, credit, exposures = (reel.last().copy() for reel in self._reels)
        backlog = self._start.backlog if self.studio is None else self.studio.backlog(minute)
        return Rotated(self._since.copy(), served, credit, exposures, backlog)
