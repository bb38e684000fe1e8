"""The one decorator through which kernels are compiled, so that all share the same arithmetic rules."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
T = TypeVar("T")


def kernel(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a function of arrays and scalars to machine code, cached on disk.

    No ``fastmath`` and no parallel reductions: the bits of a row never depend on its batch. Division follows
    IEEE 754 (``error_model="numpy"``), since Python's check for zero would block vectorisation.

    Parameters
    ----------
    function : Callable
        A function in the subset of Python that Numba compiles.

    Returns
    -------
    Callable
        The compiled function, with the signature of the original.
    """
    compiled: Callable[P, T] = numba.njit(cache=True, error_model="numpy")(function)
    return compiled
