"""Sums of campaigns into groups, strictly in order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.jit import kernel


@kernel
def add_groups(out: NDArray[np.float64], values: NDArray[np.float64], index: NDArray[np.int64]) -> None:
    """Add values (N, C) to out (N, G), column c to column index[c]."""
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            out[row, index[column]] += values[row, column]
