"""Sums of Hill curves Σ_g v_g xˢ/(κˢ+xˢ) of one campaign: value, marginal and demand.

A posterior mean over a grid of shapes is such a sum. Everything is computed in the variable
w = s·(ln x − ln κ); equations are solved in ln x for the logarithm of the marginal return, which is nearly
straight there. Components of BLOCK mixtures lie side by side, so that vectors run over mixtures and every
mixture's sum runs over its components in order: the same bits alone and in company.
"""

import math
from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.elementary import exp, log
from aicmo.core.kernels.jit import inner, part, spliced
from aicmo.core.kernels.tile import (
    AT,
    BLOCK,
    FALL,
    HALF,
    HIGH,
    LANES,
    LENGTH,
    LOW,
    P0,
    P1,
    RISE,
    SHAPE,
    SLOPE,
    SPEND,
    TOP,
    VALUE,
    Tile,
    X,
)
from aicmo.core.kernels.types import Floats

STEPS = 100
CLOSE = 1e-13
SAME = 4e-15  # rounding must not look like room to move
QUICK = 8
QUARTIC = 1e-4  # a fourth-order step of this length leaves an error of 1e-16
LONGEST = 3.0
LEAST = -690.0  # ln x that stands for nothing spent
# A mixture has no closed form, so the rows of its constants keep two points of ln x against ln f': where
# they lie, their log-marginals (TOP, FALL) and, until the first demand, d ln x/d ln f' there.
FROM, TO, FROM_RATE, TO_RATE = HALF, SHAPE, SPEND, VALUE
FIRST, SECOND, THIRD, FOURTH, LN_X, W, T, LN_LEFT, LN_RIGHT, LEFT, RIGHT, GONE, RATE, OPEN = range(14)
ROOM = 14
FEW = 4  # mixtures of a block up to which one by one is faster than all side by side


class Parts(NamedTuple):
    """Components of one mixture.

    Attributes
    ----------
    log_half, shape, scale : (G,)
        Log half-saturation, shape and weight · scale.
    share, weight : (G,)
        Room to work in.
    """

    log_half: Floats
    shape: Floats
    scale: Floats
    share: Floats
    weight: Floats


@inner
def spread(parts: Parts, log_x: float) -> None:
    """Write p = 1/(1+e⁻ʷ) of every component at ln x into `share` and v·s·p·(1−p) into `weight`."""
    log_half, shape, scale, share, weight = parts
    for g in range(log_half.size):
        w = shape[g] * (log_x - log_half[g])
        t = exp(-abs(w))
        upper = 1.0 / (1.0 + t)
        share[g] = upper if w > 0.0 else t * upper
        weight[g] = scale[g] * shape[g] * t * upper * upper


@inner
def terms(parts: Parts, log_x: float) -> tuple[float, float, float]:
    """Value f, x·f' and d(x·f')/d ln x of a mixture at ln x."""
    spread(parts, log_x)
    f, first, second = 0.0, 0.0, 0.0
    for g in range(parts.log_half.size):
        weight = parts.weight[g]
        f += parts.scale[g] * parts.share[g]
        first += weight
        second += weight * parts.shape[g] * (1.0 - 2.0 * parts.share[g])
    return f, first, second


