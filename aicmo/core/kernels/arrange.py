"""Lay a problem out: sort campaigns by group and family, count jumps, and make room for a tile of rows."""

from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.prepare import slots_of
from aicmo.core.kernels.tile import (
    BLOCK,
    CHUNK,
    FIRST,
    HEAD,
    JUMP_ROWS,
    LANE_ROWS,
    LAST,
    LEAF_ROWS,
    MIXTURE,
    NODE_ROWS,
    PARENT,
    PARTIAL,
    SEGMENT,
    SEGMENTS_END,
    TABLE,
    WINDOW,
    Tile,
)
from aicmo.core.kernels.types import Floats, Ints

KINDS = 6


class Problem(NamedTuple):
    """What the kernels are given; arrays that all rows share have one row.

    Attributes
    ----------
    kind, slot, home : (C,)
        Family, index among tables or mixtures, and innermost node of each campaign.
    scale, half, shape : (1 or R, C)
        Parameters.
    mixture : (3, 1 or R, D, G); knots : (2, 1 or R, E, P)
        Components and table points.
    lower, upper : (1 or R, C)
        Bounds.
    budget, price0 : (R,)
        Money, and first guesses of its price or NaN.
    parent, head : (M,)
        Parent and first descendant of each node.
    node_lower, node_upper : (1 or R, M)
        Limits of each node.
    leaf, jump, units : (Q, LEAF_ROWS, C), (Q, JUMP_ROWS, J), (Q, 2)
        What `ready_rows` made of the curves and their bounds for Q = 1 or R rows; Q = 0 where nobody asked.
    """

    kind: Ints
    slot: Ints
    home: Ints
    scale: Floats
    half: Floats
    shape: Floats
    mixture: Floats
    knots: Floats
    lower: Floats
    upper: Floats
    budget: Floats
    price0: Floats
    parent: Ints
    head: Ints
    node_lower: Floats
    node_upper: Floats
    leaf: Floats
    jump: Floats
    units: Ints


@part
def sort_campaigns(problem: Problem) -> Ints:
    """Campaigns by innermost node, then family, then index: a counting sort."""
    campaigns, buckets = problem.kind.size, problem.parent.size * KINDS
    start = np.zeros(buckets + 1, dtype=np.int64)
    for c in range(campaigns):
        start[problem.home[c] * KINDS + problem.kind[c] + 1] += 1
    for b in range(buckets):
        start[b + 1] += start[b]
    order = np.empty(campaigns, dtype=np.int64)
    for c in range(campaigns):
        b = problem.home[c] * KINDS + problem.kind[c]
        order[start[b]] = c
        start[b] += 1
    return order


@part
def count_jumps(problem: Problem, order: Ints) -> Ints:
    """Where each position's jumps begin, as many as any row may need: (C+1,)."""
    link = np.zeros(order.size + 1, dtype=np.int64)
    for j in range(order.size):
        c = order[j]
        kind, most = problem.kind[c], 0
        if kind == TABLE:
            most = problem.knots.shape[3] + 1
        elif kind == MIXTURE:
            for r in range(problem.mixture.shape[1]):
                most = max(most, _humps(problem, r, problem.slot[c]))
        else:
            for r in range(problem.scale.shape[0]):
                most = max(most, slots_of(kind, problem.scale[r, c], problem.shape[r, c]))
        link[j + 1] = link[j] + most
    return link


@inner
def _humps(problem: Problem, r: int, d: int) -> int:
    """Straight pieces that the envelope of a mixture may have: one for each S-shaped component, one to spare.

    Next to zero spend a stretch may pass for bent that is nearly straight.
    """
    humps, live = 0, False
    for g in range(problem.mixture.shape[3]):
        positive = problem.mixture[2, r, d, g] > 0.0
        humps += int(positive and problem.mixture[1, r, d, g] > 1.0)
        live = live or positive
    return (humps + 1 if humps else 0) if live else 1


