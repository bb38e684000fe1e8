"""Where a mixture is concave, for certain: a walk along ln x by steps that prove it.

F = x²f'' is the sum over components of v·s·u·(s·r − 1) with u = p(1−p) and r = 1 − 2p. Between two points of
ln x at a distance h, F lies within the control points of Hermite's cubic, give or take h⁴/384 times a bound
on |F⁗|; along ln x no u grows faster than eˢ.
"""

import math
from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.elementary import exp
from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.mixture import Parts, spread
from aicmo.core.kernels.types import Bools, Floats, Ints

GRID, RESERVE = 256, 40
SHORTEST, LONGEST = 0.004, 1.0  # steps in ln x
AFTER = 0.3  # the step to try after one that was neither
FAR = 16.0  # below the nearest half saturation, where curves of s ≥ 1 have brought nothing yet
TAILS = 30
NOTHING = 33.0  # (x/κ)ˢ = e⁻³³ is nothing next to one
NEARLY = 1.25  # shapes up to this one are nearly straight where they begin


@inner
def remainder(h: float, fifth: float, steepest: float) -> float:
    """Bound what Hermite's cubic leaves of F over a step h, given FOURTH at both ends, added up."""
    square = h * h
    return square * square * (1.0 / 384.0) * (0.5 * fifth) * exp(0.5 * steepest * h)


class Grid(NamedTuple):
    """Points of a curve and the pieces found between them.

    Attributes
    ----------
    x, f, slope : (N,)
        Spends, values and marginal returns.
    bent : (N,)
        Whether the curve from a point to the next is not known to be concave.
    hull : (N,)
        Which points span the upper hull.
    left, right : (N,)
        Points of the hull between which a piece was first seen.
    begin, end, rise : (N,)
        Ends and slope of a piece.
    """

    x: Floats
    f: Floats
    slope: Floats
    bent: Bools
    hull: Ints
    left: Ints
    right: Ints
    begin: Floats
    end: Floats
    rise: Floats


@part
def make_grid() -> Grid:
    """Make room for the points of one curve."""
    return Grid(
        np.empty(GRID), np.empty(GRID), np.empty(GRID), np.empty(GRID, dtype=np.bool_),
        np.empty(GRID, dtype=np.int64), np.empty(GRID, dtype=np.int64), np.empty(GRID, dtype=np.int64),
        np.empty(GRID), np.empty(GRID), np.empty(GRID),
    )  # fmt: skip


class Bend(NamedTuple):
    """What one point of ln x says: f, x·f', and F with slope, bound and what convex components add."""

    value: float
    first: float
    f: float
    slope: float
    fourth: float
    convex: float


@inner
def _bend(parts: Parts, log_x: float) -> Bend:
    """Add up what the components say; `fourth` bounds |F⁗|, for those nearly straight as |s−1| + 32 s p.

    F of one of them is v·s·u·(s−1−2sp), and next to u·p its fourth derivative by w is at most 16.
    """
    spread(parts, log_x)
    value, first, f, slope, fourth, convex = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for g in range(parts.shape.size):
        s, p, weight = parts.shape[g], parts.share[g], parts.weight[g]
        u, r = p * (1.0 - p), 1.0 - 2.0 * p
        value += parts.scale[g] * p
        first += weight
        f += weight * (s * r - 1.0)
        convex += weight * max(s * r - 1.0, 0.0)
        slope += weight * s * (s * (1.0 - 6.0 * u) - r)
        wild = 1.0 + 1.82 * s
        wild = min(wild, abs(s - 1.0) + 32.0 * s * p) if s <= NEARLY else wild
        fourth += weight * s * s * s * s * wild
    return Bend(value, first, f, slope, fourth, convex)


