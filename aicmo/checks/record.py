"""What happened, whatever a part does: the open loop on which contracts are checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aicmo.checks import fixtures
from aicmo.checks.rows import take
from aicmo.messages import Brief, GroupLimit, Limits, Observation

LimitsOn = Callable[[np.ndarray], Limits]
"""Limits that follow from the decision in force, (R, C)."""


@dataclass(frozen=True)
class Record:
    """Spend and orders of history and horizon, (T, R, C), of the replications `ids`.

    Observations are views of them up to their tick, so that a part which looks beyond is found out.
    """

    brief: Brief
    spend: np.ndarray
    orders: np.ndarray
    ids: tuple[int, ...]

    def observe(self, tick: int, limits: LimitsOn | None = None, *, delivered: bool = True) -> Observation:
        """Return what is known when `tick` opens; nothing has arrived yet unless `delivered`."""
        now = self.brief.row(tick)
        plan = self.spend[max(now - 1, 0)] / self.brief.tick_days
        seen = fixtures.observation(
            self.brief,
            tick,
            spend=self.spend[:now],
            orders=self.orders[:now],
            current=plan,
            limits=None if limits is None else limits(plan),
        )
        return seen if delivered else _undelivered(seen)

    def take(self, rows: Sequence[int]) -> Record:
        """Return the record of some replications, which keep their ids."""
        spend, orders = (np.take(values, rows, axis=1) for values in (self.spend, self.orders))
        return Record(take(self.brief, rows), spend, orders, tuple(self.ids[row] for row in rows))

    def changed_from(self, tick: int) -> Record:
        """Return a record in which all is different from `tick` on."""
        past = (np.arange(len(self.spend)) < self.brief.row(tick))[:, None, None]
        spend, orders = np.where(past, self.spend, 3.0 * self.spend), np.where(past, self.orders, 0.0)
        return replace(self, spend=spend, orders=orders)


def history(*, weeks: int = 8) -> Record:
    """Make up spend and orders that differ by campaign, week and replication, after some weeks of history."""
    brief = fixtures.brief(history_weeks=weeks)
    rngs = [np.random.default_rng((9, row)) for row in range(brief.replications)]
    ticks, campaigns = brief.history_ticks + brief.ticks, brief.shape[1]
    waves = [rng.lognormal(0.0, 0.4, (ticks // 7 + 1, campaigns)).repeat(7, axis=0)[:ticks] for rng in rngs]
    spend = np.stack(waves, axis=1) * (fixtures.PACE * brief.tick_days / campaigns)
    mean = 8.0 * np.linspace(0.5, 2.0, campaigns) * spend / (100.0 + spend)
    orders = np.stack([rng.poisson(mean[:, row]) for row, rng in enumerate(rngs)], axis=1)
    return Record(brief, spend, orders.astype(np.float64), tuple(range(brief.replications)))


def tight(current: np.ndarray) -> Limits:
    """Limit a plan by boxes around the current one, a cap on a group, a floor under another, and a total."""
    size = current.sum(axis=1)
    groups = (
        GroupLimit("first", np.array([0, 1, 2]), np.zeros(len(size)), 1.05 * current[:, :3].sum(axis=1)),
        GroupLimit("rest", np.array([3, 4]), 0.97 * current[:, 3:5].sum(axis=1), np.full(len(size), np.inf)),
    )
    return Limits(0.8 * current, 1.2 * current, 1.02 * size, groups)


def one_paused(current: np.ndarray) -> Limits:
    """Allow everything but spend on one campaign."""
    rows, campaigns = current.shape
    free = Limits.none(rows, campaigns)
    return replace(free, upper=np.where(np.arange(campaigns) == 2, 0.0, free.upper))


def _undelivered(seen: Observation) -> Observation:
    zero = {name: np.zeros_like(getattr(seen, name)) for name in ("spend", "claimed", "unified", "orders")}
    size = len(seen.origin)
    return replace(seen, delivered=np.zeros(size, dtype=bool), maturity=np.zeros(size), **zero)
