"""Saturation of both families in one pass without branches that would keep it from vector code."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import expm1, log
from aicmo.core.kernels.jit import kernel


@kernel
def fill_saturation(
    out: NDArray[np.float64],
    relative: NDArray[np.float64],
    shape: NDArray[np.float64],
    logistic: NDArray[np.bool_],
    bend: float,
) -> None:
    """Write 1/(1 + e^(−s log x)), where logistic (1 − e^(−2bx))/(1 + e^(−2bx)), and 0 at x = 0; all (N,)."""
    for i in range(out.size):
        x = relative[i]
        grown = expm1(-2.0 * bend * x if logistic[i] else -shape[i] * log(x))
        share = (-grown if logistic[i] else 1.0) / (2.0 + grown)
        out[i] = share if x > 0.0 else 0.0
