"""What the seats that move no money asked for, as entries of a journal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from aicmo.messages import Brief, Holdouts, Mix, Proposal
from aicmo.simulation.ledger import Ledger

Entry = dict[str, Any]


def steering(ledger: Ledger) -> Iterator[tuple[int, Entry]]:
    """Yield tick and entry of each wish that changes something, world by world."""
    brief = ledger.brief
    breadth = None if brief.breadth is None else np.broadcast_to(brief.breadth, brief.shape)
    for tick, proposal in ledger.steering:
        value = proposal.value
        if proposal.seat == "targeting" and breadth is not None and np.shape(value) == brief.shape:
            for world, told in _breadths(brief, breadth, value):
                yield tick, _entry(brief, tick, proposal, world, {"breadth": told})
            breadth = np.asarray(value)
        elif isinstance(value, Mix):
            for world, creatives in _creatives(brief, value):
                yield tick, _entry(brief, tick, proposal, world, creatives)
        elif isinstance(value, Holdouts):
            for world, holdout in _holdouts(brief, value):
                yield tick, _entry(brief, tick, proposal, world, {"holdout": holdout})


def _entry(brief: Brief, tick: int, proposal: Proposal, world: int, told: Entry) -> Entry:
    about = {"kind": proposal.seat, "day": brief.day_of(tick).isoformat(), "world": world, "by": proposal.by}
    return about | told


def _breadths(
    brief: Brief, before: np.ndarray, after: np.ndarray
) -> Iterator[tuple[int, dict[str, dict[str, float]]]]:
    changed = np.asarray(before != after)
    for world in np.flatnonzero(changed.any(axis=1)).tolist():
        yield (
            world,
            {
                brief.campaigns[c]: {"before": float(before[world, c]), "after": float(after[world, c])}
                for c in np.flatnonzero(changed[world]).tolist()
            },
        )


def _creatives(brief: Brief, mix: Mix) -> Iterator[tuple[int, Entry]]:
    """Tell what is ordered and retired; who serves how much traffic changes too often to be told."""
    nothing = np.zeros(brief.shape, dtype=np.int64)
    ordered = nothing if mix.order is None else np.asarray(mix.order)
    retired = nothing if mix.retire is None else np.asarray(mix.retire).sum(axis=2)
    for world in np.flatnonzero((ordered + retired).any(axis=1)).tolist():
        yield world, {"ordered": _named(brief, ordered[world]), "retired": _named(brief, retired[world])}


def _named(brief: Brief, counts: np.ndarray) -> dict[str, int]:
    return {brief.campaigns[c]: int(counts[c]) for c in np.flatnonzero(counts).tolist()}


def _holdouts(brief: Brief, wish: Holdouts) -> Iterator[tuple[int, Entry]]:
    for world in np.flatnonzero(wish.tested.any(axis=1)).tolist():
        yield (
            world,
            {
                "campaigns": [brief.campaigns[c] for c in np.flatnonzero(wish.tested[world]).tolist()],
                "share": float(wish.share[world]),
                "days": float(wish.days[world]),
                "wash_out_days": float(wish.wash_out[world]),
            },
        )
