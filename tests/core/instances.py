"""Random problems that the tests of the allocator share."""

import numpy as np
from numpy.typing import NDArray

from aicmo.core.curves import Curves
from aicmo.core.groups import Group

Floats = NDArray[np.float64]


def mixed(rng: np.random.Generator, shape: tuple[int, ...] = (2,)) -> Curves:
    """Concave curves of each closed family."""
    u = rng.uniform
    return Curves.concatenate(
        [
            Curves.hill(u(1, 5, shape), u(1, 10, shape), u(0.3, 1.0, shape)),
            Curves.logarithmic(u(1, 5, shape), u(1, 5, shape)),
            Curves.exponential(u(1, 5, shape), u(1, 5, shape)),
            Curves.power(u(1, 3, shape), u(0.2, 0.9, shape)),
        ]
    )


def any_family(rng: np.random.Generator) -> Curves:
    """Curves of every family, S-shaped ones, a table that is not concave and mixtures among them."""
    u = rng.uniform
    spend = np.cumsum(u(0.2, 2.0, (2, 6)), axis=1)
    return Curves.concatenate(
        [
            mixed(rng, (1,)),
            Curves.hill(u(1, 5, 2), u(1, 10, 2), u(1.0, 6.0, 2)),
            Curves.table(spend, np.cumsum(u(0.0, 1.0, (2, 6)), axis=1)),
            Curves.mixture(u(1, 3, (2, 5)), u(0.5, 20, (2, 5)), u(0.4, 5.0, (2, 5))),
        ]
    )


def bounds(rng: np.random.Generator, campaigns: int, budget: float) -> tuple[Floats, Floats]:
    """Boxes that leave room for the budget."""
    lower = rng.uniform(0.0, 0.5 / campaigns, campaigns) * budget
    return lower, lower + rng.uniform(1.0, 3.0, campaigns) * budget / campaigns


def wild(rng: np.random.Generator, money: float, worth: float, steepest: float) -> Curves:
    """One to four sets of any family, scales and half-saturations over four powers of ten, some dead."""
    return Curves.concatenate(
        [
            _wild(rng, int(family), int(rng.integers(1, 4)), money, worth, steepest)
            for family in rng.choice(6, rng.integers(1, 5))
        ]
    )


def _wild(
    rng: np.random.Generator, family: int, n: int, money: float, worth: float, steepest: float
) -> Curves:
    u = rng.uniform
    scale = worth * 10 ** u(-2, 2, n) * (rng.random(n) > 0.05)
    half, shape = money * 10 ** u(-2, 2, n), u(0.3, steepest, n)
    exponent = np.where(rng.random(n) < 0.2, 1.0, u(0.2, 0.99, n))
    if family == 0:
        return Curves.hill(scale, half, shape)
    if family == 1:
        return Curves.logarithmic(scale, half)
    if family == 2:
        return Curves.exponential(scale, half)
    if family == 3:
        return Curves.power(scale / money**exponent, exponent)
    if family == 4:
        step = half[:, None] * u(0.1, 1.0, (n, 5))
        slope = u(0.0, 1.0, (n, 5)) if steepest > 1.0 else -np.sort(-u(0.0, 1.0, (n, 5)), axis=1)
        rise = step * slope * (scale / half)[:, None]
        return Curves.table(np.cumsum(step, axis=1), np.cumsum(rise, axis=1))
    spread = half[:, None] * 10 ** u(-1, 1, (n, 3))
    return Curves.mixture(scale[:, None] * u(0.1, 1, (n, 3)), spread, u(0.3, steepest, (n, 3)))


def nested_around(rng: np.random.Generator, inside: Floats) -> list[Group]:
    """Nested groups, twins and empty ones among them, whose limits often touch the plan `inside`."""
    groups: list[Group] = []
    pending = [rng.permutation(inside.size)]
    while pending:
        members = pending.pop()
        joint = float(inside[members].sum())
        low = joint * float(rng.choice([0.0, 1.0, rng.random()]))
        high = float(rng.choice([joint, np.inf, joint * (1.0 + rng.random())]))
        groups += [Group(members, low, high)] * int(rng.choice([0, 1, 1, 1, 2]))
        cut = int(rng.integers(0, members.size + 1))
        if members.size > 1 and len(groups) < 12:
            pending += [members[:cut], members[cut:]]
    return groups


def held(rng: np.random.Generator, campaigns: int, money: float) -> tuple[Floats, Floats, Floats]:
    """Bounds, some of which touch or are missing, and a plan inside them."""
    lower = (
        money * 10 ** rng.uniform(-3, 1, campaigns) * (rng.random(campaigns) < rng.choice([0.0, 0.3, 1.0]))
    )
    width = money * 10 ** rng.uniform(-3, 2, campaigns) * (rng.random(campaigns) > 0.2)
    upper = np.where(rng.random(campaigns) < 0.15, np.inf, lower + width)
    share = rng.random(campaigns) * (rng.random(campaigns) < 0.7)
    return lower, upper, lower + share * (np.minimum(upper, lower + 10.0 * money) - lower)
