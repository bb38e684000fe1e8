"""The compiled allocator as Python calls it."""

from typing import NamedTuple, TypeVar

import numpy as np

from aicmo.core.groups import Tree
from aicmo.core.kernels.arrange import Problem
from aicmo.core.kernels.evaluate import Parameters
from aicmo.core.kernels.rows import solve_rows
from aicmo.core.kernels.tile import JUMP_ROWS, LEAF_ROWS
from aicmo.core.kernels.types import Floats, Ints

__all__ = ["problem", "ready", "solve_rows"]

A = TypeVar("A", Floats, Ints)


class Ready(NamedTuple):
    """Curves and bounds as `Problem` takes them prepared; see there for the shapes."""

    leaf: Floats
    jump: Floats
    units: Ints


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
        _sealed(nest.lower), _sealed(nest.upper), *(made or NOT_READY),
    )  # fmt: skip


def ready(p: Parameters, lower: Floats, upper: Floats, nest: Tree) -> Ready:
    """Prepare curves for their bounds, whatever the budget will be."""
    from aicmo.core.kernels.ready import ready_rows  # noqa: PLC0415  # compiled only where it is asked for

    rows = max(p.scale.shape[0], p.mixture.shape[1], p.knots.shape[1], lower.shape[0], upper.shape[0])
    money = np.zeros(rows)
    leaf, jump, units = ready_rows(problem(p, lower, upper, money, money, nest), rows)
    return Ready(_sealed(leaf), _sealed(jump), _sealed(units))


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
