"""What agents read off their reports: orders for the money whose orders can have come, at even demand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from aicmo.messages import Brief, Creatives, Observation


class Reading(NamedTuple):
    """Results over some origins, by campaign or by variant.

    Attributes
    ----------
    money : (R, C) or (R, C, V) [currency]
        Spend, each origin weighted by its maturity and believed demand, so that `orders / money` compares
        weeks of different age and season.
    orders : (R, C) or (R, C, V) [order]
        Credited so far.
    """

    money: Float[np.ndarray, "R ..."]
    orders: Float[np.ndarray, "R ..."]

    @property
    def rate(self) -> Float[np.ndarray, "R ..."]:
        """Orders for a unit of money; 0 where none was spent."""
        return per(self.orders, self.money)


def read(brief: Brief, observation: Observation, since: int, until: int | None = None) -> Reading:
    """Read the results of origins from tick `since` to before `until`, by campaign."""
    rows = _between(observation, since, until)
    return Reading(_money(brief, observation, rows).sum(axis=0), _orders(observation, rows).sum(axis=0))


def read_variants(
    brief: Brief, observation: Observation, seen: Creatives, weight: Float[np.ndarray, "W R C V"]
) -> Reading:
    """Read the results of each variant, every origin of `seen` weighted."""
    if len(seen.origin) == 0:
        nothing = np.zeros(seen.live.shape)
        return Reading(nothing, nothing)
    rows = _between(observation, int(seen.origin[0]), int(seen.origin[-1]) + 1)
    money = (_money(brief, observation, rows)[..., None] * seen.served * weight).sum(axis=0)
    return Reading(money, (_orders(observation, rows)[..., None] * seen.credit * weight).sum(axis=0))


def per(orders: np.ndarray, money: np.ndarray) -> np.ndarray:
    """Divide, and give 0 where there is nothing to divide by."""
    return np.asarray(np.divide(orders, money, out=np.zeros(np.shape(orders)), where=money > 0.0))


def rank(values: np.ndarray) -> np.ndarray:
    """Return each value's place along the last axis, the smallest first."""
    return np.asarray(np.argsort(np.argsort(values, axis=-1, kind="stable"), axis=-1, kind="stable"))


def within_band(breadth: Float[np.ndarray, "R C"], observation: Observation) -> Float[np.ndarray, "R C"]:
    """Return the nearest breadths that guardrails allow."""
    latitude = observation.limits.latitude
    return breadth if latitude is None else np.clip(breadth, latitude.narrowest, latitude.widest)


def afforded(wanted: Bool[np.ndarray, "R C"], worth: np.ndarray, observation: Observation) -> np.ndarray:
    """Order one where it is wanted, those worth most first, as many as guardrails allow, (R, C)."""
    latitude, order = observation.limits.latitude, wanted.astype(np.int64)
    if latitude is None:
        return order
    return np.where(rank(np.where(wanted, -worth, np.inf)) < latitude.orders[:, None], order, 0)


def _between(observation: Observation, since: int, until: int | None) -> slice:
    stop = len(observation.origin) if until is None else observation.since(until).start
    return slice(observation.since(since).start, stop)


def _orders(observation: Observation, rows: slice) -> Float[np.ndarray, "W R C"]:
    known = observation.delivered[rows] & (observation.maturity[rows] > 0.0)
    return np.asarray(observation.unified[rows] * known[:, None, None])


def _money(brief: Brief, observation: Observation, rows: slice) -> Float[np.ndarray, "W R C"]:
    ripe = np.where(observation.delivered[rows], observation.maturity[rows], 0.0)
    weight = ripe[:, None, None] * brief.season[rows]
    return np.asarray(observation.spend[rows] * np.take(weight, brief.segment, axis=2))
