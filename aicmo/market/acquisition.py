"""Acquisition: orders that campaigns cause (model.md 9, 12)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int


def acquired_mean(
    saturation: Float[np.ndarray, "R C"],
    ceiling: Float[np.ndarray, "R C"],
    effectiveness: Float[np.ndarray, "R C"],
    demand: Float[np.ndarray, "R S"],
    segment: Int[np.ndarray, "C"],
    tick_days: float,
) -> Float[np.ndarray, "R C"]:
    """Return the expected orders of a tick, dt · ceiling · g · D · F · H [order].

    Parameters
    ----------
    demand : (R, S) [1]
        D, or D F where prospects are finite.
    """
    from aicmo.market.kernels.acquisition import acquire  # noqa: PLC0415 - Numba only when the market moves

    mean = np.empty(saturation.shape)
    acquire(mean, saturation, ceiling, np.ascontiguousarray(effectiveness), demand, segment, tick_days)
    return mean
