"""Expected orders of acquisition in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.jit import kernel


@kernel
def acquire(
    out: NDArray[np.float64],
    saturation: NDArray[np.float64],
    ceiling: NDArray[np.float64],
    effectiveness: NDArray[np.float64],
    demand: NDArray[np.float64],
    segment: NDArray[np.int64],
    tick_days: float,
) -> None:
    """Write dt · ceiling · g · D · H to out (R, C); demand is (R, S)."""
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            full = tick_days * ceiling[r, c] * effectiveness[r, c]
            out[r, c] = full * demand[r, segment[c]] * saturation[r, c]
