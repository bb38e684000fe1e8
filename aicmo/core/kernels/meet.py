"""The price at which a node's supply meets its goal, for all rows side by side.

Newton on ln λ, with the supply and its slope from the same pass; jumps between here and Newton's point are
walked through exactly; a bracket found on the way safeguards every step, so no scale of the inputs is
assumed. A row that has met its goal keeps its price: what the other rows still need does not touch its
bits.
"""

import math

import numpy as np

from aicmo.core.kernels.families import log_marginal
from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.mixture import mixture_log_marginal
from aicmo.core.kernels.sweep import sweep
from aicmo.core.kernels.tile import (
    FIRST,
    FLOOR,
    FLOW,
    HALF,
    HIGH,
    LANES,
    LAST,
    LEAST,
    LENGTH,
    LIVE,
    LOW,
    MIXTURE,
    MOST,
    MU,
    RISE,
    SCALE,
    SHAPE,
    START,
    TABLE,
    Tile,
)
from aicmo.core.kernels.types import Bools, Floats

PASSES = 300
NEAR = 1e-10  # of the goal: one linear correction along the slopes removes the rest
SAME = 4e-15
NOISE = 1e-12  # a shorter step extrapolates the rounding of what lies above the floor
FARTHEST = 64.0  # in ln λ: from farther off, halving the way back would take more passes than there are
WINDOW = 256
SAMPLE = 8
CHEAP, DEAR, STRIDE, WIDTH, TURN = range(5)


@part
def meet(tile: Tile, g: int, goal: Floats, wanted: Bools, start: Floats) -> int:  # noqa: C901  # one case a family, one loop an array: vector code needs it flat
    """Find the log-price of node `g` for the rows `wanted` (L,).

    +inf where nothing, −inf where everything live is bought.

    Leaves demand and supply at those prices behind, and returns the number of passes. `start` (L,) holds
    first guesses or NaN.
    """
    lanes, node = tile.size[LANES], tile.node
    mu, todo = np.empty(lanes), np.empty(lanes, dtype=np.bool_)
    state, passes = np.empty((5, lanes)), 0
    for lane in range(lanes):
        i = g * lanes + lane
        mu[lane] = node[MU, i]
        state[CHEAP, lane], state[DEAR, lane], state[STRIDE, lane], state[WIDTH, lane], state[TURN, lane] = (
            -math.inf,
            math.inf,
            1.0,
            math.inf,
            0.0,
        )
        todo[lane] = wanted[lane]
        if todo[lane]:
            if goal[lane] <= node[FLOOR, i] * (1.0 + SAME):
                mu[lane], todo[lane] = math.inf, False
            elif goal[lane] >= node[LIVE, i] * (1.0 - SAME):
                mu[lane], todo[lane] = -math.inf, False
            else:
                mu[lane] = (
                    start[lane]
                    if start[lane] == start[lane] and abs(start[lane]) < math.inf
                    else first_price(tile, g, lane, goal[lane])
                )
    for _ in range(PASSES):
        passes += 1
        sweep(tile, g, mu)
        left = 0
        for lane in range(lanes):
            if todo[lane]:
                todo[lane] = not _advance(tile, g, lane, goal[lane], mu, state)
                left += 1 if todo[lane] else 0
        if left == 0:
            break
    for lane in range(lanes):
        if wanted[lane]:
            node[MU, g * lanes + lane] = mu[lane]
    return passes


@inner
def first_price(tile: Tile, g: int, lane: int, goal: float) -> float:
    """Mean log-marginal of a few campaigns at an equal split of the money above the minimums."""
    first, last, lanes = tile.nest[FIRST, g], tile.nest[LAST, g], tile.size[LANES]
    share = (goal - tile.node[FLOOR, g * lanes + lane]) / max(last - first, 1)
    total, count = 0.0, 0
    for i in range(min(SAMPLE, last - first)):
        j = first + i * (last - first) // min(SAMPLE, last - first)
        mu = envelope_log_marginal(tile, j, lane, share)
        if abs(mu) < math.inf:
            total += mu
            count += 1
    return total / count if count else 0.0


@inner
def envelope_log_marginal(tile: Tile, j: int, lane: int, above: float) -> float:
    """Log-slope of the envelope of position `j` at `above` more than its lower bound, within its bounds."""
    lanes = tile.size[LANES]
    e = j * lanes + lane
    if tile.leaf[HIGH, e] <= tile.leaf[LOW, e]:
        return math.nan
    x = min(tile.leaf[LOW, e] + above, tile.leaf[HIGH, e])
    taken = tile.leaf[LOW, e]
    for q in range(tile.link[j], tile.link[j + 1]):
        z = q * lanes + lane
        if tile.jump[LENGTH, z] > 0.0 and (
            x < taken + tile.jump[LENGTH, z] or (tile.kind[j] == TABLE and q == tile.link[j])
        ):
            return float(tile.jump[RISE, z])
        taken += tile.jump[LENGTH, z]
    if tile.kind[j] == TABLE:
        return -math.inf
    if tile.kind[j] == MIXTURE:
        return mixture_log_marginal(tile, e, x)
    if tile.leaf[START, e] >= tile.leaf[HIGH, e]:
        return math.nan
    return log_marginal(tile.kind[j], tile.leaf[SCALE, e], tile.leaf[HALF, e], tile.leaf[SHAPE, e], x)


