"""Shapes shared in a group: thin rows borrow, rich ones keep their own."""

import numpy as np
import pytest

from aicmo.core.sharing import shared

G = 4
RICH = np.array([0.001, 0.001, 0.001, 0.997])
OTHERS = np.array([0.97, 0.01, 0.01, 0.01])
THIN = np.full(G, 0.25)


def _weights() -> np.ndarray:
    return np.stack([*[OTHERS] * 12, RICH, THIN])[None]


def test_a_thin_campaign_takes_the_shape_of_its_group_and_a_rich_one_keeps_its_own() -> None:
    pooled = shared(_weights(), np.zeros(14, dtype=np.int64), strength=2.0)[0]
    assert pooled[13, 0] > 0.6
    assert pooled[12, 3] > 0.95


def test_groups_do_not_hear_each_other() -> None:
    group = np.array([0] * 12 + [1, 1])
    pooled = shared(_weights(), group, strength=2.0)[0]
    assert pooled[13, 3] > pooled[13, 0]


def test_an_infinite_prior_leaves_everybody_alone() -> None:
    np.testing.assert_allclose(shared(_weights(), np.zeros(14, dtype=np.int64), np.inf), _weights())


def test_a_row_is_the_same_alone() -> None:
    rng = np.random.default_rng(1)
    weight = rng.dirichlet(np.ones(G), size=(3, 14))
    group = rng.integers(0, 3, 14)
    assert shared(weight, group, 5.0)[1:2].tobytes() == shared(weight[1:2], group, 5.0).tobytes()


def test_a_strength_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="strength must be > 0, got 0"):
        shared(_weights(), np.zeros(14, dtype=np.int64), 0.0)
