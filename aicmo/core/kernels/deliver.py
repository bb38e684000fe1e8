"""The plan of a crowd at its prices, and the proof of how far from the optimum it can be."""

import math

from aicmo.core.kernels.arrange import Problem
from aicmo.core.kernels.certify import ROUNDING
from aicmo.core.kernels.check import TOUCH
from aicmo.core.kernels.crowd import COUNT, FROM, LEAST, MOST, Crowd, get
from aicmo.core.kernels.flood import SLOPE, STEP, X, answer, total, value
from aicmo.core.kernels.hill import CLOSE
from aicmo.core.kernels.jit import inner, kernel
from aicmo.core.kernels.level import (
    AHEAD,
    BROUGHT,
    END,
    FLOOR,
    GIVEN,
    GIVES,
    GOAL,
    LIVE,
    LOWER,
    MISSING,
    MU,
    SHIFT,
    SLACK,
    SPENT,
    UPPER,
    USED,
    Basin,
    make_basin,
    price_all,
)
from aicmo.core.kernels.load import LN2
from aicmo.core.kernels.types import Floats

SETTLES = 4
SHARP = 1e-9  # in ln λ: what some campaigns may deviate from the others
LONGEST = 1e-2
AGREED = 1e-9
SHARED = 1e-4  # where groups share pieces out, search finds no better than this


@kernel
def flood(
    problem: Problem, r: int, crowd: Crowd, root: Floats, spend: Floats, response: Floats, gap: Floats,
    prices: Floats,
) -> bool:  # fmt: skip
    """Solve row `r` of closed families as a crowd; False, and nothing is solved, where that does not do.

    That is where inputs are unsound, limits collide or leave no choice, the room cuts the straight piece of
    an S-curve, or what such pieces leave to the leaves costs more than search would.

    Parameters
    ----------
    problem : Problem
    r : int
    crowd : Crowd
        The row's campaigns.
    root : (C,)
        Room to work in.
    spend, response, gap, prices : (R, C), (R,), (R,), (R, M)
        Outputs.
    """
    money, worth = crowd.units[0], crowd.units[1]
    basin = make_basin(problem, r, crowd, root)
    node, top = basin.node, problem.parent.size - 1
    node[GOAL, top] = math.ldexp(problem.budget[r], -money)
    if not (_feasible(problem, crowd, basin)):
        return False
    warm = problem.price0[r]
    guess = math.log(warm) - (worth - money) * LN2 if 0.0 < warm < math.inf else math.nan
    if not price_all(problem, crowd, basin, guess):
        return False
    _deliver(problem, crowd, basin, spend[r])
    found, slack = _certify(problem, crowd, basin)
    if not slack <= (AGREED if top == 0 else SHARED) * found:
        return False
    response[r], gap[r] = math.ldexp(found, worth), math.ldexp(slack, worth)
    for m in range(problem.parent.size):
        prices[r, m] = math.ldexp(math.exp(node[MU, m]), worth - money)
    return True


@inner
def _feasible(problem: Problem, crowd: Crowd, basin: Basin) -> bool:
    """Whether every node can keep its limits, and no straight piece is cut; NaN of unsound bounds says no."""
    node, top = basin.node, problem.parent.size - 1
    for m in range(top):
        if not max(node[FLOOR, m], node[LOWER, m]) <= min(node[LIVE, m], node[UPPER, m]):
            return False
        if crowd.span[2, m] > basin.room:
            return False
    inside = node[FLOOR, top] < node[GOAL, top] < min(node[LIVE, top], math.inf)
    return bool(inside and crowd.span[2, top] <= basin.room)


@inner
def _deliver(problem: Problem, crowd: Crowd, basin: Basin, spend: Floats) -> None:
    """Write every spend, then move campaigns along their slopes until all goals are met."""
    node, nodes = basin.node, problem.parent.size
    for m in range(nodes):
        for b in range(crowd.reach[m], crowd.reach[m + 1]):
            basin.block[SHIFT, b] = node[AHEAD, basin.owner[m]]
            _write(crowd, basin, b, node[MU, m], spend)
    for _ in range(SETTLES):
        _find_missing(problem, crowd, basin)
        moved = False
        for m in range(nodes):
            g = basin.owner[m]
            missing, gives = node[MISSING, g], node[GIVEN, g]
            if abs(missing) <= SLACK * node[GOAL, g] or abs(missing) >= -LONGEST * gives:
                continue
            for b in range(crowd.reach[m], min(crowd.reach[m + 1], int(node[END, g]))):
                basin.block[SHIFT, b] += missing / gives
                _write(crowd, basin, b, node[MU, m], spend)
            moved = True
        if not moved:
            break
    _find_missing(problem, crowd, basin)


