"""One row after the other: scale, solve the envelope, round S-curves, certify."""

import math

import numpy as np

from aicmo.core.kernels.assign import relax
from aicmo.core.kernels.families import POWER, value
from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.supply import (
    HALF,
    HIGH,
    LEAF_ROWS,
    LEAST,
    LOW,
    LOWER,
    MOST,
    MU,
    NODE_ROWS,
    PARENT,
    RISE,
    SCALE,
    SHAPE,
    SPEND,
    TANGENT,
    TARGET,
    UPPER,
    demand,
    prepare,
)
from aicmo.core.kernels.types import Floats, Ints

ROUNDING = 4.0 * 2.220446049250313e-16


@kernel
def exponent(number: float) -> int:
    """Power of two just above `number`; 0 for what is not positive and finite."""
    return math.frexp(number)[1] if 0.0 < number < math.inf else 0


@kernel
def load(
    kind: Ints,
    scale: Floats,
    half: Floats,
    shape: Floats,
    lower: Floats,
    upper: Floats,
    order: Ints,
    leaf: Floats,
    money: int,
    worth: int,
    room: float,
) -> None:
    """Copy one row into `leaf` in tree order, scaled by exact powers of two so that no bit depends on the units."""
    for j in range(order.size):
        c = order[j]
        power = kind[j] == POWER
        leaf[HALF, j] = half[c] if power else math.ldexp(half[c], -money)
        leaf[SHAPE, j] = shape[c]
        leaf[SCALE, j] = math.ldexp(scale[c], -worth)
        if power:
            leaf[SCALE, j] *= math.pow(2.0, money * shape[c])
        leaf[LOW, j] = math.ldexp(lower[c], -money)
        leaf[HIGH, j] = max(min(math.ldexp(upper[c], -money), leaf[LOW, j] + room), leaf[LOW, j])
        prepare(kind, leaf, j)


@kernel
def total_response(kind: Ints, leaf: Floats) -> float:
    """Σ f(x) on the true curves."""
    total = 0.0
    for j in range(kind.size):
        total += value(kind[j], leaf[SCALE, j], leaf[HALF, j], leaf[SHAPE, j], leaf[SPEND, j])
    return total


@kernel
def lagrangian_gap(
    kind: Ints, leaf: Floats, home: Ints, nest: Ints, node: Floats, budget: float, exact: int
) -> float:
    """Dual bound minus the response of the spends, summed campaign by campaign so that little cancels.

    D(λ) = Σ_nodes ν·limit + Σ_c max(f_c(x) − λ_c x), with ν the step of the price from a node's parent to the node, charged at the
    upper limit if positive and at the lower if negative.
    """
    nodes = node.shape[1]
    used, size, gap = np.zeros(nodes), 0.0, 0.0
    for j in range(kind.size):
        mu = node[MU, home[j]]
        price = math.exp(mu)
        used[home[j]] += leaf[SPEND, j]
        if leaf[LOW, j] == leaf[HIGH, j]:
            continue
        a, h, s = leaf[SCALE, j], leaf[HALF, j], leaf[SHAPE, j]
        demand(kind, leaf, j, mu)
        here = value(kind[j], a, h, s, leaf[SPEND, j])
        size += abs(here)
        if leaf[SPEND, j] == leaf[LEAST, j] and leaf[LEAST, j] == leaf[MOST, j]:
            continue
        least = value(kind[j], a, h, s, leaf[LEAST, j]) - here - price * (leaf[LEAST, j] - leaf[SPEND, j])
        most = value(kind[j], a, h, s, leaf[MOST, j]) - here - price * (leaf[MOST, j] - leaf[SPEND, j])
        gap += max(least, most, 0.0)
    for m in range(nodes):
        p = nest[PARENT, m]
        root = m == nodes - 1
        step = math.exp(node[MU, m]) - (0.0 if root else math.exp(node[MU, p]))
        limit = budget if root else (node[UPPER, m] if step > 0.0 else node[LOWER, m])
        if step != 0.0:
            gap += step * (limit - used[m])
        if not root:
            used[p] += used[m]
    return max(gap, 0.0) + ROUNDING * size


@kernel
def partial(leaf: Floats) -> int:
    """The campaign that sits deepest inside a straight piece of its envelope; -1 if none does."""
    best, depth = -1, 0.0
    for j in range(leaf.shape[1]):
        inside = min(leaf[SPEND, j] - leaf[LOW, j], leaf[TANGENT, j] - leaf[SPEND, j])
        if inside > depth:
            best, depth = j, inside
    return best


