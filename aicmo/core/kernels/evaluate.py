"""Curves evaluated over arrays: the compiled loops behind `Curves.value` and its relatives."""

import math

from aicmo.core.kernels.envelope import log_rise, tangent
from aicmo.core.kernels.families import inflection, invert, log_marginal, value
from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.types import Floats, Ints


@kernel
def values(kind: Ints, scale: Floats, half: Floats, shape: Floats, x: Floats, out: Floats) -> None:
    """Response at `x` (R, C); parameters (1 or R, C)."""
    for r in range(x.shape[0]):
        q = r if scale.shape[0] > 1 else 0
        for c in range(x.shape[1]):
            out[r, c] = value(kind[c], scale[q, c], half[q, c], shape[q, c], x[r, c])


@kernel
def marginals(kind: Ints, scale: Floats, half: Floats, shape: Floats, x: Floats, out: Floats) -> None:
    """Marginal return at `x` (R, C); parameters (1 or R, C)."""
    for r in range(x.shape[0]):
        q = r if scale.shape[0] > 1 else 0
        for c in range(x.shape[1]):
            out[r, c] = math.exp(log_marginal(kind[c], scale[q, c], half[q, c], shape[q, c], x[r, c]))


@kernel
def inverse_marginals(
    kind: Ints, scale: Floats, half: Floats, shape: Floats, price: Floats, out: Floats
) -> None:
    """Largest spend (R, C) at which the concave branch still returns `price` (R, C); 0 where it never does."""
    for r in range(price.shape[0]):
        q = r if scale.shape[0] > 1 else 0
        for c in range(price.shape[1]):
            k, a, h, s = kind[c], scale[q, c], half[q, c], shape[q, c]
            steepest = log_marginal(k, a, h, s, inflection(k, h, s))
            if price[r, c] <= 0.0:
                out[r, c] = math.inf if a > 0.0 else 0.0
            elif math.log(price[r, c]) > steepest or a == 0.0:
                out[r, c] = 0.0
            elif math.log(price[r, c]) == steepest and k == 3:
                out[r, c] = math.inf
            else:
                out[r, c] = max(invert(k, a, h, s, math.log(price[r, c])), 0.0)


@kernel
def tangents(
    kind: Ints,
    scale: Floats,
    half: Floats,
    shape: Floats,
    lower: Floats,
    upper: Floats,
    point: Floats,
    slope: Floats,
) -> None:
    """End of the straight piece of each envelope on [lower, upper] (R, C) and the envelope's first slope."""
    for r in range(lower.shape[0]):
        q = r if scale.shape[0] > 1 else 0
        for c in range(lower.shape[1]):
            k, a, h, s, low = kind[c], scale[q, c], half[q, c], shape[q, c], lower[r, c]
            point[r, c] = upper[r, c] if a == 0.0 else tangent(k, a, h, s, low, upper[r, c])
            slope[r, c] = math.exp(log_rise(k, a, h, s, low, point[r, c]))
