"""Pressure as people feel it: carried over, and helped or hindered by what else they see."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.jit import kernel


@kernel
def carry(
    stock: NDArray[np.float64],
    stage: NDArray[np.float64],
    before: tuple[NDArray[np.float64], NDArray[np.float64]],
    pressure: NDArray[np.float64],
    keep: NDArray[np.float64],
    hold: NDArray[np.float64],
    cross: NDArray[np.float64],
) -> None:
    """Write both stages after a tick of constant pressure, see `core.carryover`; all (R, C)."""
    old, staged = before
    for r in range(stock.shape[0]):
        for c in range(stock.shape[1]):
            fresh = 1.0 - keep[r, c] - cross[r, c]
            stock[r, c] = keep[r, c] * old[r, c] + cross[r, c] * staged[r, c] + fresh * pressure[r, c]
            stage[r, c] = hold[r, c] * staged[r, c] + (1.0 - hold[r, c]) * pressure[r, c]


@kernel
def lift(
    factor: NDArray[np.float64],
    attention: NDArray[np.float64],
    target: NDArray[np.int64],
    source: NDArray[np.int64],
    strength: NDArray[np.float64],
    channels: int,
) -> None:
    """Add strength · h of the source to the target's factor (R, P) in every segment; strength is (R, L)."""
    for r in range(factor.shape[0]):
        for first in range(0, factor.shape[1], channels):
            for link in range(target.size):
                factor[r, first + target[link]] += strength[r, link] * attention[r, first + source[link]]


@kernel
def cover(factor: NDArray[np.float64], share: NDArray[np.float64], rivals: NDArray[np.float64]) -> None:
    """Divide factor (R, P) by 1 + χ (r − 1), in place; share is (K,), rivals (R, S)."""
    channels = share.size
    for r in range(factor.shape[0]):
        for s in range(rivals.shape[1]):
            for k in range(channels):
                factor[r, s * channels + k] /= 1.0 + share[k] * (rivals[r, s] - 1.0)


@kernel
def scale(values: NDArray[np.float64], factor: NDArray[np.float64], pair: NDArray[np.int64]) -> None:
    """Multiply values (R, C) by their pair's factor (R, P), in place."""
    for r in range(values.shape[0]):
        for c in range(values.shape[1]):
            values[r, c] *= factor[r, pair[c]]
