"""The working set of a few rows: every campaign's curve as one smooth leaf and a few straight jumps.

In tree order.

A concave envelope is smooth pieces joined by straight ones. A straight piece is all-or-nothing in the
price, so it becomes a *jump* (its log-slope and its length); what is left is a strictly concave *leaf* on
[start, high]. Element ``j * lanes + lane`` of a table is position j of row lane, so that a loop over rows
(many rows) and a loop over campaigns (one row) are the same loop.
"""

from typing import NamedTuple

from aicmo.core.kernels.jit import inner
from aicmo.core.kernels.types import Floats, Ints

HILL, LOGARITHMIC, EXPONENTIAL, POWER, TABLE, MIXTURE = range(6)
SCALE, HALF, SHAPE, LOW, HIGH, P0, P1, START, TOP, FALL, X, SLOPE, SPEND, VALUE, ROOT, LEVEL = range(16)
LEAF_ROWS = 16
RISE, LENGTH, TAKEN, AT = range(4)
JUMP_ROWS = 4
FIRST, LAST, HEAD, PARENT, SEGMENT, SEGMENTS_END = range(6)
LOWER, UPPER, FLOOR, LIVE, BASE, LEAST, MOST, FLOW, OWN_FLOW, MU, GIVEN, SHIFT, GOAL, USED, STEP, REST = (
    range(16)
)
NODE_ROWS = 16
PRICE, GUESS, KNOWN, OPEN, CHEAP, DEAR, STRIDE, WIDTH, TURN, MISS, ROOM = range(11)
LANE_ROWS = 11
WINDOW = 256
PARTIAL = 8  # partial sums, so that one row alone can be added up by vector code
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
    lane : (LANE_ROWS, L)
        State of the search for each row's price; KNOWN is 1 where all leaves have answered to the GUESS. ROOM
        is the money above all lower bounds.
    run, partial, window : (2, L or a chunk), (2, 8·L), (2, WINDOW)
        Room to work in: making arrays costs more than small problems do.
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
    lane: Floats
    run: Floats
    partial: Floats
    window: Floats


LANES, COMPONENTS, POINTS = range(3)


@inner
def lanes_of(tile: Tile) -> int:
    """Count the rows side by side."""
    return int(tile.size[LANES])


@inner
def add_up(values: Floats, first: int, last: int, origin: int, lanes: int, partial: Floats) -> None:
    """Add positions first … last of each lane to eight partial sums (8·L) by distance from `origin`.

    One row alone and the same row among others add up to the same bits; alone, `first` lies a multiple of
    eight from `origin`.
    """
    if lanes > 1:
        for j in range(first, last):
            p, e = ((j - origin) & (PARTIAL - 1)) * lanes, j * lanes
            for lane in range(lanes):
                partial[p + lane] += values[e + lane]
        return
    whole = first + (last - first) // PARTIAL * PARTIAL
    for j in range(first, whole, PARTIAL):
        for i in range(PARTIAL):
            partial[i] += values[j + i]
    for j in range(whole, last):
        partial[j - whole] += values[j]


@inner
def fold(partial: Floats, lanes: int, out: Floats, at: int) -> None:
    """Add the eight partial sums up, always in the same order, to ``out[at : at + L]``."""
    for lane in range(lanes):
        near = (partial[lane] + partial[lanes + lane]) + (
            partial[2 * lanes + lane] + partial[3 * lanes + lane]
        )
        far = (partial[4 * lanes + lane] + partial[5 * lanes + lane]) + (
            partial[6 * lanes + lane] + partial[7 * lanes + lane]
        )
        out[at + lane] += near + far


@inner
def sum_nodes(tile: Tile, row: Floats, out: Floats) -> None:
    """Write the sums of `row` (C·L) over each node's own positions to `out` (M·L)."""
    lanes, partial = tile.size[LANES], tile.partial[0]
    for m in range(tile.nest.shape[1]):
        for i in range(PARTIAL * lanes):
            partial[i] = 0.0
        for s in range(tile.nest[SEGMENT, m], tile.nest[SEGMENTS_END, m]):
            first, last = tile.segment[s, 1], tile.segment[s, 2]
            add_up(row, first, last, first, lanes, partial)
        for i in range(m * lanes, (m + 1) * lanes):
            out[i] = 0.0
        fold(partial, lanes, out, m * lanes)
