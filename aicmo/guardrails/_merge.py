"""Many guardrails, one set of limits: intersect what is allowed, and waive in order what cannot all hold.

Minimums give way first, then dwell, step, stop-loss and contracts. Budget, exclusions, kill switch and
maximums never do. Among limits of one rank the upper ones are kept: less money is the safer error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aicmo.guardrails._latitude import latitude_of
from aicmo.guardrails._nodes import Nodes, row_sum
from aicmo.messages import RANKS, Limits, Standing, Waiver

# Sums of floats differ by rounding; a limit that gave way lies this share inside the one it gave way to.
HAIR = 1e-12
# Amounts below this share of the limit are rounding, not exceptions.
TOLERANCE = 1e-9


def merge(limits: Sequence[Limits], standing: Standing) -> tuple[Limits, tuple[Waiver, ...]]:
    """Intersect what each guardrail allows, and record what had to be waived.

    Parameters
    ----------
    limits : sequence of Limits
        The pieces that the guardrails gave.
    standing : Standing
        Its paused campaigns may not spend, whatever the guardrails say.

    Returns
    -------
    limits : Limits
        Never empty: some rate (R, C) keeps all of it.
    waivers : tuple of Waiver
        Which guardrail gave way, where, by how much; empty when everything can hold.

    Raises
    ------
    ValueError
        When groups overlap and neither contains the other (limits on sums must be laminar).
    """
    pieces = [availability(standing), *limits]
    nodes = Nodes.of(pieces)
    floors, ceilings = [nodes.lower(p) for p in pieces], [nodes.upper(p) for p in pieces]
    floor, ceiling = np.maximum.reduce(floors), np.minimum.reduce(ceilings)
    if (nodes.reach(floor, np.maximum) <= nodes.reach(ceiling, np.minimum)).all():
        return _beside_money(nodes.limits(floor, ceiling), pieces), ()
    floor, ceiling = _by_rank(nodes, pieces, floors, ceilings)
    given_up = [
        _beyond(lower, floor, lower) + _beyond(ceiling, upper, upper)
        for lower, upper in zip(floors, ceilings, strict=True)
    ]
    merged = _beside_money(nodes.limits(floor, ceiling), pieces)
    return merged, _waivers(pieces, given_up, standing.tick)


def _beside_money(merged: Limits, pieces: Sequence[Limits]) -> Limits:
    """Keep the least that any guardrail allows the other seats."""
    given = [piece.withheld for piece in pieces if piece.withheld is not None]
    merged = replace(merged, latitude=latitude_of(pieces))
    return replace(merged, withheld=np.minimum.reduce(given)) if given else merged


def availability(standing: Standing) -> Limits:
    """Campaigns that cannot run now may not spend; never waived."""
    rows, campaigns = standing.current.shape
    free = Limits.none(rows, campaigns, source="availability")
    return replace(free, upper=np.where(standing.paused, 0.0, np.inf))


def _by_rank(
    nodes: Nodes, pieces: Sequence[Limits], floors: Sequence[np.ndarray], ceilings: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Add limits from the strongest rank to the weakest, each as far as the stronger ones leave room."""
    plenty = _plenty([*floors, *ceilings])
    floor, ceiling = np.zeros_like(floors[0]), np.broadcast_to(plenty, ceilings[0].shape)
    for rank in RANKS:
        lowest = [_upper_of(rank, piece, upper) for piece, upper in zip(pieces, ceilings, strict=True)]
        wanted = np.minimum(np.minimum.reduce(lowest), ceiling)
        # Only as much room is opened as the stronger lower limits need in all: so the blend stays finite.
        need = nodes.reach(floor, np.maximum)[:, -1:]
        ceiling = -_fit(nodes, -np.minimum(ceiling, np.maximum(wanted, need)), -wanted, -floor)
        highest = [lower for piece, lower in zip(pieces, floors, strict=True) if piece.lower_rank == rank]
        if highest:
            floor = _fit(nodes, floor, np.maximum(np.maximum.reduce(highest), floor), ceiling)
    return floor, np.where(ceiling >= plenty, np.inf, ceiling)


def _upper_of(rank: str, piece: Limits, upper: np.ndarray) -> np.ndarray:
    """Upper limits that `piece` sets at `rank`; its total is never waived, whatever the rest is."""
    kept = upper.copy() if piece.upper_rank == rank else np.full_like(upper, np.inf)
    kept[:, -1] = piece.total if rank == "never" else np.inf
    return kept


def _plenty(bounds: Sequence[np.ndarray]) -> np.ndarray:
    """Return a finite amount above every sum that limits can ask for, (R, 1), in place of infinity."""
    finite = [np.where(np.isfinite(values), values, 0.0).max(axis=1, keepdims=True) for values in bounds]
    return np.asarray(4.0 * (1.0 + np.maximum.reduce(finite)) * bounds[0].shape[1])


def _fit(nodes: Nodes, old: np.ndarray, new: np.ndarray, ceiling: np.ndarray) -> np.ndarray:
    """Raise lower limits from `old` towards `new` as far as `ceiling` allows, (R, N).

    Where what lies below a node cannot all be had, each entry keeps `old` and the same share of its increase.
    Upper limits are lowered by the same rule with all signs turned.
    """
    most = nodes.reach(ceiling, np.minimum)
    kept = nodes.reach(old, np.maximum)
    target = np.minimum(new, most)
    for node in nodes.groups:
        target[:, node] = np.minimum(
            np.maximum(new[:, node], row_sum(target, nodes.below(node))), most[:, node]
        )
    for node in reversed(nodes.groups):
        target[:, nodes.below(node)] = _shared(kept, target, target[:, node], nodes.below(node))
    fitted = np.asarray(np.minimum(new, target))
    fitted[:, : nodes.campaigns] = target[:, : nodes.campaigns]
    return fitted


def _shared(kept: np.ndarray, wanted: np.ndarray, room: np.ndarray, entries: np.ndarray) -> np.ndarray:
    """Cut the increases of some entries by the same share so that their sum fits into `room`, (R, k)."""
    before, after = np.take(kept, entries, axis=1), np.take(wanted, entries, axis=1)
    least, most = before.sum(axis=1), after.sum(axis=1)
    short = most > room
    span = np.where(short, most - least, 1.0)
    share = np.clip((room - HAIR * np.abs(room) - least) / np.where(span > 0, span, 1.0), 0.0, 1.0)
    return np.asarray(np.where(short[:, None], before + share[:, None] * (after - before), after))


def _waivers(pieces: Sequence[Limits], given_up: Sequence[np.ndarray], tick: int) -> tuple[Waiver, ...]:
    amounts: dict[str, np.ndarray] = {}
    for piece, amount in zip(pieces, given_up, strict=True):
        amounts[piece.source] = amounts.get(piece.source, np.zeros(len(amount))) + amount
    return tuple(Waiver(source, tick, amount) for source, amount in amounts.items() if amount.any())


def _beyond(high: np.ndarray, low: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """Sum of what `high` exceeds `low` by, where `limit` is one, (R,); rounding does not count."""
    excess = np.subtract(high, low, where=np.isfinite(limit) & (high > low), out=np.zeros_like(high))
    scale = np.where(np.isfinite(limit), limit, 0.0)
    return np.asarray(np.where(excess > TOLERANCE * scale, excess, 0.0).sum(axis=1))