@inner
def walk(parts: Parts, grid: Grid, low: float, high: float) -> int:
    """Fill the grid along ln x with points between which the curve is concave or convex for certain.

    Steps that are neither are no longer than SHORTEST, unless the grid is nearly full. Where every component
    is concave from there on, the walk ends in one step. Returns the number of points.
    """
    at, end, steepest, points = math.log(low) if low > 0.0 else 0.0, math.log(high), 0.0, 0
    for g in range(parts.shape.size):
        s = parts.shape[g] if parts.scale[g] > 0.0 else 0.0
        steepest = max(steepest, 2.0 * s if s <= NEARLY else s)  # u·p grows twice as fast as u
    if low <= 0.0:
        at, points = _first_point(parts, grid, end), 1
    here, h = _bend(parts, at), LONGEST
    points = _store(grid, points, at, here)
    while at < end:
        forced = points >= GRID - RESERVE
        h = min(max(h, (end - at) / (GRID - points) if forced else 0.0), end - at)
        h = h if here.convex > 0.0 else end - at
        there = _bend(parts, at + h)
        sure = _sure(here, there, h, steepest) if here.convex > 0.0 else -1
        if sure == 0 and h > SHORTEST and not forced:
            h = max(_shorter(here, there, h), SHORTEST)
            continue
        grid.bent[points - 1] = sure >= 0
        at = min(end, at + h)
        crossed = not sure and here.f * there.f < 0.0
        here, h = there, AFTER if crossed else min(2.0 * h, LONGEST)
        points = _store(grid, points, at, here)
    grid.x[points - 1] = high
    if low > 0.0:
        grid.x[0] = low
    return points


@inner
def _sure(here: Bend, there: Bend, h: float, steepest: float) -> int:
    """−1 where a step of ln x is concave, 1 where it is convex, 0 where it may be neither."""
    rest = remainder(h, here.fourth + there.fourth, steepest)
    a, b = here.f + here.slope * h / 3.0, there.f - there.slope * h / 3.0
    if max(here.f, a, b, there.f) + rest <= 0.0:
        return -1
    return 1 if min(here.f, a, b, there.f) - rest > 0.0 else 0


@inner
def _shorter(here: Bend, there: Bend, h: float) -> float:
    """Step to try after one that is neither: to just before F crosses zero, or half as long."""
    share = here.f / (here.f - there.f) if here.f * there.f < 0.0 else 0.5
    return h * min(0.9 * share, 0.5)


@inner
def _store(grid: Grid, i: int, log_x: float, point: Bend) -> int:
    grid.x[i] = math.exp(log_x)
    grid.f[i], grid.slope[i], grid.bent[i] = point.value, point.first / grid.x[i], False
    return i + 1


@inner
def insert(grid: Grid, i: int, points: int, x: float, f: float, slope: float) -> None:
    """Put a point before point i; what was known of the step that it splits holds on both sides."""
    for k in range(points, i, -1):
        grid.x[k], grid.f[k] = grid.x[k - 1], grid.f[k - 1]
        grid.slope[k], grid.bent[k] = grid.slope[k - 1], grid.bent[k - 1]
    grid.x[i], grid.f[i], grid.slope[i], grid.bent[i] = x, f, slope, grid.bent[i - 1]


@inner
def _first_point(parts: Parts, grid: Grid, end: float) -> float:
    """Store spend zero and return ln x of the next point: as far as the curve is concave from zero on.

    With t = (x/κ)ˢ, components of s > 1 add at most v·s·(s−1)·t to F, and the others take at least
    v·s·(1−s)·u away. Relative to x the first rises and the second falls, so one point speaks for all below;
    Newton on the logarithm of their ratio finds one, or goes to where no component has brought anything.
    """
    grid.x[0], grid.f[0], grid.slope[0], grid.bent[0] = 0.0, 0.0, math.inf, False
    at, nearest, nothing = end, math.inf, math.inf
    for g in range(parts.shape.size):
        if parts.scale[g] > 0.0:
            nearest = min(nearest, parts.log_half[g])
            nothing = min(nothing, parts.log_half[g] - NOTHING / parts.shape[g])
    for _ in range(TAILS):
        spread(parts, at)
        adds, takes, up, down = 0.0, 0.0, 0.0, 0.0
        for g in range(parts.shape.size):
            s, p = parts.shape[g], parts.share[g]
            if s > 1.0:
                more = parts.scale[g] * s * (s - 1.0) * p / (1.0 - p) if p < 1.0 else math.inf
                adds, up = adds + more, up + more * s
            else:
                less = parts.weight[g] * (1.0 - s)
                takes, down = takes + less, down + less * s * (1.0 - 2.0 * p)
        if adds <= takes or (takes > 0.0 and at <= nothing):
            return at
        if takes == 0.0:
            break
        at -= 0.5 + (math.log(adds / takes) / (up / adds - down / takes) if adds < math.inf else 10.0)
        at = max(at, nothing)
    grid.slope[0], grid.bent[0] = 0.0, True
    return min(nearest, end) - FAR


@inner
def any_bent(grid: Grid, points: int) -> bool:
    """Whether any stretch of the walk is not known to be concave."""
    bent = False
    for i in range(points - 1):
        bent = bent or grid.bent[i]
    return bent
