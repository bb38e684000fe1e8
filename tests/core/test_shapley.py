"""Shapley values: the mean over all orders of joining, and the four laws that single them out."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from aicmo.core.shapley import shapley_values

Floats = NDArray[np.float64]
GAMES = st.integers(0, 5).flatmap(
    lambda players: arrays(float, (1 << players, 3), elements=st.floats(-1e6, 1e6, allow_subnormal=False))
)


def over_orders(worth: Floats) -> Floats:
    """What each player adds, averaged over every order in which players can join."""
    players = len(worth).bit_length() - 1
    orders = list(permutations(range(players)))
    added = np.zeros((players, worth.shape[1]))
    for order in orders:
        coalition = 0
        for player in order:
            added[player] += worth[coalition | 1 << player] - worth[coalition]
            coalition |= 1 << player
    return added / len(orders)


@given(worth=GAMES)
def test_it_is_the_mean_over_all_orders_and_adds_up(worth: Floats) -> None:
    values = shapley_values(worth)
    scale = 1e-12 * (1.0 + np.abs(worth).max())
    np.testing.assert_allclose(values, over_orders(worth), rtol=0, atol=10 * scale)
    np.testing.assert_allclose(values.sum(axis=0), worth[-1] - worth[0], rtol=0, atol=10 * scale)


@given(worth=arrays(float, (8, 2), elements=st.floats(-1e6, 1e6)))
def test_who_adds_the_same_to_all_gets_that_and_nobody_else_anything_of_it(worth: Floats) -> None:
    joined = np.concatenate([worth, worth + 7.0])  # a fourth player who adds 7 to whomever
    np.testing.assert_allclose(shapley_values(joined)[3], 7.0, rtol=0, atol=1e-8)
    np.testing.assert_allclose(shapley_values(joined)[:3], shapley_values(worth), rtol=0, atol=1e-8)


def test_players_who_can_be_exchanged_get_alike_and_games_add() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.normal(size=(2, 8, 4))
    both = shapley_values(2.0 * one + other)
    np.testing.assert_allclose(both, 2.0 * shapley_values(one) + shapley_values(other), atol=1e-12)
    by_size = np.array([[float(coalition.bit_count() ** 2)] for coalition in range(8)])
    np.testing.assert_allclose(shapley_values(by_size), 3.0, atol=1e-12)


def test_a_row_does_not_depend_on_its_company() -> None:
    worth = np.random.default_rng(1).normal(size=(16, 9))
    np.testing.assert_array_equal(shapley_values(worth)[:, 4:6], shapley_values(worth[:, 4:6]))


def test_what_is_no_game_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2ⁿ coalitions, got 3"):
        shapley_values(np.zeros((3, 1)))
