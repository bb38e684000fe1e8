"""Every row of a problem: into a tile, solved, searched on where curves are S-shaped, and written back."""

import math

import numpy as np

from aicmo.core.kernels.arrange import Problem, make_tile
from aicmo.core.kernels.assign import relax
from aicmo.core.kernels.branch import branch
from aicmo.core.kernels.certify import certify
from aicmo.core.kernels.check import sound
from aicmo.core.kernels.jit import inner, kernel
from aicmo.core.kernels.load import load_rows
from aicmo.core.kernels.prepare import narrow, prepare_tile
from aicmo.core.kernels.tile import BLOCK, KNOWN, LANES, MIXTURE, MU, POINTS, SHIFT, SPEND, Tile
from aicmo.core.kernels.types import Floats, Ints

WIDE = 32
FEWEST = 8  # rows from which a tile of lanes is faster than one row at a time
LARGEST = 2000  # campaigns up to which a tile of lanes stays in cache
AGREED = 1e-9


@kernel
def solve_rows(
    problem: Problem, exact: int, spend: Floats, response: Floats, gap: Floats, prices: Floats
) -> bool:
    """Solve every row on its own; False where inputs are unsound or limits collide.

    And then nothing is solved.

    Parameters
    ----------
    problem : Problem
        R rows.
    exact : int
        1 if all money must be spent.
    spend, response, gap, prices : (R, C), (R,), (R,), (R, M)
        Outputs.

    Returns
    -------
    bool
        Whether the problem was sound.
    """
    if not sound(problem, exact):
        return False
    rows = problem.budget.size
    lanes = WIDE if rows >= FEWEST and problem.kind.size <= LARGEST else 1
    tile = make_tile(problem, lanes)
    alone = make_tile(problem, min(lanes, 1)) if lanes > 1 and tile.jump.size else tile
    room = _room(tile.kind.size)
    found, slack = np.empty(lanes), np.empty(lanes)
    for first in range(0, rows, lanes):
        budget, start, units = load_rows(tile, problem, first)
        if not problem.units.shape[0]:
            prepare_tile(tile)
        narrow(tile, problem.units.shape[0])
        tile.lane[KNOWN, :] = 0.0
        relax(tile, budget, start, exact)
        certify(tile, budget, exact, found, slack)
        count = min(lanes, rows - first)
        for lane in range(count):
            if tile.jump.size and slack[lane] > AGREED * found[lane]:
                one = slice(lane, lane + 1)
                _take_out(tile, alone, lane)
                branch(alone, budget[one], exact, found[one], slack[one], room)
                _put_back(tile, alone, lane)
        _write(tile, units, first, count, found, slack, spend, response, gap, prices)
    return True


@inner
def _room(campaigns: int) -> int:
    """Most nodes to open: enough to prove small sets optimal, a few rounds of rounding for large ones."""
    return 400 if campaigns <= 16 else max(8, min(120, 60000 // campaigns))


@inner
def _take_out(tile: Tile, alone: Tile, lane: int) -> None:
    """Copy one lane of a tile to a tile of one, unless it is that."""
    lanes = tile.size[LANES]
    if lanes == 1:
        return
    _copy_lane(tile.leaf, alone.leaf, lanes, lane, 1)
    _copy_lane(tile.jump, alone.jump, lanes, lane, 1)
    _copy_lane(tile.node, alone.node, lanes, lane, 1)
    _copy_lane(tile.knots, alone.knots, lanes, lane, tile.size[POINTS])
    for j in range(tile.kind.size):
        if tile.kind[j] == MIXTURE:
            _copy_mixture(tile, alone, tile.slot[j] * lanes + lane, tile.slot[j])


@inner
def _copy_mixture(tile: Tile, alone: Tile, at: int, to: int) -> None:
    """Copy the components of one mixture from place to place in their blocks."""
    wide, narrow = tile.mixture[at // BLOCK], alone.mixture[to // BLOCK]
    for row in range(narrow.shape[0]):
        for g in range(narrow.shape[1]):
            narrow[row, g, to % BLOCK] = wide[row, g, at % BLOCK]


@inner
def _put_back(tile: Tile, alone: Tile, lane: int) -> None:
    """Copy the plan that was found to its lane."""
    lanes = tile.size[LANES]
    for j in range(tile.home.size):
        tile.leaf[SPEND, j * lanes + lane] = alone.leaf[SPEND, j]
    for m in range(tile.nest.shape[1]):
        tile.node[MU, m * lanes + lane] = alone.node[MU, m]
        tile.node[SHIFT, m * lanes + lane] = alone.node[SHIFT, m]


@inner
def _copy_lane(wide: Floats, narrow: Floats, lanes: int, lane: int, n: int) -> None:
    """Copy runs of n numbers."""
    for row in range(narrow.shape[0]):
        for unit in range(narrow.shape[1] // max(n, 1)):
            for i in range(n):
                narrow[row, unit * n + i] = wide[row, (unit * lanes + lane) * n + i]


@inner
def _write(
    tile: Tile,
    units: Ints,
    first: int,
    count: int,
    found: Floats,
    slack: Floats,
    spend: Floats,
    response: Floats,
    gap: Floats,
    prices: Floats,
) -> None:
    """Write `count` lanes back from row `first` on, in the user's order and units (2, L).

    Exponents of money and response.
    """
    lanes = tile.size[LANES]
    for lane in range(count):
        r, to_money = first + lane, math.ldexp(1.0, int(units[0, lane]))
        for j in range(tile.order.size):
            spend[r, tile.order[j]] = tile.leaf[SPEND, j * lanes + lane] * to_money
        for m in range(prices.shape[1]):
            mu = tile.node[MU, m * lanes + lane] + tile.node[SHIFT, m * lanes + lane]
            prices[r, m] = math.ldexp(math.exp(mu), int(units[1, lane] - units[0, lane]))
        response[r], gap[r] = (
            math.ldexp(found[lane], int(units[1, lane])),
            math.ldexp(slack[lane], int(units[1, lane])),
        )
