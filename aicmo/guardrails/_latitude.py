"""The gate in front of the seats that move no money: breadths and orders within what guardrails allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np
from jaxtyping import Float, Int

from aicmo.messages import Intervention, Latitude, Limits

HAIR = 1e-9
"""Breadths that differ by less are one."""


def latitude_of(pieces: Sequence[Limits]) -> Latitude | None:
    """Return what all pieces allow together beside money; None where none of them says anything."""
    given = [piece.latitude for piece in pieces if piece.latitude is not None]
    return reduce(Latitude.meet, given) if given else None


def held_breadth(
    breadth: Float[np.ndarray, "R C"], limits: Limits, pieces: Sequence[Limits], tick: int
) -> tuple[Float[np.ndarray, "R C"], tuple[Intervention, ...]]:
    """Bring breadths to the nearest that are allowed.

    Parameters
    ----------
    breadth : (R, C) [1]
    limits : Limits
        What all guardrails allow together, from `merge`.
    pieces : sequence of Limits
        What each allows, to name the ones that bound.

    Returns
    -------
    breadth : (R, C) [1]
        Those that keep all limits come back bit for bit.
    interventions : tuple of Intervention
        One for each guardrail that was broken; `moved` counts campaigns.
    """
    latitude = limits.latitude
    if latitude is None:
        return breadth, ()
    held = np.clip(breadth, latitude.narrowest, latitude.widest)
    touched = np.abs(held - breadth) > HAIR
    broken: dict[str, np.ndarray] = {}
    for source, given in _given(pieces):
        outside = touched & ((breadth < given.narrowest - HAIR) | (breadth > given.widest + HAIR))
        broken[source] = broken.get(source, 0.0) + outside.sum(axis=1)
    return np.where(touched, held, breadth), _told(broken, tick)


def held_orders(
    order: Int[np.ndarray, "R C"],
    rate: Float[np.ndarray, "R C"],
    limits: Limits,
    pieces: Sequence[Limits],
    tick: int,
) -> tuple[Int[np.ndarray, "R C"], tuple[Intervention, ...]]:
    """Leave as many orders as are allowed: those of the campaigns that spend most.

    Parameters
    ----------
    order : (R, C) [variant]
    rate : (R, C) [currency/day]
        The budgets in force.
    limits, pieces, tick :
        As for `held_breadth`; `moved` counts variants that are not ordered.
    """
    latitude = limits.latitude
    if latitude is None:
        return order, ()
    first = np.argsort(-rate, axis=1, kind="stable")
    before = np.cumsum(np.take_along_axis(order, first, axis=1), axis=1)
    most = np.minimum(latitude.orders, before[:, -1] if before.shape[1] else 0.0)[:, None]
    kept = np.diff(np.minimum(before, most), axis=1, prepend=0.0)
    held = np.zeros_like(order)
    np.put_along_axis(held, first, kept.astype(order.dtype), axis=1)
    wanted = order.sum(axis=1)
    broken: dict[str, np.ndarray] = {}
    for source, given in _given(pieces):
        broken[source] = np.maximum(broken.get(source, 0.0), np.maximum(wanted - given.orders, 0.0))
    return held, _told(broken, tick)


def at_breadth(breadth: Float[np.ndarray, "R C"], pieces: Sequence[Limits]) -> dict[str, np.ndarray]:
    """Count by guardrail the campaigns whose breadth lies at one of its limits, (R,) each."""
    found: dict[str, np.ndarray] = {}
    for source, given in _given(pieces):
        narrow = (given.narrowest > 0.0) & (breadth <= given.narrowest + HAIR)
        wide = (given.widest < 1.0) & (breadth >= given.widest - HAIR)
        found[source] = found.get(source, 0) + (narrow | wide).sum(axis=1)
    return found


def at_orders(order: Int[np.ndarray, "R C"], pieces: Sequence[Limits]) -> dict[str, np.ndarray]:
    """Tell by guardrail whether orders use all that it allows, (R,) each."""
    found: dict[str, np.ndarray] = {}
    for source, given in _given(pieces):
        found[source] = found.get(source, 0) + (order.sum(axis=1) >= given.orders)
    return found


def _given(pieces: Sequence[Limits]) -> Iterator[tuple[str, Latitude]]:
    for piece in pieces:
        if piece.latitude is not None:
            yield piece.source, piece.latitude


def _told(broken: dict[str, np.ndarray], tick: int) -> tuple[Intervention, ...]:
    return tuple(Intervention(name, tick, moved) for name, moved in broken.items() if moved.any())