@part
def runs(problem: Problem, order: Ints) -> Ints:
    """Find runs of equal node and family: (Q, 4) with family, first and last position, node."""
    out = np.empty((order.size, 4), dtype=np.int64)
    n = 0
    for j in range(order.size):
        kind, node = problem.kind[order[j]], problem.home[order[j]]
        if n == 0 or out[n - 1, 0] != kind or out[n - 1, 3] != node:
            out[n, 0], out[n, 1], out[n, 3] = kind, j, node
            n += 1
        out[n - 1, 2] = j + 1
    return out[:n]


@part
def nesting(problem: Problem, order: Ints, segment: Ints) -> Ints:
    """Positions and runs that lie below each node: (6, M)."""
    nodes = problem.parent.size
    nest = np.zeros((6, nodes), dtype=np.int64)
    positions, segments = np.zeros(nodes + 1, dtype=np.int64), np.zeros(nodes + 1, dtype=np.int64)
    for j in range(order.size):
        positions[problem.home[order[j]] + 1] += 1
    for s in range(segment.shape[0]):
        segments[segment[s, 3] + 1] += 1
    for m in range(nodes):
        positions[m + 1] += positions[m]
        segments[m + 1] += segments[m]
    for m in range(nodes):
        head = problem.head[m]
        nest[HEAD, m], nest[PARENT, m] = head, problem.parent[m]
        nest[FIRST, m], nest[LAST, m] = positions[head], positions[m + 1]
        nest[SEGMENT, m], nest[SEGMENTS_END, m] = segments[m], segments[m + 1]
    return nest


@part
def make_tile(problem: Problem, lanes: int) -> Tile:
    """Make an empty tile for `lanes` rows of the problem."""
    order = sort_campaigns(problem)
    link = count_jumps(problem, order)
    segment = runs(problem, order)
    campaigns = order.size
    parts, points = problem.mixture.shape[3], problem.knots.shape[3]
    kind, home, slot = np.empty_like(order), np.empty_like(order), np.empty_like(order)
    mixtures = 0
    for j in range(campaigns):
        kind[j], home[j], slot[j] = problem.kind[order[j]], problem.home[order[j]], problem.slot[order[j]]
        if kind[j] == MIXTURE:
            slot[j] = mixtures
            mixtures += 1
    size = np.empty(3, dtype=np.int64)
    size[0], size[1], size[2] = lanes, parts, points
    return Tile(
        kind, order, home, segment, np.zeros((LEAF_ROWS, campaigns * lanes)), link,
        np.zeros((JUMP_ROWS, link[campaigns] * lanes)), nesting(problem, order, segment),
        np.zeros((NODE_ROWS, problem.parent.size * lanes)), slot,
        np.empty(((mixtures * lanes + BLOCK - 1) // BLOCK, 3, parts, BLOCK)), np.empty((5, parts)),
        np.zeros((2, problem.knots.shape[2] * lanes * points)),
        size, np.zeros((LANE_ROWS, lanes)),
        np.zeros((2, lanes if lanes > 1 else min(CHUNK, campaigns))),
        np.zeros((2, PARTIAL * lanes)), np.zeros((2, WINDOW)),
    )  # fmt: skip


@part
def no_tile(campaigns: int) -> Tile:
    """Make a tile of leaves alone: one lane, no jumps, no nodes."""
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros((2, 0))
    size = np.ones(3, dtype=np.int64)
    return Tile(
        none, none, none, np.zeros((0, 4), dtype=np.int64), np.zeros((LEAF_ROWS, campaigns)),
        np.zeros(campaigns + 1, dtype=np.int64), np.zeros((JUMP_ROWS, 0)), np.zeros((6, 0), dtype=np.int64),
        np.zeros((NODE_ROWS, 0)), none, np.empty((0, 3, 1, BLOCK)), np.empty((5, 1)), nothing, size,
        np.zeros((LANE_ROWS, 1)), nothing, nothing, nothing,
    )  # fmt: skip
