"""The learning phase of all campaigns in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import exp, log
from aicmo.core.kernels.jit import kernel


@kernel
def fill_learning(
    factor: NDArray[np.float64],
    after: NDArray[np.float64],
    money: NDArray[np.float64],
    remembered: NDArray[np.float64],
    severity: NDArray[np.float64],
    floor: NDArray[np.float64],
    kept: NDArray[np.float64],
    tolerance: float,
) -> None:
    """Write what the platform leaves of effect and what it remembers; severity, floor and kept are (C,)."""
    for r in range(factor.shape[0]):
        for c in range(factor.shape[1]):
            step = log(money[r, c]) - remembered[r, c]
            excess = max(abs(step) - tolerance, 0.0)
            factor[r, c] = max(exp(-severity[c] * excess), floor[c])
            after[r, c] = remembered[r, c] + (1.0 - kept[c]) * step
