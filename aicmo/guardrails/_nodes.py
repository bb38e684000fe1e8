"""Limits as a tree of joint rates: campaigns are the leaves, groups the nodes, the total the root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aicmo.core.groups import Group, tree
from aicmo.messages import GroupLimit, Limits


@dataclass(frozen=True)
class Nodes:
    """Campaigns and the nested groups that limits speak of, in one numbering of N entries.

    Entries 0 … C−1 are the campaigns, then the groups, children before parents; the last is the total.

    Attributes
    ----------
    members : tuple of (M,) arrays
        Campaigns of each group.
    children : tuple of (k,) arrays
        Entries directly below each group and below the total.
    """

    campaigns: int
    names: tuple[str, ...]
    members: tuple[np.ndarray, ...]
    children: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, pieces: Sequence[Limits]) -> Nodes:
        """Collect the groups of all pieces; groups of the same campaigns share an entry.

        Raises
        ------
        ValueError
            When two groups overlap and neither contains the other.
        """
        campaigns = pieces[0].lower.shape[1]
        groups: dict[tuple[int, ...], GroupLimit] = {}
        for group in (group for piece in pieces for group in piece.groups):
            groups.setdefault(_key(group), group)
        unique = [Group(members=list(key), name=group.name) for key, group in groups.items()]
        shape = tree(unique, campaigns, 1)
        within = np.empty(campaigns, dtype=np.int64)
        within[shape.order] = shape.home
        inner = [unique[g] for g in shape.source[:-1]]
        below = [np.flatnonzero(shape.parent[:-1] == node) for node in range(len(unique) + 1)]
        return cls(
            campaigns,
            tuple(group.name for group in inner),
            tuple(np.asarray(group.members, dtype=np.int64) for group in inner),
            tuple(
                np.r_[np.flatnonzero(within == node), campaigns + below[node]] for node in range(len(below))
            ),
        )

    @property
    def groups(self) -> range:
        """Entries of groups and of the total, children before parents."""
        return range(self.campaigns, self.campaigns + len(self.children))

    def below(self, node: int) -> np.ndarray:
        """Entries directly below `node`."""
        return self.children[node - self.campaigns]

    def lower(self, piece: Limits) -> np.ndarray:
        """Lower limits of a piece at every entry, (R, N) [currency/day]; zero where it has none."""
        rows = piece.lower.shape[0]
        floor = np.concatenate([piece.lower, np.zeros((rows, len(self.children)))], axis=1)
        for group in piece.groups:
            node = self._entry(group)
            floor[:, node] = np.maximum(floor[:, node], group.lower)
        return floor

    def upper(self, piece: Limits) -> np.ndarray:
        """Upper limits of a piece at every entry, (R, N) [currency/day]; infinite where it has none."""
        rows = piece.upper.shape[0]
        ceiling = np.concatenate([piece.upper, np.full((rows, len(self.children)), np.inf)], axis=1)
        ceiling[:, -1] = piece.total
        for group in piece.groups:
            node = self._entry(group)
            ceiling[:, node] = np.minimum(ceiling[:, node], group.upper)
        return ceiling

    def sums(self, rate: np.ndarray) -> np.ndarray:
        """Rates of campaigns, groups and the total, (R, N) [currency/day]."""
        return self.reach(
            np.concatenate([rate, np.zeros((rate.shape[0], len(self.children)))], axis=1), np.fmax
        )

    def reach(self, own: np.ndarray, tighter: np.ufunc) -> np.ndarray:
        """Push bounds up the tree, (R, N): each entry's own, or the sum of those below if that is `tighter`.

        Lower bounds with `np.maximum` give the least that each can be, upper ones with `np.minimum` the most.
        """
        reach = own.copy()
        for node in self.groups:
            reach[:, node] = tighter(reach[:, node], row_sum(reach, self.below(node)))
        return reach

    def limits(self, floor: np.ndarray, ceiling: np.ndarray) -> Limits:
        """Put bounds at every entry back into the form of messages.

        Groups stay even where they hold nothing, lest the bits of a row depend on the rest of its batch.
        """
        inner = enumerate(zip(self.names, self.members, strict=True), start=self.campaigns)
        groups = tuple(
            GroupLimit(name, members, floor[:, node].copy(), ceiling[:, node].copy())
            for node, (name, members) in inner
        )
        leaves = slice(0, self.campaigns)
        return Limits(floor[:, leaves].copy(), ceiling[:, leaves].copy(), ceiling[:, -1].copy(), groups)

    def _entry(self, group: GroupLimit) -> int:
        key = _key(group)
        return self.campaigns + next(
            i for i, members in enumerate(self.members) if tuple(members.tolist()) == key
        )


def _key(group: GroupLimit) -> tuple[int, ...]:
    return tuple(sorted(int(c) for c in group.members))


def row_sum(values: np.ndarray, entries: np.ndarray) -> np.ndarray:
    """Sum `entries` of each row; the copy is contiguous, so that a row's bits do not depend on its batch."""
    return np.asarray(np.take(values, entries, axis=1).sum(axis=1))
