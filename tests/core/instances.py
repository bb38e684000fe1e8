"""Random problems that the tests of the allocator share."""

import numpy as np
from numpy.typing import NDArray

from aicmo.core.curves import Curves

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
