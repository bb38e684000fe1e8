"""Which limits a decision lies at, and what one more unit of room in them would be worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from aicmo.guardrails._nodes import Nodes, row_sum
from aicmo.messages import Binding, Limits

TOUCH = 1e-6
"""A rate within this share of a limit lies at it."""


def bindings(
    rate: Float[np.ndarray, "R C"],
    limits: Limits,
    pieces: Sequence[Limits],
    marginal: Float[np.ndarray, "R C"] | None,
) -> tuple[Binding, ...]:
    """Tell for each guardrail at how many of its limits a decision lies, and their shadow prices.

    A limit binds where the rate lies at it and no other is tighter. Its price is by how far the marginal
    return there differs from that of campaigns that nothing binds (complementary slackness): what moving one
    unit of money a day across it would bring. The price of a total is that marginal return itself.

    Parameters
    ----------
    rate : (R, C) [currency/day]
    limits : Limits
        What all guardrails allow together.
    pieces : sequence of Limits
        What each allows.
    marginal : (R, C) [currency/currency], optional
        Believed gross profit of one more unit of money; without it prices are zero.
    """
    pieces = [piece for piece in pieces if piece.latitude is None or _holds_money(piece)]
    nodes = Nodes.of([limits, *pieces])
    sums, floor, ceiling = nodes.sums(rate), nodes.lower(limits), nodes.upper(limits)
    touched = {piece.source: np.zeros(sums.shape, dtype=bool) for piece in pieces}
    for piece in pieces:
        upper, lower = nodes.upper(piece), nodes.lower(piece)
        at_upper = (upper <= ceiling * (1.0 + TOUCH)) & np.isfinite(upper) & (sums >= upper * (1.0 - TOUCH))
        at_lower = (lower > 0.0) & (lower >= floor * (1.0 - TOUCH)) & (sums <= lower * (1.0 + TOUCH))
        touched[piece.source] |= at_upper | at_lower
    bound = np.any(list(touched.values()), axis=0)
    prices = _prices(nodes, marginal, bound) if marginal is not None else np.zeros(sums.shape)
    return tuple(
        Binding(source, found.sum(axis=1), (prices * found).sum(axis=1), _held(nodes, found))
        for source, found in touched.items()
    )


def _held(nodes: Nodes, bound: Bool[np.ndarray, "R N"]) -> Bool[np.ndarray, "R C"]:
    """Which campaigns limits hold at entries where they bind; the last, the total, holds none."""
    held: np.ndarray = bound[:, : nodes.campaigns].copy()
    for node, members in enumerate(nodes.members, start=nodes.campaigns):
        held[:, members] |= bound[:, node : node + 1]
    return held


def _holds_money(piece: Limits) -> bool:
    """Whether a piece that speaks to other seats speaks of money too."""
    bounds = (*(group.upper for group in piece.groups), piece.upper, piece.total)
    return bool(piece.groups or piece.lower.any() or any(np.isfinite(bound).any() for bound in bounds))


def _prices(
    nodes: Nodes, marginal: Float[np.ndarray, "R C"], bound: Bool[np.ndarray, "R N"]
) -> Float[np.ndarray, "R N"]:
    """Return how far the marginal return at each entry lies from that of free campaigns; the last: itself."""
    everywhere = np.arange(nodes.campaigns)
    boxed = bound[:, : nodes.campaigns]
    free = _mean(marginal, ~_held(nodes, bound), everywhere)
    inside = [_mean(marginal, ~boxed, members) for members in nodes.members]
    away = [np.abs(value - free) for value in inside]
    return np.column_stack([np.abs(marginal - free[:, None]), *away, np.maximum(free, 0.0)])


def _mean(
    values: Float[np.ndarray, "R C"], chosen: Bool[np.ndarray, "R C"], members: np.ndarray
) -> Float[np.ndarray, "R"]:
    """Mean over the members that are chosen, over all of them where none is."""
    some = np.take(chosen, members, axis=1).any(axis=1, keepdims=True)
    weight = (chosen | ~some).astype(float)
    return np.asarray(row_sum(values * weight, members) / row_sum(weight, members))
