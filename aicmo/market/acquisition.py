"""Acquisition: orders that campaigns cause (model.md 9, 12)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def acquired_mean(
    saturation: Float[np.ndarray, "R C"],
    ceiling: Float[np.ndarray, "R C"],
    effectiveness: Float[np.ndarray, "R C"],
    demand: Float[np.ndarray, "R C"],
    tick_days: float,
) -> Float[np.ndarray, "R C"]:
    """Return the expected orders of a tick, dt · ceiling · g · D · H [order]."""
    mean: np.ndarray = tick_days * ceiling * effectiveness * demand * saturation
    return mean
