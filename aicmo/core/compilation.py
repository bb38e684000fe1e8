"""A line for the person who waits while the solver is compiled for the first time."""

import sys
from pathlib import Path
from typing import Any


def announce_compilation(solve_rows: Any) -> None:
    """Say on standard error that compiling takes a while, unless Numba's cache holds the solver.

    Parameters
    ----------
    solve_rows : Numba's dispatcher, or the plain function where Numba is switched off
        The kernel that is about to be called.
    """
    known = getattr(solve_rows, "stats", None)
    if known is not None and not any(Path(known.cache_path).glob("rows.solve_rows-*.nbi")):
        print(
            "aicmo: compiling the allocator, once on this machine (about 20 s) …", file=sys.stderr
        )  # the one line
