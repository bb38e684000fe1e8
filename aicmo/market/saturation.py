"""Saturation: the share of a campaign's ceiling that its carried-over pressure earns (model.md 4, 5)."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Bool, Float

from aicmo.core.carryover import Carryover

# λκ/2 of the logistic curve tanh(λx/2) that reaches one half at κ.
HALF_OF_LOGISTIC = math.atanh(0.5)


def carry_over(
    stock: Float[np.ndarray, "R C"], pressure: Float[np.ndarray, "R C"], kept: Float[np.ndarray, "R C"]
) -> Float[np.ndarray, "R C"]:
    """Pressure that still works, a ← θ a + (1 − θ) u: normalised geometric adstock [currency/day].

    Normalised, so that a steady pressure u ends at a = u whatever the half-life and the length of a tick.
    """
    carried: np.ndarray = kept * stock + (1.0 - kept) * pressure
    return carried


def carry_through(
    stock: Float[np.ndarray, "R C"],
    stage: Float[np.ndarray, "R C"],
    pressure: Float[np.ndarray, "R C"],
    carryover: Carryover,
) -> tuple[Float[np.ndarray, "R C"], Float[np.ndarray, "R C"]]:
    """Stock and stage after a tick where the peak is delayed: `Carryover.step` in one pass [currency/day]."""
    from aicmo.market.kernels.response import carry  # noqa: PLC0415 - Numba only when the market moves

    after, staged = np.empty(stock.shape), np.empty(stock.shape)
    carry(after, staged, (stock, stage), pressure, carryover.keep, carryover.hold, carryover.cross)
    return after, staged


def saturate(
    relative: Float[np.ndarray, "R C"], shape: Float[np.ndarray, "R C"], logistic: Bool[np.ndarray, "R C"]
) -> Float[np.ndarray, "R C"]:
    """Share H of the ceiling: Hill x^s/(1 + x^s), or logistic (1 − e^(−λx))/(1 + e^(−λx)) with H(1) = ½.

    Parameters
    ----------
    relative : (R, C) [1]
        x = a/κ, at least 0.

    Returns
    -------
    (R, C) [1]
        Exactly 0 at 0. Hill is computed as 1/(1 + e^(−s log x)), since x^s/(1 + x^s) would be ∞/∞.
    """
    from aicmo.market.kernels.saturation import fill_saturation  # noqa: PLC0415 - Numba only when the market moves

    out = np.empty(relative.shape)
    x, s, family = (_flat(values, out.shape) for values in (relative, shape, logistic))
    fill_saturation(out.reshape(-1), x, s, family, HALF_OF_LOGISTIC)
    return out


def _flat(values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return the array as the kernel walks it, repeated over leading axes that it lacks."""
    whole = values if values.shape == shape else np.broadcast_to(values, shape)
    return np.ascontiguousarray(whole).reshape(-1)
