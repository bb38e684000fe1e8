"""The named conflict is one, and the smallest: without any of its limits the others can hold together."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.feasibility import Infeasible
from aicmo.core.groups import Group

AMPLE = 1e9


def keep_only(limits: list[str], campaigns: int, members: list[list[int]]) -> None:
    """Allocate under the limits that are named and no others."""
    ends = {"minimum": np.zeros(campaigns), "maximum": np.full(campaigns, AMPLE)}
    joint = {"minimum": [0.0] * len(members), "maximum": [AMPLE] * len(members)}
    budget = None
    for said in limits:
        noun, *which, amount = said.replace(",", "").split()
        if noun == "total":
            budget = float(amount)
        elif noun == "campaign":
            ends[which[1]][int(which[0])] = float(amount)
        else:
            joint[which[1]][int(which[0])] = float(amount)
    both = zip(members, joint["minimum"], joint["maximum"], strict=True)
    groups = [Group(m, low, high) for m, low, high in both]
    curves, total = Curves.logarithmic(np.ones(campaigns), 1.0), "at_most" if budget is None else "exact"
    money = AMPLE if budget is None else budget
    allocate(curves, money, ends["minimum"], ends["maximum"], groups, total=total)  # type: ignore[arg-type]


@pytest.mark.parametrize("block", range(4))
def test_every_named_limit_is_needed_for_the_conflict(block: int) -> None:
    conflicts = 0
    for seed in range(100 * block, 100 * block + 100):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(2, 7))
        lower = rng.integers(0, 4, n).astype(float)
        upper, order = lower + rng.integers(0, 5, n), rng.permutation(n).tolist()
        cut = int(rng.integers(1, n + 1))
        members = [order[:cut], order[: max(1, cut // 2)]]
        groups = [Group(m, *np.sort(rng.integers(0, 14, 2)).astype(float)) for m in members]
        try:
            allocate(Curves.logarithmic(np.ones(n), 1.0), float(rng.integers(1, 20)), lower, upper, groups)
        except Infeasible as error:
            named, conflicts = list(error.limits), conflicts + 1
            with pytest.raises(Infeasible):
                keep_only(named, n, members)
            for limit in named:
                keep_only([other for other in named if other != limit], n, members)
    assert conflicts > 50
