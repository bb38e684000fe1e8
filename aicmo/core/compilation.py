"""A line for the person who waits while the solver is compiled for the first time."""

import sys
from pathlib import Path


def announce_compilation() -> None:
    """Say on standard error that compiling takes a while.

    Unless Numba's cache beside the kernels holds the solver.
    """
    kernels = Path(__file__).with_name("kernels")
    if not any(kernels.glob("__pycache__/rows.solve_rows-*.nbi")):
        print(
            "aicmo: compiling the allocator, once on this machine (about 20 s) …", file=sys.stderr
        )  # the one line
