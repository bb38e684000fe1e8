"""The one decorator through which kernels are compiled, so that all share the same arithmetic rules."""

import inspect
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba

from aicmo.core.kernels.linked import DistinctCompiler, LinkedCompiler

P = ParamSpec("P")
T = TypeVar("T")

HERE = Path(__file__).parent
IMPORTED = re.compile(r"^from aicmo\.core\.kernels\.(\w+) import", re.MULTILINE)


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
    dispatcher = numba.njit(cache=True, error_model="numpy")(function)
    if not numba.config.DISABLE_JIT:  # type: ignore[attr-defined]  # set at run time
        # Numba's cache looks at a function's own file only, but kernels carry the code of those they call.
        dispatcher._cache._cache_file._source_stamp = _stamp(  # type: ignore[attr-defined]  # noqa: SLF001  # no public door
            Path(inspect.getfile(function)).stem
        )
    compiled: Callable[P, T] = dispatcher
    return compiled


def part(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a function that only kernels call.

    Under the same rules, but with no door to Python and no cache of its own.

    The kernels that call it carry its code; it is optimised with theirs (linked.py).

    Parameters
    ----------
    function : Callable
        A function in the subset of Python that Numba compiles.

    Returns
    -------
    Callable
        The function as other kernels see it.
    """
    return _within(function, _nrt=True)


def inner(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a part that only works in arrays that its callers hold: it makes none and returns none.

    It then needs no reference counts (Numba's private option ``_nrt``), which for a function of a whole tile
    cost many times what the function does for one element, and keep LLVM from inlining it.

    Parameters
    ----------
    function : Callable
        A function in the subset of Python that Numba compiles, without ``np.empty`` and its like. A view
        that it makes may live no longer than its call.

    Returns
    -------
    Callable
        The function as other kernels see it.
    """
    return _within(function, _nrt=False)


def distinct(function: Callable[P, T]) -> Callable[P, T]:
    """Compile an inner part whose arrays never overlap.

    LLVM makes vector code of a loop over several arrays only where it knows that, or can check it before the
    loop; with many arrays it gives up. So loops over many rows of a table take them one by one.
    """
    return _within(function, _nrt=False, pipeline_class=DistinctCompiler)


def spliced(function: Callable[P, T]) -> Callable[P, T]:
    """Put the code of a function into its callers, so that views it returns are counted as theirs are."""
    return _within(function, inline="always")


def _within(function: Callable[P, T], **options: object) -> Callable[P, T]:
    njit: Any = numba.njit  # its stubs leave some of these options out
    compiled: Callable[P, T] = njit(
        error_model="numpy",
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        **({"pipeline_class": LinkedCompiler} | options),
    )(function)
    return compiled


@cache
def _stamp(module: str) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of the sources of a kernel module and of all that it imports."""
    found, pending = set(), [module]
    while pending:
        name = pending.pop()
        source = HERE / f"{name}.py"
        if name not in found and source.exists():
            found.add(name)
            pending += IMPORTED.findall(source.read_text(encoding="utf-8"))
    stats = ((name, (HERE / f"{name}.py").stat()) for name in sorted(found))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
