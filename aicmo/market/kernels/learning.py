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
    logs, excess, prices = after.reshape(-1), factor.reshape(-1), money.reshape(-1)
    for i in range(logs.size):  # logarithm and exponential by themselves, so that they compile to vector code
        logs[i] = log(prices[i])
    for r in range(factor.shape[0]):
        for c in range(factor.shape[1]):
            step = after[r, c] - remembered[r, c]
            factor[r, c] = -severity[c] * max(abs(step) - tolerance, 0.0)
            after[r, c] = remembered[r, c] + (1.0 - kept[c]) * step
    for i in range(excess.size):
        excess[i] = exp(excess[i])
    for r in range(factor.shape[0]):
        for c in range(factor.shape[1]):
            factor[r, c] = max(factor[r, c], floor[c])
