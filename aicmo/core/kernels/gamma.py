"""Gamma and Beta draws by rejection, each out of one uniform, so that no draw shifts another."""

from __future__ import annotations

import math

import numpy as np

from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.normal import inverse_normal, inverse_normal_in_place
from aicmo.core.kernels.philox import open_uniform
from aicmo.core.kernels.stream import advance, mix, seeded
from aicmo.core.kernels.types import Floats

STRIP = 256


@kernel
def gamma_draw(shape: float, state: np.uint64) -> float:
    """Draw from Gamma(shape > 0, 1) along a stream: Marsaglia & Tsang 2000, 95 % of tries succeed or more."""
    raised = shape if shape >= 1.0 else shape + 1.0
    d = raised - 1.0 / 3.0
    value = 0.0
    while value == 0.0:
        state = advance(state)
        x = inverse_normal(open_uniform(mix(state)))
        state = advance(state)
        u = open_uniform(mix(state))
        root = 1.0 + x / math.sqrt(9.0 * d)
        v = root * root * root
        if root > 0.0 and math.log(u) < 0.5 * x * x + d * (1.0 - v + math.log(v)):
            value = d * v
    if shape < 1.0:  # their section 6: Gamma(a) = Gamma(a + 1) · U^(1/a)
        value *= open_uniform(mix(advance(state))) ** (1.0 / shape)
    return value


@kernel
def gamma_draws(out: Floats, shapes: Floats, uniforms: Floats, purpose: np.uint64) -> None:
    """Write a Gamma draw for each shape (n,) out of each uniform: the same draws as `gamma_draw` one by one.

    The first attempt runs over a strip without branches (SIMD); about 5 % miss Marsaglia and Tsang's squeeze
    and are drawn again, in full, from the start of their stream.
    """
    x, u, missed = np.empty(STRIP), np.empty(STRIP), np.empty(STRIP, np.int64)
    for start in range(0, out.size, STRIP):
        width = min(STRIP, out.size - start)
        for i in range(width):
            state = advance(seeded(uniforms[start + i], purpose))
            x[i] = open_uniform(mix(state))
            u[i] = open_uniform(mix(advance(state)))
        inverse_normal_in_place(x[:width])
        for i in range(width):
            d = shapes[start + i] - 1.0 / 3.0
            root = 1.0 + x[i] / math.sqrt(9.0 * d)
            square = x[i] * x[i]
            out[start + i] = d * (root * root * root)
            x[i] = min(root, 1.0 - 0.0331 * square * square - u[i])
        misses = 0
        for i in range(width):
            missed[misses] = start + i
            misses += not (x[i] > 0.0 and shapes[start + i] >= 1.0)
        for j in range(misses):
            i = missed[j]
            out[i] = gamma_draw(shapes[i], seeded(uniforms[i], purpose))


@kernel
def beta_draws(out: Floats, successes: Floats, failures: Floats, uniforms: Floats) -> None:
    """Write draws (n,) from Beta(successes, failures), each out of one uniform: X / (X + Y) of two Gammas."""
    other = np.empty(out.size)
    gamma_draws(out, successes, uniforms, np.uint64(1))
    gamma_draws(other, failures, uniforms, np.uint64(2))
    for i in range(out.size):
        out[i] /= out[i] + other[i]
