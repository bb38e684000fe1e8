"""What of an allocation hangs on the curves and their bounds alone, made once for many budgets."""

import math

import numpy as np

from aicmo.core.kernels.arrange import Problem, make_tile
from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.load import load, load_parts, money_exponent, worth_exponent
from aicmo.core.kernels.prepare import prepare_pieces, prepare_tile
from aicmo.core.kernels.tile import HIGH, JUMP_ROWS, LEAF_ROWS, POWER
from aicmo.core.kernels.types import Floats, Ints


@kernel
def ready_rows(problem: Problem, rows: int) -> tuple[Floats, Floats, Ints]:
    """Leaves (Q, LEAF_ROWS, C), jumps (Q, JUMP_ROWS, J) and units (Q, 2) of Q `rows` of curves and bounds.

    Tables and mixtures without an upper bound wait for the budget, which is one.
    """
    tile = make_tile(problem, 1)
    leaf = np.empty((rows, LEAF_ROWS, tile.kind.size))
    jump = np.empty((rows, JUMP_ROWS, tile.jump.shape[1]))
    units = np.empty((rows, 2), dtype=np.int64)
    for r in range(rows):
        units[r, 0], units[r, 1] = money_exponent(problem, r), worth_exponent(problem, r)
        load(tile, problem, r, 0, units[r, 0], units[r, 1])
        load_parts(tile, problem, r, units[r : r + 1].T)
        prepare_tile(tile)
        for s in range(tile.segment.shape[0]):
            kind, first, last = tile.segment[s, 0], tile.segment[s, 1], tile.segment[s, 2]
            if kind > POWER and np.max(tile.leaf[HIGH, first:last]) < math.inf:
                prepare_pieces(tile, kind, first, last)
        leaf[r], jump[r] = tile.leaf, tile.jump
    return leaf, jump, units
