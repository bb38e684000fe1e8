"""Saturation: the share of a campaign's ceiling that its carried-over pressure earns (model.md 4, 5)."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Bool, Float

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
    with np.errstate(divide="ignore", over="ignore"):
        hill: np.ndarray = 1.0 / (1.0 + np.exp(-shape * np.log(relative)))
    return np.where(logistic, np.tanh(HALF_OF_LOGISTIC * relative), hill) if logistic.any() else hill