@inner
def _write(crowd: Crowd, basin: Basin, b: int, mu: float, spend: Floats) -> None:
    """Write the spends of a block in the user's order and units, and what they use and bring."""
    first, n, work, block = crowd.block[b, FROM], crowd.block[b, COUNT], basin.work, basin.block
    answer(crowd, b, n, mu, basin.room, CLOSE, basin.root[first : first + n], work)
    x, f, slope, shift = work[X], work[STEP], work[SLOPE], block[SHIFT, b]
    low, most = get(crowd, b, LEAST, n), get(crowd, b, MOST, n)
    if shift != 0.0:
        for i in range(n):
            x[i] = min(max(x[i] + slope[i] * shift, low[i]), most[i])
    value(crowd, b, x, f)
    block[SPENT, b], block[BROUGHT, b] = total(x, n, basin.partial), total(f, n, basin.partial)
    block[GIVES, b] = total(slope, n, basin.partial)
    to_money, order = math.ldexp(1.0, crowd.units[0]), crowd.order[first : first + n]
    if order[n - 1] - order[0] == n - 1:  # neighbours: positions keep the order of campaigns
        out = spend[order[0] : order[0] + n]
        for i in range(n):
            out[i] = x[i] * to_money
    else:
        for i in range(n):
            spend[order[i]] = x[i] * to_money


@inner
def _find_missing(problem: Problem, crowd: Crowd, basin: Basin) -> None:
    """Find what every node with a price of its own misses, and the blocks that can make up for it.

    The fewest from the first on: a millionth of a campaign's money on a few moves prices less than rounding.
    """
    node, block, top = basin.node, basin.block, problem.parent.size - 1
    for g in range(top + 1):
        node[MISSING, g] = node[GOAL, g] if basin.owner[g] == g else 0.0
        node[GIVEN, g], node[END, g], node[USED, g] = 0.0, 0.0, 0.0
    for m in range(top + 1):
        g = basin.owner[m]
        for b in range(crowd.reach[m], crowd.reach[m + 1]):
            node[USED, m] += block[SPENT, b]
        node[MISSING, g] -= node[USED, m]
        if m < top and g == m:
            node[MISSING, basin.owner[problem.parent[m]]] -= node[GOAL, m]
    for m in range(top + 1):
        g = basin.owner[m]
        for b in range(crowd.reach[m], crowd.reach[m + 1]):
            if -node[GIVEN, g] * SHARP < abs(node[MISSING, g]):
                node[GIVEN, g] += block[GIVES, b]
                node[END, g] = b + 1
        if m < top:
            node[USED, problem.parent[m]] += node[USED, m]


@inner
def _certify(problem: Problem, crowd: Crowd, basin: Basin) -> tuple[float, float]:
    """Response and its distance to the dual bound, as `certify` finds them; infinite where a limit breaks.

    What groups miss costs Σ ν (limit − Σx) over nested limits, which telescopes to what each owner misses,
    at its price.
    """
    node, block, response, gap = basin.node, basin.block, 0.0, 0.0
    for m in range(problem.parent.size):
        price = math.exp(node[MU, m])
        for b in range(crowd.reach[m], crowd.reach[m + 1]):
            response += block[BROUGHT, b]
            gap -= price * block[GIVES, b] * block[SHIFT, b] * block[SHIFT, b]
        if basin.owner[m] == m:
            gap += price * abs(node[MISSING, m])
        elif not _holds(node[USED, m], node[LOWER, m], node[UPPER, m]):
            gap = math.inf
    return response, gap + ROUNDING * response


@inner
def _holds(used: float, low: float, high: float) -> bool:
    return bool(low - TOUCH * abs(low) <= used <= high + TOUCH * abs(high))
