"""exp, log, log1p and expm1 as polynomials with fused multiply-add.

So that loops over them become vector code.

Numba from PyPI calls libm for these, one element at a time. Here each is straight-line arithmetic:
reduction to a small interval through the bits of the number, then a polynomial, as in Cody and Waite (1980)
and FreeBSD's msun; within about 1 ulp. The same bits come out of scalar and of vector code, because every
fused operation is written out and LLVM may fuse no other.
"""

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir  # type: ignore[import-untyped]  # ships no types
from numba.core import types
from numba.extending import intrinsic

from aicmo.core.kernels.jit import inner

LOG2E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
ROUND = 6755399441055744.0  # 1.5 · 2^52: adding it leaves the nearest integer in the low bits
LEAST, MOST = -690.0, 690.0  # exp saturates here, far from numbers too small for full speed
TINY = 2.2250738585072014e-308


@intrinsic
def _fma(typingctx: Any, a: Any, b: Any, c: Any) -> Any:  # noqa: ARG001  # numba hands over its own types
    """a·b + c, rounded once."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.fma(*args)

    return types.float64(types.float64, types.float64, types.float64), emit


@intrinsic
def _bits_of(typingctx: Any, x: Any) -> Any:  # noqa: ARG001  # numba hands over its own types
    """Read the 64 bits of a double as an integer."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), emit


@intrinsic
def _float_of(typingctx: Any, bits: Any) -> Any:  # noqa: ARG001  # numba hands over its own types
    """Make the double with these 64 bits."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), emit


fma = cast("Callable[[float, float, float], float]", _fma)
bits_of = cast("Callable[[float], int]", _bits_of)
float_of = cast("Callable[[int], float]", _float_of)


@inner
def _expm1_reduced(r: float) -> float:
    """e^r − 1 for |r| ≤ ln 2 / 2: Taylor to degree 13, truncation below 1e-17."""
    p = 1.6059043836821613e-10
    p = fma(p, r, 2.08767569878681e-09)
    p = fma(p, r, 2.505210838544172e-08)
    p = fma(p, r, 2.755731922398589e-07)
    p = fma(p, r, 2.7557319223985893e-06)
    p = fma(p, r, 2.48015873015873e-05)
    p = fma(p, r, 1.984126984126984e-04)
    p = fma(p, r, 1.388888888888889e-03)
    p = fma(p, r, 8.333333333333333e-03)
    p = fma(p, r, 4.1666666666666664e-02)
    p = fma(p, r, 1.6666666666666666e-01)
    p = fma(p, r, 0.5)
    return fma(p, r * r, r)


@inner
def exp(x: float) -> float:
    """e^x; saturates outside [−690, 690]."""
    x = min(max(x, LEAST), MOST)
    shifted = fma(x, LOG2E, ROUND)
    n = shifted - ROUND
    r = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, x))
    return float_of(bits_of(1.0 + _expm1_reduced(r)) + (bits_of(shifted) << 52))


@inner
def expm1(x: float) -> float:
    """e^x − 1, accurate near 0, for x ≤ 690."""
    x = min(max(x, LEAST), MOST)
    shifted = fma(x, LOG2E, ROUND)
    n = shifted - ROUND
    r = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, x))
    scale = float_of((bits_of(shifted) << 52) + 0x3FF0000000000000)
    return fma(scale, _expm1_reduced(r), scale - 1.0)


@inner
def _log_series(f: float, s: float) -> float:
    """ln(1+f) for 1+f in [√½, √2] and s = f/(2+f): msun's polynomial, remainder below 2^−58."""
    z = s * s
    p = 1.479819860511658591e-01
    p = fma(p, z, 1.531383769920937332e-01)
    p = fma(p, z, 1.818357216161805012e-01)
    p = fma(p, z, 2.222219843214978396e-01)
    p = fma(p, z, 2.857142874366239149e-01)
    p = fma(p, z, 3.999999999940941908e-01)
    p = fma(p, z, 6.666666666666735130e-01)
    half = 0.5 * f * f
    return f - (half - s * (half + z * p))


@inner
def log(x: float) -> float:
    """Ln x for normal x > 0; anything smaller counts as the smallest normal double."""
    bits = bits_of(max(x, TINY))
    shifted = bits - 0x3FE6A09E667F3BCD  # the bits of √½: mantissas land in [√½, √2)
    n = shifted >> 52
    m = float_of(bits - (n << 52))
    k = float(n)
    return fma(k, LN2_HIGH, fma(k, LN2_LOW, _log_series(m - 1.0, (m - 1.0) / (m + 1.0))))


@inner
def log1p(x: float) -> float:
    """ln(1+x) for x ≥ 0, accurate near 0."""
    u = 1.0 + x
    return log(u) + (x - (u - 1.0)) / u


@inner
def log1p_unit(t: float) -> float:
    """ln(1+t) for t in [0, 1], accurate near 0, with a single division and no branch."""
    far = 1.0 if t > 0.41421356237309503 else 0.0
    s = (t - far) / (t + 2.0 + far)
    return fma(far, LN2_HIGH, fma(far, LN2_LOW, _log_series(t - far * (0.5 * (t + 1.0)), s)))
