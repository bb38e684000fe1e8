"""The price at which a group's supply meets its target: Newton on the logarithm, safeguarded by a bracket."""

import math

from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.supply import (
    FIRST,
    HIGH,
    LAST,
    LOW,
    NODE_LEAST,
    NODE_MOST,
    NODE_SLOPE,
    RISE,
    finite,
    log_marginal_at,
    sweep,
)
from aicmo.core.kernels.types import Floats, Ints

PASSES = 400
TOLERANCE = 1e-13  # the rest is handed out in proportion to the slopes


@kernel
def bracket(kind: Ints, leaf: Floats, nest: Ints, g: int, target: float) -> tuple[float, float]:
    """Log-prices between which the supply of node `g` crosses `target`, but for minimums of groups below it.

    With `room` the money above the lower bounds, no campaign of the solution spends more than low + room, and at least one
    no less than low + room/n: so the marginal returns at these spends enclose the price, at any scale of the inputs.
    """
    first, last = nest[FIRST, g], nest[LAST, g]
    room = target
    for j in range(first, last):
        room -= leaf[LOW, j]
    room = max(room, 0.0)
    cheap, dear = math.inf, -math.inf
    for j in range(first, last):
        if leaf[RISE, j] == -math.inf or leaf[LOW, j] == leaf[HIGH, j]:
            continue
        low = leaf[LOW, j]
        cheap = min(cheap, log_marginal_at(kind, leaf, j, min(low + room, leaf[HIGH, j])))
        dear = max(dear, log_marginal_at(kind, leaf, j, min(low + room / (last - first), leaf[HIGH, j])))
    return cheap, dear


@kernel
def nearest_jump(leaf: Floats, nest: Ints, g: int, left: float, right: float, wanted: float) -> float:
    """The first slope of an envelope strictly inside (left, right) that is nearest to `wanted`; NaN if there is none."""
    best = math.nan
    for j in range(nest[FIRST, g], nest[LAST, g]):
        rise = leaf[RISE, j]
        if left < rise < right and not abs(rise - wanted) >= abs(best - wanted):
            best = rise
    return best


@kernel
def meet(
    kind: Ints, leaf: Floats, home: Ints, nest: Ints, node: Floats, g: int, target: float, start: float
) -> float:
    """Log-price at which node `g` supplies `target`; -inf where even free money is not all wanted.

    Leaves the demand at that price in `leaf` and `node`. `start` is a first guess or NaN.
    """
    cheap, dear = bracket(kind, leaf, nest, g, target)
    if cheap > dear:  # nothing here can move, or nothing answers to money
        sweep(kind, leaf, home, nest, node, g, -math.inf)
        return -math.inf
    cheap, dear = _widen(kind, leaf, home, nest, node, g, target, cheap, dear)
    if cheap == -math.inf:
        return cheap
    mu = start if cheap < start < dear else 0.5 * (cheap + dear)
    if not finite(mu):
        mu = cheap
    width = dear - cheap
    for turn in range(PASSES):
        sweep(kind, leaf, home, nest, node, g, mu)
        if node[NODE_LEAST, g] <= target <= node[NODE_MOST, g]:
            return mu
        excess = node[NODE_LEAST, g] - target if node[NODE_LEAST, g] > target else node[NODE_MOST, g] - target
        if node[NODE_SLOPE, g] < 0.0 and abs(excess) <= TOLERANCE * abs(target):
            return mu
        if excess > 0.0:
            cheap = mu
        else:
            dear = mu
        mu, width = _propose(leaf, nest, node, g, mu, excess, cheap, dear, width, turn)
        if not cheap < mu < dear:
            break
    sweep(kind, leaf, home, nest, node, g, cheap)
    return cheap


@kernel
def _widen(
    kind: Ints,
    leaf: Floats,
    home: Ints,
    nest: Ints,
    node: Floats,
    g: int,
    target: float,
    cheap: float,
    dear: float,
) -> tuple[float, float]:
    """Make sure that supply crosses the target between the two log-prices; -inf where it never does."""
    sweep(kind, leaf, home, nest, node, g, cheap)
    if node[NODE_MOST, g] < target:
        sweep(kind, leaf, home, nest, node, g, -math.inf)
        return -math.inf, dear
    if dear == math.inf:
        dear = cheap + 1.0
    step = 1.0
    for _ in range(64):
        sweep(kind, leaf, home, nest, node, g, dear)
        if node[NODE_LEAST, g] <= target:
            break
        dear += step
        step *= 2.0
    return cheap - 1e-9 * max(1.0, abs(cheap)), dear + 1e-9 * max(1.0, abs(dear))


@kernel
def _propose(
    leaf: Floats,
    nest: Ints,
    node: Floats,
    g: int,
    mu: float,
    excess: float,
    cheap: float,
    dear: float,
    width: float,
    turn: int,
) -> tuple[float, float]:
    """Newton's log-price if the bracket keeps shrinking, else the nearest jump or the middle."""
    middle = cheap + 0.5 * (dear - cheap)
    slope = node[NODE_SLOPE, g]
    newton = mu - excess / slope if slope < 0.0 else math.nan
    inside = cheap < newton < dear
    if turn % 3 == 2:
        shrunk = dear - cheap <= 0.5 * width
        width = dear - cheap
        if not shrunk:
            jump = nearest_jump(leaf, nest, g, cheap, dear, newton if inside else middle)
            return (jump if jump == jump else middle), width
    if inside:
        return newton, width
    jump = nearest_jump(leaf, nest, g, cheap, dear, middle)
    return (jump if jump == jump and turn % 2 == 0 else middle), width
