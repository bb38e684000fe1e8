"""Powers of breadth: what a narrow audience holds and costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import exp, log
from aicmo.core.kernels.jit import kernel


@kernel
def power(out: NDArray[np.float64], base: NDArray[np.float64], exponent: NDArray[np.float64]) -> None:
    """Write base^exponent to out (N,), exactly base where the exponent is 1 and exactly 1 where base is."""
    for i in range(out.size):
        raised = exp(exponent[i] * log(base[i]))
        out[i] = base[i] if exponent[i] == 1.0 else raised


@kernel
def dear(
    out: NDArray[np.float64],
    price: NDArray[np.float64],
    breadth: NDArray[np.float64],
    premium: NDArray[np.float64],
) -> None:
    """Write price · breadth^(−premium) to out (R, C); premium is (C,)."""
    for r in range(out.shape[0]):
        out[r, :] = premium
    flat, prices, shares = out.reshape(-1), price.reshape(-1), breadth.reshape(-1)
    for i in range(flat.size):  # one dimension, so that it compiles to vector code
        flat[i] = prices[i] * exp(-flat[i] * log(shares[i]))