@kernel
def round_pieces(
    kind: Ints, leaf: Floats, home: Ints, nest: Ints, node: Floats, budget: float, exact: int
) -> float:
    """Improve on a campaign inside a straight piece: leave it, drop it, or fill it, and solve the rest again."""
    best = total_response(kind, leaf)
    trial_leaf, trial_node = leaf.copy(), node.copy()
    for _ in range(2 * nest.shape[1]):
        j = partial(trial_leaf)
        if j < 0:
            break
        low, high, point = trial_leaf[LOW, j], trial_leaf[HIGH, j], trial_leaf[TANGENT, j]
        chosen = -math.inf
        drop = low
        for side in range(2):
            trial_leaf[LOW, j], trial_leaf[HIGH, j] = (low, low) if side == 0 else (point, high)
            prepare(kind, trial_leaf, j)
            if not fits(trial_leaf, home, nest, trial_node, budget, exact):
                continue
            relax(
                kind,
                trial_leaf,
                home,
                nest,
                trial_node,
                budget,
                exact,
                start=node[MU, node.shape[1] - 1],
            )
            found = total_response(kind, trial_leaf)
            if found > chosen:
                chosen, drop = found, side
            if found > best:
                best = found
                leaf[SPEND] = trial_leaf[SPEND]
        if chosen == -math.inf:
            break
        trial_leaf[LOW, j], trial_leaf[HIGH, j] = (low, low) if drop == 0 else (point, high)
        prepare(kind, trial_leaf, j)
        relax(kind, trial_leaf, home, nest, trial_node, budget, exact, node[MU, node.shape[1] - 1])
    return best


@kernel
def fits(leaf: Floats, home: Ints, nest: Ints, node: Floats, budget: float, exact: int) -> bool:
    """Whether the boxes leave room for every group's limits and the total."""
    nodes = node.shape[1]
    least, most = np.zeros(nodes), np.zeros(nodes)
    for j in range(home.size):
        least[home[j]] += leaf[LOW, j]
        most[home[j]] += leaf[HIGH, j]
    for m in range(nodes):
        least[m], most[m] = max(least[m], node[LOWER, m]), min(most[m], node[UPPER, m])
        if least[m] > most[m]:
            return False
        if m < nodes - 1:
            least[nest[PARENT, m]] += least[m]
            most[nest[PARENT, m]] += most[m]
    return least[nodes - 1] <= budget and (not exact or most[nodes - 1] >= budget)


@kernel
def solve_rows(
    kind: Ints,
    scale: Floats,
    half: Floats,
    shape: Floats,
    lower: Floats,
    upper: Floats,
    budget: Floats,
    exact: int,
    order: Ints,
    home: Ints,
    nest: Ints,
    node_lower: Floats,
    node_upper: Floats,
    price0: Floats,
    spend: Floats,
    response: Floats,
    gap: Floats,
    prices: Floats,
) -> None:
    """Solve every row on its own; arrays that all rows share have one row.

    Parameters
    ----------
    kind : (C,), in tree order; scale, half, shape, lower, upper : (1 or R, C); budget : (R,); order, home : (C,); nest : (4, M)
    node_lower, node_upper : (1 or R, M); price0 : (R,), NaN for none; spend, response, gap, prices : outputs (R, C), (R,), (R,), (R, M)
    """
    campaigns, nodes = kind.size, nest.shape[1]
    leaf, node = np.zeros((LEAF_ROWS, campaigns)), np.zeros((NODE_ROWS, nodes))
    for r in range(budget.size):
        q = r if scale.shape[0] > 1 else 0
        a, h, s = scale[q], half[q], shape[q]
        low, high = lower[r if lower.shape[0] > 1 else 0], upper[r if upper.shape[0] > 1 else 0]
        money, worth = exponent(budget[r]), exponent(np.max(a))
        amount = math.ldexp(budget[r], -money)
        room = amount
        for c in range(campaigns):
            room -= math.ldexp(low[c], -money)
        room = max(room, 0.0)
        load(kind, a, h, s, low, high, order, leaf, money, worth, room)
        q = r if node_lower.shape[0] > 1 else 0
        for m in range(nodes):
            node[LOWER, m] = math.ldexp(node_lower[q, m], -money)
            node[UPPER, m] = math.ldexp(node_upper[q, m], -money)
        unit = (worth - money) * math.log(2.0)
        start = math.log(price0[r]) - unit if price0[r] > 0.0 else math.nan
        relax(kind, leaf, home, nest, node, amount, exact, start)
        relaxed = total_response(kind, leaf)
        slack = lagrangian_gap(kind, leaf, home, nest, node, node[TARGET, nodes - 1], exact)
        best = relaxed
        if partial(leaf) >= 0:
            best = round_pieces(kind, leaf, home, nest, node, node[TARGET, nodes - 1], exact)
        response[r] = math.ldexp(best, worth)
        gap[r] = math.ldexp(max(slack - (best - relaxed), 0.0), worth)
        for j in range(campaigns):
            spend[r, order[j]] = math.ldexp(leaf[SPEND, j], money)
        for m in range(nodes):
            prices[r, m] = math.exp(node[MU, m]) * 2.0 ** (worth - money)
