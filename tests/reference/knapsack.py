"""Slow, obvious allocation: dynamic programming over whole coins."""

import numpy as np
from numpy.typing import NDArray

from aicmo.core.curves import Curves

Floats = NDArray[np.float64]


def best_response(curves: Curves, budget: float, lower: Floats, upper: Floats, coins: int = 400) -> float:
    """Largest total response of plans whose spends are whole numbers of coins; exact among those plans."""
    step = budget / coins
    values = np.stack([curves.value(np.full(len(curves), i * step)) for i in range(coins + 1)])
    allowed = (np.arange(coins + 1)[:, None] * step >= lower - 1e-12) & (
        np.arange(coins + 1)[:, None] * step <= upper + 1e-12
    )
    values = np.where(allowed, values, -np.inf)
    best = values[:, 0]
    for c in range(1, len(curves)):
        best = np.array([(best[: i + 1] + values[i::-1, c]).max() for i in range(coins + 1)])
    return float(best[coins])
