"""A row's bits are its own, also where some rows have S-curves and others, in the same column, have none."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves


@pytest.mark.parametrize("seed", range(40))
def test_neighbours_with_other_shapes_move_no_bit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = (7, 4)
    scale, half, shape = rng.lognormal(0, 1, size), rng.lognormal(3, 1, size), rng.uniform(0.3, 4, size)
    lower = rng.uniform(0, 5, size) * (rng.random(size) < 0.5)
    upper = lower + rng.uniform(0, 60, size) * (rng.random(size) < 0.8)
    money = 0.6 * upper.sum(axis=1) + 0.4 * lower.sum(axis=1)

    def spend(rows: list[int]) -> np.ndarray:
        curves = Curves.hill(scale[rows], half[rows], shape[rows])
        return allocate(curves, money[rows], lower[rows], upper[rows], total="at_most").spend

    together = spend(list(range(7)))
    for rows in ([5], [6, 2], [0, 1, 2]):
        np.testing.assert_array_equal(together[rows], spend(rows))


@pytest.mark.parametrize("seed", range(3))
def test_a_row_that_searches_has_the_bits_of_a_row_alone(seed: int) -> None:
    """Few rows of a batch need branch and bound; they search apart from the rest, and nobody notices."""
    rng = np.random.default_rng(seed)
    R, C = 45, 12
    scale, half = rng.uniform(0.5, 5.0, (2, R, C)), rng.uniform(0.5, 5.0, (R, C))
    shapes, upper, budget = rng.uniform(0.5, 2.0, (R, C)), 3.0 * scale[1], rng.uniform(1.0, 20.0, R)
    together = allocate(Curves.hill(scale[0], half, shapes), budget, 0.0, upper, total="at_most")
    for r in range(R):
        alone = allocate(
            Curves.hill(scale[0, r], half[r], shapes[r]), budget[r], 0.0, upper[r], total="at_most"
        )
        assert np.array_equal(together.spend[r], np.ravel(alone.spend))
        assert together.gap[r] == alone.gap
        assert together.price[r] == alone.price