@inner
def derivatives(block: Floats, begin: int, n: int, room: Floats, bound: bool) -> None:  # noqa: FBT001  # numba has no keyword-only arguments
    """Write x·f' and its first three derivatives by ln x of n mixtures at their LN_X.

    With `bound`, FOURTH is instead a bound on the fourth derivative of x²f'', next to which u = p(1−p) is
    constant: with r = 1 − 2p, u⁗/u = 1 − 30u + 120u² lies in [−1, 1] and u⁗′/u = r(1 − 60u + 360u²) within
    1.82.
    """
    first, second, third, fourth = room[FIRST], room[SECOND], room[THIRD], room[FOURTH]
    at, w, t = room[LN_X], room[W], room[T]
    for i in range(n):
        first[i], second[i], third[i], fourth[i] = 0.0, 0.0, 0.0, 0.0
    for g in range(block.shape[1]):
        log_half, shape = block[0, g, begin : begin + n], block[1, g, begin : begin + n]
        scale = block[2, g, begin : begin + n]
        for i in range(n):  # two loops: in one, LLVM runs out of registers
            w[i] = shape[i] * (at[i] - log_half[i])
            t[i] = exp(-abs(w[i]))
        for i in range(n):
            s, upper = shape[i], 1.0 / (1.0 + t[i])
            u, r = t[i] * upper * upper, (1.0 - t[i]) * upper
            r = r if w[i] < 0.0 else -r
            weight = scale[i] * s * u
            first[i] += weight
            second[i] += weight * s * r
            third[i] += weight * s * s * (1.0 - 6.0 * u)
            fourth[i] += weight * s * s * s * (s * (1.0 + 1.82 * s) if bound else r * (1.0 - 12.0 * u))


