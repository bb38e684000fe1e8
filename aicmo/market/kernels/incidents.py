"""Incidents of all channels in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.jit import kernel


@kernel
def strike(
    penalty: NDArray[np.float64],
    spend: NDArray[np.float64],
    risky: NDArray[np.float64],
    channel: NDArray[np.int64],
    bearable: NDArray[np.float64],
    cost: NDArray[np.float64],
    ungoverned: NDArray[np.float64],
) -> None:
    """Write the cost to penalty (R, K) where a channel's risky money exceeds what the tick can bear."""
    for r in range(penalty.shape[0]):
        penalty[r, :] = 0.0
        for c in range(channel.size):
            penalty[r, channel[c]] += risky[c] * spend[r, c]
        for k in range(penalty.shape[1]):
            penalty[r, k] = cost[r, k] if ungoverned[r] * penalty[r, k] > bearable[r, k] else 0.0
