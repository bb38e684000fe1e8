"""The compiled allocator as Python calls it."""

from typing import NamedTuple, TypeVar

import numpy as np

from aicmo.core.compilation import announce_compilation
from aicmo.core.groups import Tree
from aicmo.core.kernels.arrange import Problem
from aicmo.core.kernels.crowd import Crowd, lay_out, muster
from aicmo.core.kernels.deliver import flood
from aicmo.core.kernels.evaluate import Parameters
from aicmo.core.kernels.rows import solve_rows
from aicmo.core.kernels.tile import JUMP_ROWS, LEAF_ROWS
from aicmo.core.kernels.types import Floats, Ints

__all__ = ["problem", "ready", "solve", "solve_rows"]

MANY = 4096  # campaigns from which a row is solved as a crowd
MOST_ROWS = 8  # numbers that a crowd keeps of a campaign

A = TypeVar("A", Floats, Ints)


class Ready(NamedTuple):
    """Curves and bounds as `Problem` takes them prepared, see there for the shapes; or as crowds."""

    leaf: Floats
    jump: Floats
    units: Ints
    crowds: tuple[Crowd, ...] = ()


def problem(
    p: Parameters,
    lower: Floats,
    upper: Floats,
    budget: Floats,
    price0: Floats,
    nest: Tree,
    made: Ready | None = None,
) -> Problem:
    """Put curves, limits and money together.

    All read-only, so that one compiled version serves every caller.
    """
    return Problem(
        p.kind, p.slot, _sealed(nest.home_of), p.scale, p.half, p.shape, p.mixture, p.knots,
        _sealed(lower), _sealed(upper),
        _sealed(budget), _sealed(price0), _sealed(nest.parent), _sealed(nest.head),
        _sealed(nest.lower), _sealed(nest.upper), *(made or NOT_READY)[:3],
    )  # fmt: skip


def ready(p: Parameters, lower: Floats, upper: Floats, nest: Tree) -> Ready:
    """Prepare curves for their bounds, whatever the budget will be."""
    from aicmo.core.kernels.ready import ready_rows  # noqa: PLC0415  # compiled only where it is asked for

    rows = max(p.scale.shape[0], p.mixture.shape[1], p.knots.shape[1], lower.shape[0], upper.shape[0])
    whole = problem(p, lower, upper, np.zeros(rows), np.zeros(rows), nest)
    if _is_crowd(whole):
        return NOT_READY._replace(crowds=tuple(_crowd(whole, r) for r in range(rows)))
    leaf, jump, units = ready_rows(whole, rows)
    return Ready(_sealed(leaf), _sealed(jump), _sealed(units))


def solve(
    whole: Problem, exact: int, spend: Floats, response: Floats, gap: Floats, prices: Floats,
    crowds: tuple[Crowd, ...] = (),
) -> bool:  # fmt: skip
    """Solve every row, as a crowd where there are many campaigns; False where inputs are unsound or collide.

    Arguments and results are those of `solve_rows`, with the crowds that were prepared.
    """
    rows = range(whole.budget.size)
    left = [
        r for r in rows if not (_is_crowd(whole) and _flood(whole, r, crowds, spend, response, gap, prices))
    ]
    if len(left) == len(rows):
        return solve_rows(whole, exact, spend, response, gap, prices)
    at = [slice(r, r + 1) for r in left]
    return all(solve_rows(_row(whole, r), exact, spend[r], response[r], gap[r], prices[r]) for r in at)


def _is_crowd(whole: Problem) -> bool:
    """Whether there are many campaigns, all of closed families."""
    return whole.kind.size >= MANY and not whole.mixture.shape[2] and not whole.knots.shape[2]


def _flood(
    whole: Problem,
    r: int,
    crowds: tuple[Crowd, ...],
    spend: Floats,
    response: Floats,
    gap: Floats,
    prices: Floats,
) -> bool:
    """Solve row `r` as a crowd; False where that does not do."""
    announce_compilation(flood, "deliver.flood")
    crowd = crowds[min(r, len(crowds) - 1)] if crowds else _crowd(whole, r)
    return flood(whole, r, crowd, np.empty(whole.kind.size), spend, response, gap, prices)


def _crowd(whole: Problem, r: int) -> Crowd:
    """Prepare row `r` as a crowd, in memory from NumPy, which asks for large pages as Numba does not."""
    order, block, reach = lay_out(whole, r)
    data, span = np.empty(MOST_ROWS * order.size), np.empty((4, reach.size - 1))
    crowd = Crowd(order, block, reach, data, span, np.empty(2, dtype=np.int64))
    muster(whole, r, crowd)
    return crowd


def _row(whole: Problem, r: slice) -> Problem:
    """Row `r` of a problem of closed families, as a problem."""
    names = ("scale", "half", "shape", "lower", "upper", "budget", "price0", "node_lower", "node_upper")
    rows = {name: getattr(whole, name) for name in names}
    return whole._replace(**{name: x[r] if x.shape[0] > 1 else x for name, x in rows.items()})


def _sealed(array: A) -> A:
    """Make a read-only view."""
    view = array.view()
    view.flags.writeable = False
    return view


NOT_READY = Ready(
    _sealed(np.empty((0, LEAF_ROWS, 0))),
    _sealed(np.empty((0, JUMP_ROWS, 0))),
    _sealed(np.empty((0, 2), dtype=np.int64)),
)
