"""A line for the person who waits while the solver is compiled for the first time."""

import sys
from pathlib import Path
from typing import Any


def announce_compilation(kernel: Any, name: str = "rows.solve_rows") -> None:
    """Say on standard error that compiling takes a while, unless it is done or in Numba's cache.

    Parameters
    ----------
    kernel : Numba's dispatcher, or the plain function where Numba is switched off
        What is about to be called.
    name : str
        What Numba's cache calls it: module and function.
    """
    known = None if getattr(kernel, "signatures", None) else getattr(kernel, "stats", None)
    if known is not None and not any(Path(known.cache_path).glob(f"{name}-*.nbi")):
        print(
            "aicmo: compiling the allocator, once on this machine (about 20 s) …", file=sys.stderr
        )  # the one line