@spliced
def components(tile: Tile, e: int) -> Parts:
    """Components of element `e`, gathered into the tile's room for one mixture."""
    lanes = tile.size[LANES]
    at = tile.slot[e // lanes] * lanes + e % lanes
    block, i, parts = tile.mixture[at // BLOCK], at % BLOCK, tile.parts
    for g in range(parts.shape[1]):
        parts[0, g], parts[1, g], parts[2, g] = block[0, g, i], block[1, g, i], block[2, g, i]
    return Parts(parts[0], parts[1], parts[2], parts[3], parts[4])


@inner
def within_block(tile: Tile, e: int, n: int) -> tuple[int, int, int]:
    """Block of element `e`, its place there, and how many of the n elements from there on are in it."""
    lanes = tile.size[LANES]
    at = tile.slot[e // lanes] * lanes + e % lanes
    return at // BLOCK, at % BLOCK, min(n, BLOCK - at % BLOCK)


@inner
def value_of(parts: Parts, x: float) -> float:
    """Response at spend `x`."""
    return terms(parts, log(x))[0] if x > 0.0 else 0.0


@inner
def mixture_value(tile: Tile, e: int, x: float) -> float:
    """Response of element `e` at spend `x`, with the arithmetic of `mixture_values`."""
    return value_of(components(tile, e), x)


@part
def mixture_values(tile: Tile, e: int, n: int) -> None:
    """Write the response of every SPEND of elements e … e+n into VALUE."""
    end, room = e + n, np.empty((2, BLOCK))
    while e < end:
        b, begin, size = within_block(tile, e, end - e)
        spend, value = tile.leaf[SPEND, e : e + size], tile.leaf[VALUE, e : e + size]
        at, f = room[0], room[1]
        for i in range(size):
            at[i], f[i] = log(spend[i]), 0.0
        for g in range(tile.mixture.shape[2]):
            log_half, shape = (
                tile.mixture[b, 0, g, begin : begin + size],
                tile.mixture[b, 1, g, begin : begin + size],
            )
            scale = tile.mixture[b, 2, g, begin : begin + size]
            for i in range(size):
                w = shape[i] * (at[i] - log_half[i])
                t = exp(-abs(w))
                upper = 1.0 / (1.0 + t)
                f[i] += scale[i] * (upper if w > 0.0 else t * upper)
        for i in range(size):
            value[i] = f[i] if spend[i] > 0.0 else 0.0
        e += size


@inner
def mixture_log_marginal(tile: Tile, e: int, x: float) -> float:
    """Logarithm of the marginal return of element `e` at spend `x`."""
    log_x = math.log(max(x, 1e-290))
    first = terms(components(tile, e), log_x)[1]
    return math.log(first) - log_x if first > 0.0 else -math.inf


@part
def mixture_demand(tile: Tile, e: int, n: int, mu: Floats) -> None:
    """Smooth part of the demand of elements e … e+n.

    The envelope's spend less the jumps that are taken at this price.

    P0 keeps ln x and P1 the log-price of the last call: the next search starts there, and the same price
    gives the same bits.
    """
    first, room = e, np.empty((ROOM, BLOCK))
    while first < e + n:
        b, begin, size = within_block(tile, first, e + n - first)
        price, changed = mu[first - e :], 0
        for i in range(size):
            changed += 1 if price[i] != tile.leaf[P1, first + i] else 0
        width = 1 if changed <= FEW else size
        for i in range(0, size if changed else 0, width):
            if width > 1 or price[i] != tile.leaf[P1, first + i]:
                _demand_block(tile, tile.mixture[b], begin + i, first + i, width, price[i:], room)
        first += size


@inner
def _demand_block(tile: Tile, block: Floats, begin: int, e: int, n: int, mu: Floats, room: Floats) -> None:
    """Solve ln f' = mu by fourth-order steps in ln x; a guarded search solves what they do not."""
    _open(tile, e, n, mu, room)
    for _ in range(QUICK):
        derivatives(block, begin, n, room, False)  # noqa: FBT003
        if not _step(n, mu, room):
            break
    leaf, at = tile.leaf, room[LN_X]
    for i in range(n):
        room[FIRST, i] = exp(at[i])
    for i in range(n):
        if mu[i] == leaf[P1, e + i]:
            continue
        left, right = room[LEFT, i], room[RIGHT, i]
        if room[OPEN, i] > 0.0:
            x, slope = root(components(tile, e + i), left, right, mu[i], at[i])
            leaf[P0, e + i] = math.log(x) if x > 0.0 else at[i]
        else:
            inside = room[LN_LEFT, i] < at[i] < room[LN_RIGHT, i]
            x = (
                min(max(room[FIRST, i], left), right)
                if inside
                else (left if at[i] <= room[LN_LEFT, i] else right)
            )
            slope = x * room[RATE, i] if left * (1.0 + SAME) < x < right * (1.0 - SAME) else 0.0
            leaf[P0, e + i] = at[i]
        leaf[P1, e + i], leaf[X, e + i], leaf[SLOPE, e + i] = mu[i], x - room[GONE, i], slope


@inner
def _open(tile: Tile, e: int, n: int, mu: Floats, room: Floats) -> None:
    """Set every search up: its stretch between jumps, and where it starts."""
    leaf = tile.leaf
    for i in range(n):
        room[LEFT, i], room[RIGHT, i], room[GONE, i] = _stretch(tile, e + i, mu[i])
        searching = mu[i] != leaf[P1, e + i] and room[LEFT, i] < room[RIGHT, i] and abs(mu[i]) < math.inf
        room[OPEN, i] = 1.0 if searching else 0.0
    for i in range(n):
        room[LN_LEFT, i] = max(log(room[LEFT, i]), LEAST)
    for i in range(n):
        room[LN_RIGHT, i] = log(room[RIGHT, i])
    for i in range(n):
        guess = _guess(leaf, e + i, mu[i], room[GONE, i])
        room[LN_X, i] = min(max(guess, room[LN_LEFT, i]), room[LN_RIGHT, i])
        if room[OPEN, i] == 0.0:
            room[LN_X, i] = room[LN_LEFT, i] if mu[i] > 0.0 else room[LN_RIGHT, i]


@inner
def _stretch(tile: Tile, e: int, price: float) -> tuple[float, float, float]:
    """Find the smooth stretch of element `e` in which demand at a log-price lies, and the jumps before it."""
    lanes = tile.size[LANES]
    left, right, taken = tile.leaf[LOW, e], tile.leaf[HIGH, e], 0.0
    for q in range(tile.link[e // lanes], tile.link[e // lanes + 1]):
        z = q * lanes + e % lanes
        if tile.jump[LENGTH, z] > 0.0:
            if tile.jump[RISE, z] >= price:
                left = tile.jump[AT, z] + tile.jump[LENGTH, z]
                taken += tile.jump[LENGTH, z]
            else:
                right = tile.jump[AT, z]
                break
    return left, right, taken


@inner
def _guess(leaf: Floats, e: int, price: float, taken: float) -> float:
    """Ln x at a log-price: along the slope from the last demand, at first by Hermite's cubic in ln f'."""
    if leaf[P1, e] == leaf[P1, e]:
        x = leaf[X, e] + taken
        answered = x > 0.0 and leaf[SLOPE, e] < 0.0
        move = (price - leaf[P1, e]) * leaf[SLOPE, e] / x if answered else 0.0
        return float(leaf[P0, e] + min(max(move, -LONGEST), LONGEST))
    width = leaf[TOP, e] - leaf[FALL, e]
    if not width > 0.0:
        return float(leaf[P0, e])
    z = min(max((leaf[TOP, e] - price) / width, 0.0), 1.0)
    rates = (leaf[TO_RATE, e] * z - leaf[FROM_RATE, e] * (1.0 - z)) * width
    straight = (leaf[TO, e] - leaf[FROM, e]) * z * (3.0 - 2.0 * z)
    return float(leaf[FROM, e] + z * (straight + rates * (1.0 - z)))


@inner
def _step(n: int, mu: Floats, room: Floats) -> bool:
    """Householder's step of order four of every search that is not done; whether one is left."""
    at, rate, left = room[LN_X], room[RATE], 0
    for i in range(n):
        room[W, i] = log(room[FIRST, i])
    for i in range(n):
        inverse = 1.0 / room[FIRST, i]
        a, b, c = room[SECOND, i] * inverse, room[THIRD, i] * inverse, room[FOURTH, i] * inverse
        fall = a - 1.0
        h, c2 = (room[W, i] - at[i] - mu[i]) / fall, (b - a * a) / fall
        c3 = (c - 3.0 * a * b + 2.0 * a * a * a) / fall
        full = -h * (1.0 - 0.5 * h * c2) / (1.0 - h * c2 + h * h * c3 * (1.0 / 6.0))
        step = min(max(full if abs(full + h) < 0.5 * abs(h) else -h, -LONGEST), LONGEST)
        to = min(max(at[i] + step, room[LN_LEFT, i]), room[LN_RIGHT, i])
        searching = room[OPEN, i] > 0.0 and fall < 0.0
        rate[i] = (1.0 - c2 * step) / fall if searching else rate[i]
        room[OPEN, i] = 0.0 if searching and (abs(step) <= QUARTIC or to == at[i]) else room[OPEN, i]
        at[i] = to if searching else at[i]
    for i in range(n):
        left += 1 if room[OPEN, i] > 0.0 else 0
    return left > 0


@inner
def root(parts: Parts, left: float, right: float, mu: float, guess: float) -> tuple[float, float]:
    """Spend in [left, right] at which the marginal return is exp(mu), clipped.

    And dx/dμ (0 where clipped).
    """
    low = math.log(left) if left > 0.0 else -math.inf
    high = math.log(right)
    at, fall = min(max(guess, low), high), 0.0
    for _ in range(STEPS):
        _, first, second = terms(parts, at)
        miss = (math.log(first) if first > 0.0 else -math.inf) - at - mu
        if miss > 0.0:
            low = at
        else:
            high = at
        fall = second / first - 1.0 if first > 0.0 else 0.0
        step = -miss / fall if fall < 0.0 else math.nan
        if abs(step) <= CLOSE:
            break
        to = at + step
        if not low < to < high:
            to = 0.5 * (low + high) if low > -math.inf else high - max(2.0 * (high - at), 8.0)
            if to < LEAST:
                return left, 0.0
            if not low < to < high:
                break
        at = to
    x = min(max(math.exp(at), left), right)
    inside = left * (1.0 + SAME) < x < right * (1.0 - SAME)
    return x, (x / fall if inside and fall < 0.0 else 0.0)
