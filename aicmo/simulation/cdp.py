"""The CDP: collects what happened, unifies it, and delivers it late and immature."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from aicmo.market.measurement import Stack, maturation, measure
from aicmo.market.step import Outcome
from aicmo.market.weather import Weather
from aicmo.market.world import Market
from aicmo.messages import Brief, read_only

CREDIT_AT_ONCE = 28
"""Ticks credited in one call: enough to spare calls, few enough to keep temporary arrays small."""


@dataclass(frozen=True)
class Facts:
    """What really happened, by tick from the first of history; rows that have not happened are zero.

    Attributes
    ----------
    spend, volume, saturation : (T, R, C)
        Money delivered [currency], true orders caused [order], saturation H of the response.
    organic, orders : (T, R, S)
        Orders without marketing and all orders [order].
    """

    spend: np.ndarray
    volume: np.ndarray
    saturation: np.ndarray
    organic: np.ndarray
    orders: np.ndarray

    @classmethod
    def empty(cls, brief: Brief) -> Facts:
        """Nothing has happened yet."""
        ticks = brief.history_ticks + brief.ticks
        by_campaign, by_segment = (ticks, *brief.shape), (ticks, brief.replications, len(brief.segments))
        return cls(*(np.zeros(by_campaign) for _ in range(3)), *(np.zeros(by_segment) for _ in range(2)))

    def write(self, row: int, outcome: Outcome) -> None:
        """Keep what a tick brought."""
        for item in fields(self):
            getattr(self, item.name)[row] = getattr(outcome, item.name)

    def continued(self) -> Facts:
        """Return a copy that may be written on from here."""
        return Facts(*(getattr(self, item.name).copy() for item in fields(self)))


@dataclass(frozen=True)
class Window:
    """What has been delivered by now; the fields are those of `messages.Observation`."""

    origin: np.ndarray
    delivered: np.ndarray
    maturity: np.ndarray
    spend: np.ndarray
    price: np.ndarray
    claimed: np.ndarray
    unified: np.ndarray
    orders: np.ndarray


class Cdp:
    """One team's data stack on one run.

    Parameters
    ----------
    facts : Facts
        Written by the session, tick by tick; the CDP credits what it finds there.
    weather : Weather
        Gives media prices, scheduled losses of consent, and outages.
    identity : (T, R) [1], optional
        Factor on the stack's identity: what an organisation makes of it; read once a tick is over.
    """

    def __init__(
        self,
        brief: Brief,
        market: Market,
        stack: Stack,
        facts: Facts,
        weather: Weather,
        identity: np.ndarray | None = None,
    ) -> None:
        self.brief = brief
        self.market = market
        self.stack = stack
        self.facts = facts
        self._price, self._consent, self._identity = weather.price, weather.consent, identity
        self._outages = weather.outages
        self._maturation = maturation(stack, brief.tick_minutes)
        shape = facts.spend.shape
        self._credit = {name: np.zeros(shape) for name in ("claimed", "unified")}
        self._seen = {
            "spend": np.zeros(shape),
            "claimed": np.zeros(shape),
            "unified": np.zeros(shape),
            "orders": np.zeros(facts.orders.shape),
            "price": np.ones(weather.price.shape),
        }
        self._credited = 0
        self._delivered = 0

    def credited(self, tick: int) -> dict[str, np.ndarray]:
        """Return what will have been credited to the orders of `tick` once they have matured, (R, C) each."""
        row = self.brief.row(tick)
        self._credit_until(row + 1)
        return {name: values[row] for name, values in self._credit.items()}

    def _credit_until(self, row: int) -> None:
        """Credit orders to campaigns, as the platforms and as identity resolution do, up to `row`."""
        while self._credited < row:
            rows = slice(self._credited, min(self._credited + CREDIT_AT_ONCE, row))
            facts = self.facts
            self._credit["claimed"][rows], self._credit["unified"][rows] = measure(
                self.market,
                self.stack,
                facts.volume[rows],
                facts.saturation[rows],
                facts.organic[rows],
                self._usable(rows),
            )
            self._credited = rows.stop

    def _usable(self, rows: slice) -> np.ndarray:
        """Factor on the identity of the stack, (T,) or by world (T, R)."""
        consent = self._consent[rows]
        return consent if self._identity is None else consent[:, None] * self._identity[rows]

    def window(self, tick: int) -> Window:
        """Deliver what has become available when `tick` opens."""
        brief = self.brief
        # What was recorded by then is here now.
        known = self._last_delivery(tick * brief.tick_minutes) - self.stack.latency_minutes
        complete = max(brief.row(known // brief.tick_minutes), 0)
        maturity = self._maturity(known, complete)
        self._credit_until(complete)
        self._reveal(complete, maturity)
        rows = brief.row(tick)
        padded = np.zeros(rows)
        padded[:complete] = maturity
        origin = np.arange(-brief.history_ticks, tick)
        delivered = np.arange(rows) < complete
        seen = {name: read_only(values[:rows]) for name, values in self._seen.items()}
        return Window(origin=origin, delivered=delivered, maturity=padded, **seen)

    def _last_delivery(self, minute: int) -> int:
        """Return the last minute until now at which data arrived: now, unless an outage lasts."""
        for start, end in reversed(self._outages):
            if start < minute < end:
                minute = start
        return minute

    def _maturity(self, known: int, complete: int) -> np.ndarray:
        """Share credited by minute `known` of each origin that is complete, (complete,)."""
        ends = (np.arange(complete) - self.brief.history_ticks + 1) * self.brief.tick_minutes
        age = (known - ends) // self.brief.tick_minutes  # whole ticks since the origin closed
        return np.asarray(self._maturation[np.minimum(age, len(self._maturation) - 1)])

    def _reveal(self, complete: int, maturity: np.ndarray) -> None:
        """Copy newly complete rows and refresh those that had not matured."""
        young = max(self._delivered - len(self._maturation), 0)
        fresh, renewed = slice(self._delivered, complete), slice(young, complete)
        self._seen["spend"][fresh] = self.facts.spend[fresh]
        self._seen["orders"][fresh] = self.facts.orders[fresh]
        self._seen["price"][fresh] = self._price[fresh]
        for name, values in self._credit.items():
            np.multiply(values[renewed], maturity[renewed, None, None], out=self._seen[name][renewed])
        self._delivered = complete
