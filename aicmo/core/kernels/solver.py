"""The allocator: load rows into tiles, solve, certify, branch where curves are S-shaped, and write the plans.

The few steps of a tile are separate compiled functions called from Python: one function around them all
would cost as much again to compile and save a few microseconds.
"""

from typing import TypeVar

import numpy as np

from aicmo.core.groups import Tree
from aicmo.core.kernels.arrange import Problem, make_tile
from aicmo.core.kernels.branch import Book, branch_end, branch_start, branch_step
from aicmo.core.kernels.check import sound
from aicmo.core.kernels.evaluate import Parameters
from aicmo.core.kernels.load import load_rows
from aicmo.core.kernels.prepare import prepare_tile
from aicmo.core.kernels.rows import solve_tile, write_rows
from aicmo.core.kernels.tile import MU, Tile
from aicmo.core.kernels.types import Bools, Floats, Ints

A = TypeVar("A", Floats, Ints)

WIDE = 32
FEWEST = 8  # rows from which a tile of lanes is faster than one row at a time
LARGEST = 2000  # campaigns up to which a tile of lanes stays in cache
AGREED = 1e-9


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
    dirty = np.empty(tile.kind.size * lanes, dtype=np.bool_)
    found, slack = np.empty(lanes), np.empty(lanes)
    for first in range(0, rows, lanes):
        budget, start, units = load_rows(tile, problem, first)
        dirty[:] = True
        prepare_tile(tile, dirty)
        solve_tile(tile, budget, start, exact, found, slack)
        doubtful = slack > AGREED * found
        if tile.jump.size and doubtful.any():
            _branch(tile, budget, exact, found, slack, doubtful)
        count = min(lanes, rows - first)
        write_rows(tile, units, first, count, found, slack, spend, response, gap, prices)
    return True


def _branch(tile: Tile, budget: Floats, exact: int, found: Floats, slack: Floats, doubtful: Bools) -> None:
    """Search on from the relaxed plans of the doubtful rows, all rows one node at a time."""
    lanes, elements, nodes = found.size, tile.leaf.shape[1], tile.node.shape[1]
    room = _room(tile.kind.size)
    book = Book(
        np.empty((2, lanes * room)), np.empty((3, lanes * room), dtype=np.int64),
        np.empty(elements), np.empty(elements),
        np.empty(elements), np.empty(nodes), np.empty((3, lanes)), np.empty((4, lanes), dtype=np.int64),
    )  # fmt: skip
    branch_start(tile, book, found, slack, doubtful)
    start, dirty = tile.node[MU, -lanes:].copy(), np.zeros(elements, dtype=np.bool_)
    while branch_step(tile, book, budget, exact, found, slack, dirty):
        prepare_tile(tile, dirty)
        solve_tile(tile, budget, start, exact, found, slack)
    branch_end(tile, book, found, slack)


def _room(campaigns: int) -> int:
    """Most nodes to open: enough to prove small sets optimal, a few rounds of rounding for large ones."""
    return 400 if campaigns <= 16 else max(8, min(120, 60000 // campaigns))


def problem(
    p: Parameters, lower: Floats, upper: Floats, budget: Floats, price0: Floats, nest: Tree
) -> Problem:
    """Put curves, limits and money together.

    All read-only, so that one compiled version serves every caller.
    """
    return Problem(
        p.kind, p.slot, _sealed(nest.home_of), p.scale, p.half, p.shape, p.mixture, p.knots,
        _sealed(lower), _sealed(upper),
        _sealed(budget), _sealed(price0), _sealed(nest.parent), _sealed(nest.head),
        _sealed(nest.lower), _sealed(nest.upper),
    )  # fmt: skip


def _sealed(array: A) -> A:
    """Make a read-only view."""
    view = array.view()
    view.flags.writeable = False
    return view
