"""A tile from relaxed problem to written plan."""

import math

from aicmo.core.kernels.assign import relax
from aicmo.core.kernels.certify import certify
from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.tile import LANES, MU, SPEND, Tile
from aicmo.core.kernels.types import Floats, Ints


@kernel
def solve_tile(tile: Tile, budget: Floats, start: Floats, exact: int, found: Floats, slack: Floats) -> None:
    """Solve every lane on the envelopes; `found` and `slack` (L,) are response and certified gap."""
    relax(tile, budget, start, exact)
    certify(tile, budget, exact, found, slack)


@kernel
def write_rows(
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
            prices[r, m] = math.ldexp(
                math.exp(tile.node[MU, m * lanes + lane]), int(units[1, lane] - units[0, lane])
            )
        response[r], gap[r] = (
            math.ldexp(found[lane], int(units[1, lane])),
            math.ldexp(slack[lane], int(units[1, lane])),
        )
