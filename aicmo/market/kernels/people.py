"""People row by row: what retention adds, and who can still be won."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import expm1, log1p
from aicmo.core.kernels.jit import kernel


@kernel
def add_repeat(
    out: NDArray[np.float64],
    lift: NDArray[np.float64],
    base: NDArray[np.float64],
    retaining: NDArray[np.int64],
    segment: NDArray[np.int64],
) -> None:
    """Write base · (Π(1 + lift) − 1), shared by log(1 + lift), to the retaining columns; base is (R, S)."""
    total = np.empty(base.shape[1])
    for r in range(out.shape[0]):
        total[:] = 0.0
        for c in retaining:
            out[r, c] = log1p(lift[r, c])
            total[segment[c]] += out[r, c]
        for c in retaining:
            t = total[segment[c]]
            out[r, c] *= base[r, segment[c]] * (expm1(t) / t if t > 0.0 else 1.0)


@kernel
def win(
    volume: NDArray[np.float64],
    first: NDArray[np.float64],
    won: NDArray[np.float64],
    prospects: NDArray[np.float64],
    winning: NDArray[np.int64],
    segment: NDArray[np.int64],
) -> None:
    """Cut first orders in place, columns `winning` of volume (R, C) and first (R, S); write their sum."""
    share = np.empty(first.shape[1])
    for r in range(first.shape[0]):
        won[r, :] = first[r, :]
        for c in winning:
            won[r, segment[c]] += volume[r, c]
        for s in range(first.shape[1]):
            load = won[r, s] / prospects[r, s] if won[r, s] > 0.0 else 0.0
            share[s] = -expm1(-load) / load if load > 0.0 else 1.0
            first[r, s] *= share[s]
            won[r, s] *= share[s]
        for c in winning:
            volume[r, c] *= share[segment[c]]


@kernel
def retain(
    out: NDArray[np.float64],
    cut: NDArray[np.float64],
    saturation: NDArray[np.float64],
    retaining: NDArray[np.int64],
    segment: NDArray[np.int64],
) -> None:
    """Write Π (1 − cut · H) over the retaining campaigns of each segment to out (R, S)."""
    for r in range(out.shape[0]):
        out[r, :] = 1.0
        for c in retaining:
            out[r, segment[c]] *= 1.0 - cut[c] * saturation[r, c]


@kernel
def divide(
    values: NDArray[np.float64],
    ratio: NDArray[np.float64],
    retaining: NDArray[np.int64],
    segment: NDArray[np.int64],
) -> None:
    """Divide the retaining columns of values (R, C) by their segment's ratio (R, S), in place."""
    for r in range(values.shape[0]):
        for c in retaining:
            values[r, c] /= ratio[r, segment[c]]
