"""From prices to spends: solve the root, then each group whose limit binds, and hand money down the tree."""

import math

from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.price import meet
from aicmo.core.kernels.supply import (
    FIRST,
    HEAD,
    HIGH,
    LAST,
    LEAST,
    LOW,
    MOST,
    MU,
    NODE_LEAST,
    NODE_MOST,
    NODE_SLOPE,
    PARENT,
    SLOPE,
    SPEND,
    TARGET,
    clip_to,
    free_slope,
)
from aicmo.core.kernels.types import Floats, Ints

SLACK = 1e-12


@kernel
def relax(
    kind: Ints,
    leaf: Floats,
    home: Ints,
    nest: Ints,
    node: Floats,
    budget: float,
    exact: int,
    start: float,
) -> None:
    """Solve the problem with every curve replaced by its envelope; exact for concave curves by the KKT conditions.

    Top-down, a group whose supply at the parent's price falls outside the share it was given has a price of its own.
    """
    root = node.shape[1] - 1
    node[TARGET, root] = budget
    for g in range(root, -1, -1):
        target = node[TARGET, g]
        p = nest[PARENT, g]
        slack = SLACK * (abs(target) + abs(node[NODE_LEAST, g]))
        if g < root and node[NODE_LEAST, g] - slack <= target <= node[NODE_MOST, g] + slack:
            node[MU, g] = node[MU, p]
        else:
            node[MU, g] = meet(kind, leaf, home, nest, node, g, target, start)
            if g == root and not exact and node[MU, g] == -math.inf:
                node[TARGET, g] = min(target, node[NODE_LEAST, g])
        hand_down(leaf, home, nest, node, g)


@kernel
def hand_down(leaf: Floats, home: Ints, nest: Ints, node: Floats, g: int) -> None:
    """Give node `g`'s target to its own campaigns and child groups: ties in order, the rounding residue by slope."""
    need = node[TARGET, g] - node[NODE_LEAST, g]
    for m in range(nest[HEAD, g], g):
        if nest[PARENT, m] == g:
            least = clip_to(node, m, node[NODE_LEAST, m])
            extra = min(max(need, 0.0), clip_to(node, m, node[NODE_MOST, m]) - least)
            node[TARGET, m] = least + extra
            need -= extra
    for j in range(nest[FIRST, g], nest[LAST, g]):
        if home[j] == g:
            extra = min(max(need, 0.0), leaf[MOST, j] - leaf[LEAST, j])
            leaf[SPEND, j] = leaf[LEAST, j] + extra
            need -= extra
    slope = node[NODE_SLOPE, g]
    if slope == 0.0 or need == 0.0:
        return
    for m in range(nest[HEAD, g], g):
        if nest[PARENT, m] == g:
            node[TARGET, m] = clip_to(node, m, node[TARGET, m] + need * (free_slope(node, m) / slope))
    for j in range(nest[FIRST, g], nest[LAST, g]):
        if home[j] == g:
            moved = leaf[SPEND, j] + need * (leaf[SLOPE, j] / slope)
            leaf[SPEND, j] = min(max(moved, leaf[LOW, j]), leaf[HIGH, j])
