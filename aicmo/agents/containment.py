"""Containment: a proposal is taken row by row where it is a decision; else what is in force stays."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from aicmo.messages import Holdouts, Intervention, Mix

NARROWEST = 0.1
"""Least share of a segment that a campaign can address (model.md 4)."""
TOLERANCE = 1e-6
"""Shares of traffic add up to one within this."""


def sound_breadth(
    proposed: Any, current: Float[np.ndarray, "R C"], tick: int
) -> tuple[Float[np.ndarray, "R C"], tuple[Intervention, ...]]:
    """Take the targeting seat's breadths; rows with anything but .1 … 1 keep those in force, on record."""
    given, reason = _numbers(proposed, current.shape, "(R, C)")
    if given is None:
        return current, _rejected("targeting", tick, np.ones(len(current), dtype=bool), reason)
    sound = np.asarray(((given >= NARROWEST) & (given <= 1.0)).all(axis=1))
    taken = np.where(sound[:, None], given, current)
    return taken, _rejected("targeting", tick, ~sound, f"breadths lie within {NARROWEST} and 1")


def sound_mix(
    proposed: Any, live: Bool[np.ndarray, "R C V"], traffic: Float[np.ndarray, "R C V"], tick: int
) -> tuple[Mix, tuple[Intervention, ...]]:
    """Take the creative seat's wish; rows that are none serve on as before, retire and order nothing."""
    everyone, shape = np.ones(len(live), dtype=bool), live.shape
    kept = Mix(traffic, np.zeros(shape, dtype=bool), np.zeros(shape[:2], dtype=np.int64))
    if not isinstance(proposed, Mix):
        said = f"the creative seat proposes a Mix, got {type(proposed).__name__}"
        return kept, _rejected("creative", tick, everyone, said)
    shares, reason = _numbers(proposed.traffic, shape, "(R, C, V)")
    gone, wrong = _numbers(kept.retire if proposed.retire is None else proposed.retire, shape, "(R, C, V)")
    orders, odd = _numbers(kept.order if proposed.order is None else proposed.order, shape[:2], "(R, C)")
    if shares is None or gone is None or orders is None:
        return kept, _rejected("creative", tick, everyone, reason or wrong or odd)
    retire = gone != 0
    sound = _serves(shares, live & ~retire) & _orders(orders, shape[2])
    taken = Mix(
        np.where(sound[:, None, None], shares, traffic),
        retire & live & sound[:, None, None],
        np.where(sound[:, None], orders, 0.0).astype(np.int64),
    )
    said = "shares of live variants add up to one, one of each campaign stays, orders are from 0 to V"
    return taken, _rejected("creative", tick, ~sound, said)


def sound_timing(
    proposed: Any, current: Float[np.ndarray, "R C D"], tick: int
) -> tuple[Float[np.ndarray, "R C D"], tuple[Intervention, ...]]:
    """Take the pacing seat's timing; rows that are no split of a day keep the one in force, on record."""
    given, reason = _numbers(proposed, current.shape, "(R, C, D)")
    if given is None:
        return current, _rejected("timing", tick, np.ones(len(current), dtype=bool), reason)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows has no mean of one either
        mean = np.abs(given.mean(axis=2) - 1.0) <= TOLERANCE
        sound = np.asarray((mean & (given >= 0.0).all(axis=2)).all(axis=1))
    taken = np.where(sound[:, None, None], given, current)
    return taken, _rejected("timing", tick, ~sound, "money of the parts of a day is at least 0, mean one")


def sound_holdouts(
    proposed: Any, shape: tuple[int, int], tick: int
) -> tuple[Holdouts, tuple[Intervention, ...]]:
    """Take the experiments seat's wish; rows that are no holdout begin nothing."""
    none, everyone = Holdouts.none(*shape), np.ones(shape[0], dtype=bool)
    if not isinstance(proposed, Holdouts):
        said = f"the experiments seat proposes Holdouts, got {type(proposed).__name__}"
        return none, _rejected("experiments", tick, everyone, said)
    tested, reason = _numbers(proposed.tested, shape, "(R, C)")
    read = [_numbers(getattr(proposed, name), shape[:1], "(R,)") for name in ("share", "days", "wash_out")]
    numbers = [given for given, _ in read if given is not None]
    if tested is None or len(numbers) < len(read):
        reasons = [reason, *(why for _, why in read)]
        return none, _rejected("experiments", tick, everyone, next(why for why in reasons if why))
    share, days, wash_out = numbers
    wanted = (tested != 0).any(axis=1)
    lasts = (days > 0.0) & np.isfinite(days) & (wash_out >= 0.0) & np.isfinite(wash_out)
    wrong = wanted & ~((share > 0.0) & (share < 1.0) & lasts)
    taken = wanted & ~wrong
    kept = (np.where(taken, given, 0.0) for given in numbers)
    said = "a holdout keeps out a share above 0 and below 1 for a finite time"
    rejections = _rejected("experiments", tick, wrong, said)
    return Holdouts((tested != 0) & taken[:, None], *kept), rejections


def _serves(shares: Float[np.ndarray, "R C V"], live: Bool[np.ndarray, "R C V"]) -> Bool[np.ndarray, "R"]:
    """Whether every campaign of a row has something live to serve, and serves nothing else."""
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows does not add up to one either
        full = np.abs(shares.sum(axis=2) - 1.0) <= TOLERANCE
        right = np.where(live, shares >= 0.0, shares == 0.0).all(axis=2)
    return np.asarray((full & right).all(axis=1))


def _orders(orders: Float[np.ndarray, "R C"], most: int) -> Bool[np.ndarray, "R"]:
    with np.errstate(invalid="ignore"):
        whole = (orders >= 0) & (orders <= most) & (orders == np.rint(orders))
    return np.asarray(whole.all(axis=1))


def _numbers(proposed: Any, shape: tuple[int, ...], axes: str) -> tuple[np.ndarray | None, str]:
    """Read an array of numbers of a shape, or say why it is none."""
    try:
        given = np.asarray(proposed)
        if given.dtype.kind not in "bifu":
            return None, f"the proposal is no array of real numbers but of {given.dtype}"
    except (TypeError, ValueError) as error:
        return None, f"the proposal is no array of numbers: {error}"
    if given.shape != shape:
        hint = " Transposed?" if given.shape == shape[::-1] else ""
        return None, f"the proposal must be of shape {shape} = {axes}, got {given.shape}.{hint}"
    return given.astype(np.float64, order="C"), ""


def _rejected(seat: str, tick: int, rows: Bool[np.ndarray, "R"], reason: str) -> tuple[Intervention, ...]:
    """Record which rows kept what is in force; nothing where all were taken."""
    if not rows.any():
        return ()
    said = f"{np.count_nonzero(rows)} of {rows.size} rows of {seat} rejected: {reason}"
    return (Intervention("gate", tick, rows.astype(np.float64), said),)
