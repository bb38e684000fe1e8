"""Groups of campaigns with a minimum and a maximum of their own, and the tree that nested groups form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Group:
    """Campaigns whose joint spend has limits.

    Parameters
    ----------
    members : sequence of int
        Indices of the campaigns, each at most once. An empty group only needs ``lower <= 0``.
    lower, upper : scalar or (R,) [currency]
        Limits of the members' joint spend, per row if one-dimensional.
    name : str
        What error messages and tables call the group.
    """

    members: Sequence[int] | Ints
    lower: ArrayLike = 0.0
    upper: ArrayLike = np.inf
    name: str = ""


@dataclass(frozen=True, eq=False)
class Tree:
    """Laminar groups as nodes in which children stand before parents and the total is the last.

    Attributes
    ----------
    order : (C,)
        Campaigns in an order in which the members of each group are neighbours.
    first, last : (M,)
        Node m holds ``order[first[m]:last[m]]``; its descendants are the nodes ``head[m]`` up to m.
    head, parent : (M,)
        First descendant and parent of each node; the root is its own parent.
    home : (C,)
        The innermost node of the campaign at each position of `order`.
    lower, upper : (1, M) or (R, M) [currency]
        Limits of each node; the root's are free.
    source : (M,)
        Index of the user's group behind each node, -1 for the root.
    """

    order: Ints
    first: Ints
    last: Ints
    head: Ints
    parent: Ints
    home: Ints
    lower: Floats
    upper: Floats
    source: Ints = field(repr=False)

    @property
    def links(self) -> Ints:
        """First, last, head and parent as rows: (4, M)."""
        return np.stack([self.first, self.last, self.head, self.parent])

    @cached_property
    def home_of(self) -> Ints:
        """The innermost node of each campaign: (C,)."""
        home = np.empty_like(self.home)
        home[self.order] = self.home
        return home


def tree(groups: Sequence[Group], campaigns: int, rows: int) -> Tree:
    """Arrange groups as a tree.

    Parameters
    ----------
    groups : sequence of Group
        Laminar: any two are nested or disjoint. The same set may occur several times.
    campaigns : int
        Number of campaigns C.
    rows : int
        Number of rows R that limits may be given for.

    Returns
    -------
    Tree
        The groups below one root that holds every campaign.

    Raises
    ------
    ValueError
        If an index is out of range or repeated, groups overlap without being nested, or a limit is not a
        number.
    """
    place = np.empty(campaigns, dtype=np.int64)
    members = [_members(group, label(groups, g), place) for g, group in enumerate(groups)]
    by_size = sorted(range(len(groups)), key=lambda g: (-members[g].size, g))
    innermost = np.full(campaigns, -1)
    above: dict[int, int] = {}
    for g in by_size:
        holders = innermost[members[g]]
        if (holders != holders[:1]).any():
            raise _overlap(groups, members, g, int(holders.max()))
        above[g] = int(holders[0]) if holders.size else -1
        innermost[members[g]] = g
    return _assemble(groups, above, innermost, rows)


def label(groups: Sequence[Group], index: int) -> str:
    """Name of a group in messages: its own, or its position."""
    return f"group '{groups[index].name}'" if groups[index].name else f"group {index}"


def _members(group: Group, name: str, place: Ints) -> Ints:
    """Check the members of a group; `place` is room for one number a campaign."""
    members, campaigns = np.asarray(group.members), place.size
    if members.size == 0:
        return np.empty(0, dtype=np.int64)
    if members.ndim != 1 or members.dtype.kind not in "iu":
        raise ValueError(f"{name}: members must be a list of campaign indices, got {group.members!r}")
    bad = members[(members < 0) | (members >= campaigns)]
    if bad.size:
        raise ValueError(f"{name}: campaign {bad[0]} does not exist; indices run from 0 to {campaigns - 1}")
    turn = np.arange(members.size)
    place[members] = turn
    if (place[members] != turn).any():
        raise ValueError(f"{name}: a campaign is listed twice in {members.tolist()}; list each once")
    return members.astype(np.int64)


def _overlap(groups: Sequence[Group], members: list[Ints], g: int, other: int) -> ValueError:
    shared = np.intersect1d(members[g], members[other]).tolist()
    return ValueError(
        f"{label(groups, g)} and {label(groups, other)} share campaigns {shared[:5]} "
        "but neither contains the other: groups must be nested or disjoint (laminar); "
        "split one of them, or use campaign bounds."
    )


def _assemble(groups: Sequence[Group], above: dict[int, int], innermost: Ints, rows: int) -> Tree:
    """Give nodes numbers, children first, and campaigns places so that each node's are neighbours."""
    children: dict[int, list[int]] = {g: [] for g in range(-1, len(groups))}
    for g in sorted(above):
        children[above[g]].append(g)
    sequence = _post_order(children)
    number = {g: i for i, g in enumerate(sequence)}
    node_of = np.array([number[int(g)] for g in range(-1, len(groups))])
    homes = node_of[innermost + 1]
    narrow = homes.astype(np.uint16) if len(sequence) < 2**16 else homes  # NumPy sorts these by radix
    order = np.argsort(narrow, kind="stable").astype(np.int64)
    parent = np.array([number[above[g]] if g >= 0 else number[-1] for g in sequence], dtype=np.int64)
    home = homes[order].astype(np.int64)
    head = np.arange(len(sequence))
    for i, p in enumerate(parent[:-1]):
        head[p] = min(head[p], head[i])
    first = np.searchsorted(home, head)
    last = np.searchsorted(home, np.arange(len(sequence)), side="right")
    lower, upper = _limits(groups, sequence, rows)
    source = np.array(sequence, dtype=np.int64)
    return Tree(
        order,
        first.astype(np.int64),
        last.astype(np.int64),
        head.astype(np.int64),
        parent,
        home,
        lower,
        upper,
        source,
    )


def _post_order(children: dict[int, list[int]]) -> list[int]:
    """Children before parents, without recursion: nests may be deep."""
    pending, reverse = [-1], []
    while pending:
        node = pending.pop()
        reverse.append(node)
        pending.extend(children[node])
    return reverse[::-1]


def _limits(groups: Sequence[Group], sequence: list[int], rows: int) -> tuple[Floats, Floats]:
    limits = [[_limit(groups, g, end, rows) for g in sequence[:-1]] for end in ("lower", "upper")]
    wide = max((v.size for side in limits for v in side), default=1)
    root = [np.array([-np.inf]), np.array([np.inf])]
    lower, upper = (
        np.ascontiguousarray(np.stack([np.broadcast_to(v, wide) for v in [*side, end]], axis=1))
        for side, end in zip(limits, root, strict=True)
    )
    return lower, upper


def _limit(groups: Sequence[Group], g: int, end: str, rows: int) -> Floats:
    limit = np.atleast_1d(np.asarray(getattr(groups[g], end), dtype=np.float64))
    if limit.ndim != 1 or limit.size not in (1, rows):
        raise ValueError(
            f"{label(groups, g)}: {end} must be one amount or {rows} = R of them, got shape {limit.shape}"
        )
    if np.isnan(limit).any():
        raise ValueError(f"{label(groups, g)}: {end} is not a number; use 0 or inf for no limit")
    return limit
