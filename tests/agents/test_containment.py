"""What is no decision is rejected row by row, and what is in force stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aicmo.agents.containment import sound_breadth, sound_mix
from aicmo.messages import Mix

LIVE = np.ones((3, 2, 3), dtype=bool)
LIVE[:, 1, 2] = False
TRAFFIC = LIVE / LIVE.sum(axis=2, keepdims=True)
CURRENT = np.full((3, 2), 0.5)


def in_row_one(array: np.ndarray, value: Any) -> np.ndarray:
    changed = np.array(array, dtype=float)
    changed[1, 1] = value
    return changed


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.5, 0.0, 0.09, 1.001])
def test_a_row_of_breadths_with_one_that_is_none_keeps_what_is_in_force(value: float) -> None:
    taken, (rejection,) = sound_breadth(in_row_one(np.full((3, 2), 0.2), value), CURRENT, 4)
    np.testing.assert_array_equal(taken, [[0.2, 0.2], [0.5, 0.5], [0.2, 0.2]])
    np.testing.assert_array_equal(rejection.moved, [0, 1, 0])
    assert "1 of 3 rows of targeting rejected: breadths lie within 0.1 and 1" in rejection.reason


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.ones((2, 3)), r"must be of shape (3, 2) = (R, C), got (2, 3). Transposed?"),
        (0.5, "must be of shape (3, 2) = (R, C), got ()"),
        ("wide", "no array of real numbers"),
        (None, "no array of real numbers"),
        ([[1], [1, 2]], "no array of numbers"),
        (np.full((3, 2), 1j), "no array of real numbers"),
    ],
)
def test_what_is_no_array_of_breadths_is_rejected_whole(value: Any, said: str) -> None:
    taken, (rejection,) = sound_breadth(value, CURRENT, 4)
    np.testing.assert_array_equal(taken, CURRENT)
    assert rejection.moved.all()
    assert said in rejection.reason


@given(arrays(np.float64, (3, 2), elements=st.floats(0.1, 1.0)))
@settings(max_examples=30, deadline=None)
def test_sound_breadths_are_taken_as_they_are(breadth: np.ndarray) -> None:
    taken, rejections = sound_breadth(breadth, CURRENT, 0)
    np.testing.assert_array_equal(taken, breadth)
    assert rejections == ()


GOOD = Mix(
    np.tile([[0.2, 0.8, 0.0], [0.5, 0.5, 0.0]], (3, 1, 1)),
    np.tile([[False, False, True], [False, False, False]], (3, 1, 1)),
    np.array([[0, 1], [2, 0], [3, 3]]),
)


def test_a_sound_mix_is_taken_as_it_is() -> None:
    taken, rejections = sound_mix(GOOD, LIVE, TRAFFIC, 0)
    assert rejections == ()
    for name in ("traffic", "retire", "order"):
        np.testing.assert_array_equal(getattr(taken, name), getattr(GOOD, name))


RETIRES_ONE = in_row_one(np.zeros(LIVE.shape), [1, 0, 0]) > 0
BAD: dict[str, dict[str, Any]] = {
    "not all": {"traffic": in_row_one(GOOD.traffic, [0.5, 0.4, 0.0])},
    "too much": {"traffic": in_row_one(GOOD.traffic, [0.5, 0.6, 0.0])},
    "a dead slot": {"traffic": in_row_one(GOOD.traffic, [0.0, 0.5, 0.5])},
    "a retired one": {
        "traffic": in_row_one(GOOD.traffic, [0.5, 0.5, 0.0]),
        "retire": RETIRES_ONE,
    },
    "negative": {"traffic": in_row_one(GOOD.traffic, [1.5, -0.5, 0.0])},
    "nothing known": {"traffic": in_row_one(GOOD.traffic, np.nan)},
    "endless": {"traffic": in_row_one(GOOD.traffic, np.inf)},
    "a crowd": {"order": in_row_one(np.zeros((3, 2)), 4)},
    "fewer than none": {"order": in_row_one(np.zeros((3, 2)), -1)},
    "half a variant": {"order": in_row_one(np.zeros((3, 2)), 0.5)},
    "an unknown number": {"order": in_row_one(np.zeros((3, 2)), np.nan)},
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_row_that_is_no_mix_serves_on_and_orders_nothing(name: str) -> None:
    taken, (rejection,) = sound_mix(replace(GOOD, **BAD[name]), LIVE, TRAFFIC, 4)
    np.testing.assert_array_equal(taken.traffic[1], TRAFFIC[1])
    assert taken.retire is not None
    assert taken.order is not None
    assert not taken.retire[1].any()
    assert not taken.order[1].any()
    np.testing.assert_array_equal(rejection.moved, [0, 1, 0])
    np.testing.assert_array_equal(taken.traffic[[0, 2]], GOOD.traffic[[0, 2]])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (TRAFFIC, "the creative seat proposes a Mix, got ndarray"),
        (Mix(TRAFFIC[:, :, :2]), r"shape (3, 2, 3) = (R, C, V), got (3, 2, 2)"),
        (Mix(TRAFFIC, order=np.zeros((2, 3))), r"shape (3, 2) = (R, C), got (2, 3). Transposed?"),
        (Mix(TRAFFIC, retire=np.zeros((3, 2), dtype=bool)), r"shape (3, 2, 3) = (R, C, V), got (3, 2)"),
    ],
)
def test_what_is_no_mix_at_all_is_rejected_whole(value: Any, said: str) -> None:
    taken, (rejection,) = sound_mix(value, LIVE, TRAFFIC, 4)
    np.testing.assert_array_equal(taken.traffic, TRAFFIC)
    assert rejection.moved.all()
    assert said in rejection.reason
