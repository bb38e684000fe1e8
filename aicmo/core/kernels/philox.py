"""Philox 4×64-10: a counter and a key to four random words, so that a draw is a pure function of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # it ships no types
from numba import types
from numba.extending import intrinsic

from aicmo.core.kernels.jit import kernel

# Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", table 2 and section 4.
MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
ROUNDS = 10

ONE = np.uint64(1)
DROPPED_BITS = np.uint64(11)
UNIT_IN_LAST_PLACE = 2.0**-53

Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]


def _multiply_high(typing_context, a, b):  # type: ignore[no-untyped-def]  # numba's protocol for intrinsics
    """Upper 64 bits of a 64×64-bit product: one machine instruction that Python's integers cannot name."""
    del typing_context

    def emit(_context, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        wide = ir.IntType(128)
        left, right = (builder.zext(argument, wide) for argument in arguments)
        product = builder.mul(left, right)
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(a, b), emit


multiply_high = cast("Callable[[np.uint64, np.uint64], np.uint64]", intrinsic(_multiply_high))


@kernel
def philox(c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64) -> Words:
    """Return the four words of counter (c0, c1, c2, c3) under key (k0, k1)."""
    for _ in range(ROUNDS):
        high_0 = multiply_high(MULTIPLIER_0, c0)
        high_1 = multiply_high(MULTIPLIER_1, c2)
        low_0 = MULTIPLIER_0 * c0
        low_1 = MULTIPLIER_1 * c2
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
        k0 += WEYL_0
        k1 += WEYL_1
    return c0, c1, c2, c3


@kernel
def open_uniform(word: np.uint64) -> float:
    """Map the high 53 bits, the last one set, to an odd multiple of 2⁻⁵³: never 0 or 1, symmetric about ½."""
    return float((word >> DROPPED_BITS) | ONE) * UNIT_IN_LAST_PLACE
