"""Further random words out of one uniform: SplitMix64, for draws that need more than one number."""

from __future__ import annotations

import numpy as np

from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.philox import open_uniform
from aicmo.core.kernels.types import Floats

# Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", figures 13 and 16.
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_0 = np.uint64(0xBF58476D1CE4E5B9)
MIX_1 = np.uint64(0x94D049BB133111EB)
SHIFT_0, SHIFT_1, SHIFT_2 = np.uint64(30), np.uint64(27), np.uint64(31)
MANTISSA = 2.0**53


@kernel
def mix(word: np.uint64) -> np.uint64:
    """Scramble a word, one to one."""
    word = (word ^ (word >> SHIFT_0)) * MIX_0
    word = (word ^ (word >> SHIFT_1)) * MIX_1
    return word ^ (word >> SHIFT_2)


@kernel
def seeded(uniform: float, purpose: np.uint64) -> np.uint64:
    """State of a stream that hangs on one uniform and a purpose; each next state mixes to a word."""
    return mix(np.uint64(uniform * MANTISSA) ^ (purpose * GOLDEN))


@kernel
def advance(state: np.uint64) -> np.uint64:
    """Next state of a stream."""
    return state + GOLDEN


@kernel
def further_uniforms(uniforms: Floats, purpose: np.uint64) -> Floats:
    """Other uniforms (n,) out of given ones, another for each purpose."""
    out = np.empty(uniforms.size)
    for i in range(uniforms.size):
        out[i] = open_uniform(mix(advance(seeded(uniforms[i], purpose))))
    return out
