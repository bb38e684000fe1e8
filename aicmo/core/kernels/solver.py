"""The compiled allocator as Python calls it."""

from typing import TypeVar

from aicmo.core.groups import Tree
from aicmo.core.kernels.arrange import Problem
from aicmo.core.kernels.evaluate import Parameters
from aicmo.core.kernels.rows import solve_rows
from aicmo.core.kernels.types import Floats, Ints

__all__ = ["problem", "solve_rows"]

A = TypeVar("A", Floats, Ints)


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
