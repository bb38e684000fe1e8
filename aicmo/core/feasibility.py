"""Can the bounds, groups and total hold together, and if not, which of them collide."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aicmo.core.groups import Group, Tree, label

Floats = NDArray[np.float64]

TOLERANCE = 1e-12


class Infeasible(ValueError):  # noqa: N818  # the public name says what it is
    """Limits that cannot all hold.

    Attributes
    ----------
    limits : tuple of str
        The smallest conflicting set: without any one of them the others can hold together.
    row : int or None
        Row in which they collide, None if there is one row.
    """

    def __init__(self, message: str, limits: Sequence[str], row: int | None = None) -> None:
        super().__init__(message)
        self.limits = tuple(limits)
        self.row = row


@dataclass(frozen=True, eq=False)
class Limits:
    """Everything that bounds one problem, for the search of a conflict.

    Attributes
    ----------
    lower, upper : (1, C) or (R, C) [currency]
        Bounds of each campaign.
    total : (R,) [currency]
        Budget of each row.
    tree : Tree
        The groups.
    groups : sequence of Group
        As given, for their names.
    exact : bool
        Whether the total must be spent to the last cent.
    """

    lower: Floats
    upper: Floats
    total: Floats
    tree: Tree
    groups: Sequence[Group]
    exact: bool


def require_feasible(limits: Limits) -> None:
    """Pass if every row has a plan within all limits.

    Raises
    ------
    Infeasible
        With the smallest conflicting set of the first row that has none, its amounts, and the cure.
    """
    crossed = np.argwhere(limits.lower > limits.upper)
    if crossed.size:
        r, c = (int(i) for i in crossed[0])
        low, high = limits.lower[r, c], limits.upper[r, c]
        said = [f"campaign {c} minimum {low:,.15g}", f"campaign {c} maximum {high:,.15g}"]
        raise _conflict(said, "raise the maximum or lower the minimum", r if len(limits.lower) > 1 else None)
    least, most = reach(limits)
    slack = TOLERANCE * np.maximum(np.abs(least), np.where(np.isfinite(most), np.abs(most), 0.0))
    broken = least > most + slack
    root = limits.tree.parent.size - 1
    allowance = TOLERANCE * np.abs(limits.total)
    broken[:, root] |= least[:, root] > limits.total + allowance
    if limits.exact:
        broken[:, root] |= most[:, root] < limits.total - allowance
    if broken.any():
        row = int(np.argmax(broken.any(axis=1)))
        raise _explain(limits, row, int(np.argmax(broken[row])))


def reach(limits: Limits) -> tuple[Floats, Floats]:
    """Least and most that each node of the tree can spend, bottom-up: two arrays (R, M) [currency]."""
    tree, rows, nodes = limits.tree, limits.total.size, limits.tree.parent.size
    least, most = np.zeros((rows, nodes)), np.zeros((rows, nodes))
    starts, homes = _runs(tree)
    if homes.size:
        least[:, homes] = np.add.reduceat(limits.lower[:, tree.order], starts, axis=1)
        most[:, homes] = np.add.reduceat(limits.upper[:, tree.order], starts, axis=1)
    for m in range(nodes):
        least[:, m] = np.maximum(least[:, m], tree.lower[:, m])
        most[:, m] = np.minimum(most[:, m], tree.upper[:, m])
        if m < nodes - 1:
            least[:, tree.parent[m]] += least[:, m]
            most[:, tree.parent[m]] += most[:, m]
    return least, most


def _runs(tree: Tree) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where in tree order each innermost node's own campaigns begin, and which node that is."""
    starts = np.flatnonzero(np.diff(tree.home, prepend=-1))
    return starts, tree.home[starts]


def _explain(limits: Limits, row: int, m: int) -> Infeasible:
    least, most = reach(limits)
    tree, root = limits.tree, limits.tree.parent.size - 1
    shown = row if limits.total.size > 1 else None
    floor, cap = _own(limits, row, m)
    needed = _parts(limits, row, m, (least, most), upward=False)
    if needed and sum(a for _, a in needed) > cap:
        chosen = _fewest(needed, cap)
        name = "total budget" if m == root else f"{label(limits.groups, int(tree.source[m]))} maximum"
        return _conflict([*chosen, f"{name} {cap:,.15g}"], "lower the minimums or raise the limit", shown)
    if floor > cap:
        name = label(limits.groups, int(tree.source[m]))
        said = [f"{name} minimum {floor:,.15g}", f"{name} maximum {cap:,.15g}"]
        return _conflict(said, "raise one or lower the other", shown)
    if cap < 0.0:
        name = label(limits.groups, int(tree.source[m]))
        return _conflict([f"{name} maximum {cap:,.15g}"], "spends are never below 0: raise it", shown)
    offered = [
        f"{name} {amount:,.15g}" for name, amount in _parts(limits, row, m, (least, most), upward=True)
    ]
    name = "total budget" if m == root else f"{label(limits.groups, int(tree.source[m]))} minimum"
    cure = "raise the maximums or lower the " + (
        'total, or allow unspent money with total="at_most"' if m == root else "minimum"
    )
    return _conflict([*offered, f"{name} {floor:,.15g}"], cure, shown)


def _own(limits: Limits, row: int, m: int) -> tuple[float, float]:
    """Minimum and maximum that node `m` itself imposes."""
    tree = limits.tree
    if m == tree.parent.size - 1:
        total = float(limits.total[row])
        return (total if limits.exact else -np.inf), total
    q = row if tree.lower.shape[0] > 1 else 0
    return float(tree.lower[q, m]), float(tree.upper[q, m])


def _parts(
    limits: Limits, row: int, m: int, reached: tuple[Floats, Floats], *, upward: bool
) -> list[tuple[str, float]]:
    """List the limits that make up the least (or, upward, the most) that node `m` can spend.

    Down to those that bind.
    """
    tree, end = limits.tree, "maximum" if upward else "minimum"
    bounds = limits.upper if upward else limits.lower
    bounds_row = bounds[row if bounds.shape[0] > 1 else 0]
    q = row if tree.lower.shape[0] > 1 else 0
    parts: list[tuple[str, float]] = []
    pending = [m]
    while pending:
        node = pending.pop()
        own = float(tree.upper[q, node] if upward else tree.lower[q, node])
        binds = node != m and own == reached[1 if upward else 0][row, node]
        if binds:
            parts.append((f"{label(limits.groups, int(tree.source[node]))} {end}", own))
            continue
        pending += [i for i in range(tree.head[node], node) if tree.parent[i] == node]
        own_campaigns = tree.order[tree.home == node]
        parts += [(f"campaign {int(c)} {end}", float(bounds_row[c])) for c in own_campaigns]
    return parts if upward else [p for p in parts if p[1] != 0.0]


def _fewest(parts: list[tuple[str, float]], cap: float) -> list[str]:
    """Pick the fewest minimums whose sum exceeds `cap`: the largest first."""
    chosen, total = [], 0.0
    for name, amount in sorted(parts, key=lambda p: -p[1]):
        chosen.append(f"{name} {amount:,.15g}")
        total += amount
        if total > cap:
            break
    return chosen


def _conflict(limits: list[str], cure: str, row: int | None) -> Infeasible:
    where = "" if row is None else f"row {row}: "
    shown = limits if len(limits) <= 12 else [*limits[:10], f"… ({len(limits) - 11} more)", limits[-1]]
    return Infeasible(f"{where}these limits cannot all hold: {'; '.join(shown)}: {cure}", limits, row)
