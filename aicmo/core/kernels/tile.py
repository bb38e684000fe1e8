"""The working set of a few rows: every campaign's curve as one smooth leaf and a few straight jumps.

In tree order.

A concave envelope is smooth pieces joined by straight ones. A straight piece is all-or-nothing in the
price, so it becomes a *jump* (its log-slope and its length); what is left is a strictly concave *leaf* on
[start, high]. Element ``j * lanes + lane`` of a table is position j of row lane, so that a loop over rows
(many rows) and a loop over campaigns (one row) are the same loop.
"""

from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.types import Floats, Ints

HILL, LOGARITHMIC, EXPONENTIAL, POWER, TABLE, MIXTURE = range(6)
SCALE, HALF, SHAPE, LOW, HIGH, P0, P1, START, TOP, FALL, X, SLOPE, SPEND, VALUE = range(14)
LEAF_ROWS = 14
RISE, LENGTH, TAKEN, AT = range(4)
JUMP_ROWS = 4
FIRST, LAST, HEAD, PARENT, SEGMENT, SEGMENTS_END = range(6)
LOWER, UPPER, FLOOR, LIVE, BASE, LEAST, MOST, FLOW, OWN_FLOW, MU, GIVEN, SHIFT = range(12)
NODE_ROWS = 12
CHUNK = 128
BLOCK = 32  # mixtures whose components lie side by side: vectors run over mixtures, sums over components


class Tile(NamedTuple):
    """Arrays of one tile; L is the number of lanes.

    Attributes
    ----------
    kind, order, home : (C,)
        Family, campaign and innermost node of each position; positions are sorted by node, then family.
    segment : (Q, 4)
        Family, first and last position and node of each run of equal family and node.
    leaf : (LEAF_ROWS, C·L)
        Scaled parameters and bounds, prepared constants, demand and its slope dx/dμ.
    link : (C+1,)
        First jump of each position.
    jump : (JUMP_ROWS, J·L)
        Log-slope, length, taken length and starting spend of each jump; unused slots have length 0.
    nest : (6, M)
        First and last position, first descendant, parent, and first and last segment of each node.
    node : (NODE_ROWS, M·L)
        Limits, reach and supply of each node, and its log-price.
    slot : (C,)
        Index of each position among tables, or its rank among mixtures.
    mixture : (ceil(D·L / BLOCK), 3, G, BLOCK)
        Log half-saturation, shape and weight · scale of each component, BLOCK mixtures side by side.
    parts : (5, G)
        Room for the components of one mixture.
    knots : (2, E·L·P)
        Spend and response of table points.
    size : (3,)
        Lanes L, components G, points P.
    """

    kind: Ints
    order: Ints
    home: Ints
    segment: Ints
    leaf: Floats
    link: Ints
    jump: Floats
    nest: Ints
    node: Floats
    slot: Ints
    mixture: Floats
    parts: Floats
    knots: Floats
    size: Ints


LANES, COMPONENTS, POINTS = range(3)


@inner
def lanes_of(tile: Tile) -> int:
    """Count the rows side by side."""
    return int(tile.size[LANES])


@part
def accumulate(values: Floats, first: int, last: int, lanes: int, out: Floats, at: int) -> None:
    """Add positions first … last of each lane to ``out[at .

    At + lanes]``, in an order that does not depend on the lanes.

    Eight partial sums by position, then a fixed tree: one row alone and the same row among others add up to
    the same bits.
    """
    partial = np.zeros(8 * lanes)
    if lanes == 1:
        j = first
        while j < last and j & 7:
            partial[j & 7] += values[j]
            j += 1
        while j + 8 <= last:
            for i in range(8):
                partial[i] += values[j + i]
            j += 8
        while j < last:
            partial[j & 7] += values[j]
            j += 1
    else:
        for j in range(first, last):
            p, e = (j & 7) * lanes, j * lanes
            for lane in range(lanes):
                partial[p + lane] += values[e + lane]
    for lane in range(lanes):
        near = (partial[lane] + partial[lanes + lane]) + (
            partial[2 * lanes + lane] + partial[3 * lanes + lane]
        )
        far = (partial[4 * lanes + lane] + partial[5 * lanes + lane]) + (
            partial[6 * lanes + lane] + partial[7 * lanes + lane]
        )
        out[at + lane] += near + far
