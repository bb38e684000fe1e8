"""The straight pieces of concave envelopes, for callers who want to see them."""

import numpy as np

from aicmo.core.kernels.arrange import Problem, make_tile
from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.load import load, load_parts
from aicmo.core.kernels.prepare import narrow, prepare_tile
from aicmo.core.kernels.tile import AT, LENGTH, RISE, ROOM
from aicmo.core.kernels.types import Floats


@kernel
def pieces(problem: Problem) -> tuple[Floats, Floats, Floats]:
    """Begin, end and slope of the straight pieces of every curve within its bounds.

    Three arrays (R, C, J).
    """
    rows, campaigns = problem.budget.size, problem.kind.size
    tile = make_tile(problem, 1)
    most = max(1, np.max(np.diff(tile.link)))
    begin, slope = np.zeros((rows, campaigns, most)), np.zeros((rows, campaigns, most))
    end = np.zeros((rows, campaigns, most))
    units = np.zeros((2, 1), dtype=np.int64)
    for r in range(rows):
        load(tile, problem, r, 0, 0, 0)
        load_parts(tile, problem, r, units)
        prepare_tile(tile)
        tile.lane[ROOM, 0] = np.inf
        narrow(tile, 0)
        for j in range(campaigns):
            c = tile.order[j]
            for q in range(tile.link[j], tile.link[j + 1]):
                i = q - tile.link[j]
                begin[r, c, i], end[r, c, i] = tile.jump[AT, q], tile.jump[AT, q] + tile.jump[LENGTH, q]
                slope[r, c, i] = np.exp(tile.jump[RISE, q]) if tile.jump[LENGTH, q] > 0.0 else 0.0
    return begin, end, slope