@inner
def _advance(tile: Tile, g: int, lane: int, goal: float, mu: Floats, state: Floats) -> bool:
    """Move the price of row `lane` one step, or report that it has met its goal."""
    node, i = tile.node, g * tile.size[LANES] + lane
    least, most, flow = node[LEAST, i], node[MOST, i], node[FLOW, i]
    if least <= goal <= most:
        return True
    excess = least - goal if least > goal else most - goal
    if flow < 0.0 and abs(excess) <= NEAR * goal and abs(excess) <= -1e-4 * flow:
        return True
    if excess > 0.0:
        state[CHEAP, lane] = mu[lane]
    else:
        state[DEAR, lane] = mu[lane]
    state[TURN, lane] += 1.0
    to = _newton(tile, g, lane, goal, excess, mu[lane], state)
    if not state[CHEAP, lane] < to < state[DEAR, lane]:
        to = _fallback(tile, g, lane, mu[lane], excess, state)
        if not state[CHEAP, lane] < to < state[DEAR, lane]:
            return True  # neighbouring doubles: the price cannot be told more exactly
    mu[lane] = to
    return False


@inner
def _newton(tile: Tile, g: int, lane: int, goal: float, excess: float, mu: float, state: Floats) -> float:
    """Newton's log-price, walked through jumps; NaN every fourth turn unless the bracket has halved since.

    And every sixteenth where it is still open.
    """
    width = state[DEAR, lane] - state[CHEAP, lane]
    if state[TURN, lane] % 4.0 == 0.0:
        slow = width > 0.5 * state[WIDTH, lane] or (width == math.inf and state[TURN, lane] % 16.0 == 0.0)
        state[WIDTH, lane] = width
        if slow:
            return math.nan
    i = g * tile.size[LANES] + lane
    flow, floor = tile.node[FLOW, i], tile.node[FLOOR, i]
    to = mu - excess / flow if flow < 0.0 else (math.inf if excess > 0.0 else -math.inf)
    has, wants = goal + excess - floor, goal - floor
    if flow < 0.0 and has > 0.0 and not 0.5 < has / wants < 2.0:
        by_growth = mu - math.log(has / wants) * has / flow
        to = by_growth if abs(by_growth - mu) > NOISE * (1.0 + abs(mu)) else to
    if FARTHEST < abs(to - mu) < math.inf:
        to = mu + math.copysign(FARTHEST, to - mu)
    if tile.link[tile.nest[LAST, g]] > tile.link[tile.nest[FIRST, g]]:
        return through_jumps(tile, g, lane, mu, to, excess, flow)
    return to


@inner
def _fallback(tile: Tile, g: int, lane: int, mu: float, excess: float, state: Floats) -> float:
    """Pick the jump nearest to the middle of the bracket, else the middle.

    Growing strides while one side is still open.
    """
    cheap, dear = state[CHEAP, lane], state[DEAR, lane]
    if math.isinf(dear - cheap):
        state[STRIDE, lane] *= 2.0
        return mu + math.copysign(state[STRIDE, lane], excess)
    middle, best = cheap + 0.5 * (dear - cheap), math.nan
    lanes = tile.size[LANES]
    for q in range(tile.link[tile.nest[FIRST, g]], tile.link[tile.nest[LAST, g]]):
        rise, length = tile.jump[RISE, q * lanes + lane], tile.jump[LENGTH, q * lanes + lane]
        if length > 0.0 and cheap < rise < dear and not abs(rise - middle) >= abs(best - middle):
            best = rise
    return middle if math.isnan(best) else best


@part
def through_jumps(tile: Tile, g: int, lane: int, mu: float, to: float, excess: float, flow: float) -> float:
    """Where supply crosses the goal on the way from `mu` to `to`, with straight supply between the jumps.

    Jumps only speed the crossing up, so it lies on the way. If there are too many, their mass counts as
    spread evenly.
    """
    lanes = tile.size[LANES]
    distance, length = np.empty(WINDOW), np.empty(WINDOW)
    n, mass = 0, 0.0
    for q in range(tile.link[tile.nest[FIRST, g]], tile.link[tile.nest[LAST, g]]):
        rise = tile.jump[RISE, q * lanes + lane]
        inside = mu < rise <= to if excess > 0.0 else to <= rise < mu
        if inside and tile.jump[LENGTH, q * lanes + lane] > 0.0 and rise > -math.inf:
            mass += tile.jump[LENGTH, q * lanes + lane]
            if n < WINDOW:
                distance[n], length[n] = abs(rise - mu), tile.jump[LENGTH, q * lanes + lane]
            n += 1
    if n == 0:
        return to  # as without slots for jumps: whether there are any hangs on the other rows
    sign = 1.0 if excess > 0.0 else -1.0
    if n > WINDOW:
        full = abs(to - mu) if abs(to) < math.inf else 2.0 * distance[0]
        return float(mu + sign * full * abs(excess) / (abs(excess) + mass))
    need = abs(excess)
    _sort_by_distance(distance, length, n)
    for i in range(n):
        if need + flow * distance[i] <= 0.0:
            break
        need -= length[i]
        if need + flow * distance[i] <= 0.0:
            return float(mu + sign * distance[i])
    return mu - sign * need / flow if flow < 0.0 else math.nan


@inner
def _sort_by_distance(distance: Floats, length: Floats, n: int) -> None:
    """Sort the first n pairs by insertion; windows are short and nearly always few."""
    for i in range(1, n):
        d, size, k = distance[i], length[i], i
        while k > 0 and distance[k - 1] > d:
            distance[k], length[k] = distance[k - 1], length[k - 1]
            k -= 1
        distance[k], length[k] = d, size
