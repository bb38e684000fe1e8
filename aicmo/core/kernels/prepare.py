"""From a curve and its bounds to a leaf and its jumps."""

import math

from aicmo.core.kernels.bridge import prepare_mixtures
from aicmo.core.kernels.envelope import log_rise, tangent
from aicmo.core.kernels.families import log_marginal
from aicmo.core.kernels.jit import inner, kernel
from aicmo.core.kernels.table import table_pieces
from aicmo.core.kernels.tile import (
    AT,
    EXPONENTIAL,
    FALL,
    HALF,
    HIGH,
    HILL,
    LANES,
    LENGTH,
    LOGARITHMIC,
    LOW,
    P0,
    P1,
    POWER,
    RISE,
    SCALE,
    SHAPE,
    SLOPE,
    START,
    TABLE,
    TOP,
    Tile,
    X,
)
from aicmo.core.kernels.types import Bools, Floats


@kernel
def prepare_tile(tile: Tile, dirty: Bools) -> None:
    """Prepare every curve that is marked in `dirty` (C·L) for its current bounds, and clear the marks."""
    lanes, leaf, kinds, link = tile.size[LANES], tile.leaf, tile.kind, tile.link
    prepare_mixtures(tile, dirty)
    for e in range(dirty.size):
        if dirty[e]:
            j = e // lanes
            if kinds[j] <= POWER and link[j] == link[j + 1]:
                _prepare_strict(leaf, e, kinds[j])
            else:
                _prepare(tile, e)
            dirty[e] = False


@inner
def _prepare(tile: Tile, e: int) -> None:
    """Set the constants of element `e`, of any family but mixtures, for its current bounds."""
    kind = tile.kind[e // tile.size[LANES]]
    leaf = tile.leaf
    leaf[X, e], leaf[SLOPE, e], leaf[START, e] = leaf[LOW, e], 0.0, leaf[LOW, e]
    if kind == TABLE:
        table_pieces(tile, e)
    elif leaf[SCALE, e] == 0.0:
        _straighten(tile, e, leaf[HIGH, e], -math.inf)
        leaf[P0, e], leaf[P1, e], leaf[TOP, e], leaf[FALL, e] = 0.0, 1.0, -1.0, -1.0  # any root will do
    else:
        _prepare_family(tile, e, kind)


@inner
def _prepare_strict(leaf: Floats, e: int, kind: int) -> None:
    """Do the same for a curve that is strictly concave in every row; most are, and need one array."""
    a, k, s, low = leaf[SCALE, e], leaf[HALF, e], leaf[SHAPE, e], leaf[LOW, e]
    leaf[X, e], leaf[SLOPE, e], leaf[START, e] = low, 0.0, low
    if kind == LOGARITHMIC:
        leaf[P0, e], leaf[P1, e] = a, k
    elif kind == EXPONENTIAL:
        leaf[P0, e], leaf[P1, e] = k * (math.log(a) - math.log(k)), k
    elif kind == HILL:
        leaf[P0, e], leaf[P1, e] = math.log(a) + math.log(s) - math.log(k), 1.0 / s
        leaf[TOP, e] = log_marginal(kind, a, k, s, low)
        leaf[FALL, e] = log_marginal(kind, a, k, s, leaf[HIGH, e])
    else:
        leaf[P0, e], leaf[P1, e] = (math.log(a) + math.log(s)) / (1.0 - s), 1.0 / (1.0 - s)


@inner
def _straighten(tile: Tile, e: int, point: float, rise: float) -> None:
    """Make [low, point] the only jump of element `e` and start its leaf there."""
    lanes = tile.size[LANES]
    q = tile.link[e // lanes]
    low = tile.leaf[LOW, e]
    if q < tile.link[e // lanes + 1]:
        z = q * lanes + e % lanes
        tile.jump[AT, z], tile.jump[LENGTH, z], tile.jump[RISE, z] = low, point - low, rise
    tile.leaf[START, e] = point


@inner
def _prepare_family(tile: Tile, e: int, kind: int) -> None:
    leaf = tile.leaf
    a, k, s, low, high = leaf[SCALE, e], leaf[HALF, e], leaf[SHAPE, e], leaf[LOW, e], leaf[HIGH, e]
    if kind == LOGARITHMIC:
        leaf[P0, e], leaf[P1, e] = a, k
    elif kind == EXPONENTIAL:
        leaf[P0, e], leaf[P1, e] = k * (math.log(a) - math.log(k)), k
    elif kind == HILL:
        point = tangent(kind, a, k, s, low, high)
        _straighten(tile, e, point, log_rise(kind, a, k, s, low, point) if point > low else -math.inf)
        leaf[P0, e], leaf[P1, e] = math.log(a) + math.log(s) - math.log(k), 1.0 / s
        leaf[TOP, e], leaf[FALL, e] = log_marginal(kind, a, k, s, point), log_marginal(kind, a, k, s, high)
    elif s == 1.0:
        _straighten(tile, e, high, math.log(a))
        leaf[P0, e], leaf[P1, e] = 0.0, 1.0  # any demand is clipped to the end of the line
    else:
        leaf[P0, e], leaf[P1, e] = (math.log(a) + math.log(s)) / (1.0 - s), 1.0 / (1.0 - s)


@inner
def slots_of(kind: int, a: float, s: float) -> int:
    """Jumps that a curve of a closed family may need."""
    if a == 0.0:
        return 1
    return int(s > 1.0) if kind == HILL else int(kind not in (LOGARITHMIC, EXPONENTIAL) and s == 1.0)
