"""The price at which a node's supply meets its goal, for all rows side by side.

Newton on ln λ, with the supply and its slope from the same pass; jumps between here and Newton's point are
walked through exactly; a bracket found on the way safeguards every step, so no scale of the inputs is
assumed. A row that has met its goal keeps its price: what the other rows still need does not touch its
bits.
"""

import math

from aicmo.core.kernels.families import log_marginal
from aicmo.core.kernels.jit import inner
from aicmo.core.kernels.mixture import mixture_log_marginal
from aicmo.core.kernels.sweep import sweep
from aicmo.core.kernels.tile import (
    CHEAP,
    DEAR,
    FIRST,
    FLOOR,
    FLOW,
    GOAL,
    GUESS,
    HALF,
    HIGH,
    KNOWN,
    LANES,
    LAST,
    LEAST,
    LENGTH,
    LIVE,
    LOW,
    MISS,
    MIXTURE,
    MOST,
    MU,
    OPEN,
    PRICE,
    RISE,
    SCALE,
    SHAPE,
    START,
    STRIDE,
    TABLE,
    TURN,
    WIDTH,
    WINDOW,
    Tile,
)
from aicmo.core.kernels.types import Floats

PASSES = 300
NEAR = 2e-7  # of the goal and in ln λ: corrections along the slopes remove the rest, at the square of it
SAME = 4e-15
NOISE = 1e-12  # a shorter step extrapolates the rounding of what lies above the floor
FARTHEST = 64.0  # in ln λ: from farther off, halving the way back would take more passes than there are
SAMPLE = 8


@inner
def meet(tile: Tile, g: int) -> int:
    """Find the log-price of node `g` for the rows that have a GOAL there.

    +inf where nothing, −inf where everything live is bought. The guesses are in each lane's GUESS or NaN.

    Leaves demand and supply at those prices behind, and returns the number of passes.
    """
    lanes, node, state, passes, asked = tile.size[LANES], tile.node, tile.lane, 0, 0
    for lane in range(lanes):
        _start(tile, g, lane)
        asked += 0 if state[KNOWN, lane] > 0.0 and state[PRICE, lane] == state[GUESS, lane] else 1
    for _ in range(PASSES):
        sweep(tile, g, asked + passes == 0)
        passes, left = passes + 1, 0
        for lane in range(lanes):
            if state[OPEN, lane] > 0.0 and _advance(tile, g, lane, node[GOAL, g * lanes + lane]):
                state[OPEN, lane] = 0.0
            left += 1 if state[OPEN, lane] > 0.0 else 0
        if left == 0:
            break
    for lane in range(lanes):
        node[MU, g * lanes + lane] = state[PRICE, lane]
    return passes


@inner
def _start(tile: Tile, g: int, lane: int) -> None:
    """Open the search of row `lane`, or end it where no price in between can meet the goal."""
    i, state = g * tile.size[LANES] + lane, tile.lane
    goal, guess = tile.node[GOAL, i], state[GUESS, lane]
    state[CHEAP, lane], state[DEAR, lane], state[STRIDE, lane] = -math.inf, math.inf, 1.0
    state[WIDTH, lane], state[TURN, lane], state[MISS, lane] = math.inf, 0.0, math.inf
    state[PRICE, lane], state[OPEN, lane] = tile.node[MU, i], 0.0
    if math.isnan(goal):
        return
    if goal <= tile.node[FLOOR, i] * (1.0 + SAME):
        state[PRICE, lane] = math.inf
    elif goal >= tile.node[LIVE, i] * (1.0 - SAME):
        state[PRICE, lane] = -math.inf
    else:
        state[PRICE, lane] = guess if abs(guess) < math.inf else first_price(tile, g, lane, goal)
        state[OPEN, lane] = 1.0


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
def _advance(tile: Tile, g: int, lane: int, goal: float) -> bool:
    """Move the price of row `lane` one step, or report that it has met its goal."""
    node, i, state = tile.node, g * tile.size[LANES] + lane, tile.lane
    least, most, flow, mu = node[LEAST, i], node[MOST, i], node[FLOW, i], state[PRICE, lane]
    if least <= goal <= most:
        return True
    excess = least - goal if least > goal else most - goal
    if abs(excess) <= NEAR * min(goal, -flow):
        return True
    if excess > 0.0:
        state[CHEAP, lane] = mu
    else:
        state[DEAR, lane] = mu
    state[TURN, lane] += 1.0
    to = _newton(tile, g, lane, goal, excess, mu, state)
    if not state[CHEAP, lane] < to < state[DEAR, lane]:
        to = _fallback(tile, g, lane, mu, excess, state)
        if not state[CHEAP, lane] < to < state[DEAR, lane]:
            return True  # neighbouring doubles: the price cannot be told more exactly
    state[PRICE, lane] = to
    return False


@inner
def _newton(tile: Tile, g: int, lane: int, goal: float, excess: float, mu: float, state: Floats) -> float:
    """Newton's log-price for ln S, walked through jumps.

    Every fourth turn NaN unless the bracket has halved since, or the miss has quartered.

    Every sixteenth where it is still open.
    """
    width = state[DEAR, lane] - state[CHEAP, lane]
    if state[TURN, lane] % 4.0 == 0.0:
        slow = width > 0.5 * state[WIDTH, lane] and abs(excess) > 0.25 * state[MISS, lane]
        slow = slow if width < math.inf else state[TURN, lane] % 16.0 == 0.0
        state[WIDTH, lane], state[MISS, lane] = width, abs(excess)
        if slow:
            return math.nan
    i = g * tile.size[LANES] + lane
    flow, floor = tile.node[FLOW, i], tile.node[FLOOR, i]
    to = mu - excess / flow if flow < 0.0 else (math.inf if excess > 0.0 else -math.inf)
    has, wants = goal + excess - floor, goal - floor
    if flow < 0.0 and has > 0.0:
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


@inner
def through_jumps(tile: Tile, g: int, lane: int, mu: float, to: float, excess: float, flow: float) -> float:
    """Where supply crosses the goal on the way from `mu` to `to`, with straight supply between the jumps.

    Jumps only speed the crossing up, so it lies on the way. If there are too many, their mass counts as
    spread evenly.
    """
    lanes = tile.size[LANES]
    distance, length = tile.window[0], tile.window[1]
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
    rest = -need / flow if flow < 0.0 else math.nan
    return to if rest > abs(to - mu) else mu + sign * rest


@inner
def _sort_by_distance(distance: Floats, length: Floats, n: int) -> None:
    """Sort the first n pairs by insertion; windows are short and nearly always few."""
    for i in range(1, n):
        d, size, k = distance[i], length[i], i
        while k > 0 and distance[k - 1] > d:
            distance[k], length[k] = distance[k - 1], length[k - 1]
            k -= 1
        distance[k], length[k] = d, size
