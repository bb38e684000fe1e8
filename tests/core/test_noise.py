"""Keyed draws: published words, equality with NumPy's Philox, and independence of everything but the name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from aicmo.core.kernels.normal import inverse_normal, inverse_normal_in_place
from aicmo.core.kernels.philox import open_uniform, philox
from aicmo.core.noise import Draws, Tape
from tests.reference import keyed_draws as reference

# Random123 1.14, tests/kat_vectors, "philox4x64 10": counter, key, words.
KNOWN_ANSWERS = [
    (
        "0 0 0 0",
        "0 0",
        "16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b",
    ),
    (
        "ffffffffffffffff ffffffffffffffff ffffffffffffffff ffffffffffffffff",
        "ffffffffffffffff ffffffffffffffff",
        "87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0",
    ),
    (
        "243f6a8885a308d3 13198a2e03707344 a4093822299f31d0 082efa98ec4e6c89",
        "452821e638d01377 be5466cf34e90c6c",
        "a528f45403e61d95 38c72dbd566e9788 a5a1610e72fd18b5 57bd43b5e52b7fe6",
    ),
]
NAMES = ["search", "video", "über-TV", ""]


def words(text: str) -> list[np.uint64]:
    return [np.uint64(int(word, 16)) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_words(counter: str, key: str, answer: str) -> None:
    assert list(philox(*words(counter), *words(key))) == words(answer)


@given(
    counter=st.lists(st.integers(0, 2**64 - 1), min_size=4, max_size=4),
    key=st.tuples(*[st.integers(0, 2**64 - 1)] * 2),
)
@settings(deadline=None)
def test_philox_equals_numpy(counter: list[int], key: tuple[int, int]) -> None:
    mine = philox(*(np.uint64(word) for word in counter), *(np.uint64(word) for word in key))
    assert [int(word) for word in mine] == reference.block(list(key), counter)


def test_uniforms_are_inside_the_open_interval_and_symmetric() -> None:
    lowest, highest = open_uniform(np.uint64(0)), open_uniform(np.uint64(2**64 - 1))
    assert lowest == 2.0**-53
    assert highest == 1.0 - 2.0**-53
    word = np.uint64(0x0123456789ABCDEF)
    assert open_uniform(word) + open_uniform(~word) == 1.0


def test_normals_equal_scipy() -> None:
    powers = 2.0 ** -np.arange(1, 54)
    u = np.concatenate(
        [np.linspace(0.0, 1.0, 40_001)[1:-1], powers, 1.0 - powers, 0.5 + np.linspace(-1e-9, 1e-9, 101)]
    )
    expected, mine = ndtri(u), u.copy()
    inverse_normal_in_place(mine)
    np.testing.assert_allclose(mine, expected, rtol=1e-14, atol=0.0)
    assert [inverse_normal(value) for value in u] == mine.tolist()


def test_tape_equals_one_draw_at_a_time() -> None:
    tape = Tape(seed=2**70 + 3, replications=[4, 0, 2**40])
    ticks = range(-6, 7)
    mine = tape.uniform("drift", NAMES, ticks)
    expected = [
        [[reference.tape_uniform(2**70 + 3, "drift", r, name, t) for name in NAMES] for r in (4, 0, 2**40)]
        for t in ticks
    ]
    assert mine.tolist() == expected
    constants = tape.constant_uniform("drift", NAMES).tolist()
    assert constants == [
        [reference.constant_uniform(2**70 + 3, "drift", r, n) for n in NAMES] for r in (4, 0, 2**40)
    ]


@given(
    start=st.integers(-400, 400),
    length=st.integers(0, 12),
    step=st.sampled_from([1, 2, 3, 7]),
    rows=st.lists(st.integers(0, 9), max_size=5),
    names=st.lists(st.sampled_from(NAMES), max_size=5),
)
@settings(deadline=None)
def test_any_part_of_a_tape_has_the_bits_of_the_whole(
    start: int, length: int, step: int, rows: list[int], names: list[str]
) -> None:
    ticks = range(start, start + length * step, step)
    whole = Tape(3, 10).normal("demand", NAMES, range(start, start + length * step + 1))
    part = Tape(3, 10).take(rows).normal("demand", names, ticks)
    expected = whole[::step][:length][:, rows][:, :, [NAMES.index(name) for name in names]]
    assert part.tobytes() == expected.tobytes()
    assert part.shape == (length, len(rows), len(names))


def test_normal_is_the_quantile_of_the_uniform_of_the_same_name() -> None:
    tape, draws = Tape(5, 6), Draws(5, "budget/greedy", 6)
    uniforms, normals = tape.constant_uniform("born", NAMES), tape.constant_normal("born", NAMES)
    np.testing.assert_allclose(normals, ndtri(uniforms), rtol=1e-14)
    np.testing.assert_allclose(draws.normal("x", (6, 3)), ndtri(draws.uniform("x", (6, 3))), rtol=1e-14)


def test_names_keep_draws_apart() -> None:
    ticks = range(4096)
    tape = Tape(1, 1)
    series = {
        "a": tape.normal("a", ["x"], ticks),
        "purpose": tape.normal("b", ["x"], ticks),
        "entity": tape.normal("a", ["y"], ticks),
        "seed": Tape(2, 1).normal("a", ["x"], ticks),
        "replication": Tape(1, [1]).normal("a", ["x"], ticks),
        "fork": tape.fork(-1).normal("a", ["x"], ticks),
    }
    correlation = np.corrcoef([values.ravel() for values in series.values()])
    # 15 pairs of 4096 independent normals: |r| stays below 4.5/√4096 but for 1e-4 of seeds
    assert np.abs(correlation[~np.eye(len(series), dtype=bool)]).max() < 4.5 / np.sqrt(4096)


def test_draws_are_uniform_normal_and_uncorrelated_in_every_direction() -> None:
    uniforms = Tape(11, 64).uniform("luck", [f"c{i}" for i in range(32)], range(64))
    assert stats.kstest(uniforms.ravel(), "uniform").pvalue > 1e-3
    z = Tape(11, 64).normal("luck", [f"c{i}" for i in range(32)], range(64))
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-3
    for axis in range(3):
        before, after = np.delete(z, -1, axis), np.delete(z, 0, axis)
        assert abs(np.mean(before * after)) < 4.5 / np.sqrt(before.size)


def test_fork_is_equal_up_to_the_tick_and_other_beyond() -> None:
    tape, ticks = Tape(1, 3), range(-5, 20)
    whole = tape.normal("x", NAMES, ticks)
    fork = tape.fork(7)
    forked = fork.normal("x", NAMES, ticks)
    assert (forked[:13] == whole[:13]).all()
    assert (forked[13:] != whole[13:]).all()
    assert (fork.constant_normal("x", NAMES) == tape.constant_normal("x", NAMES)).all()
    twice = fork.fork(3).normal("x", NAMES, ticks)
    assert (twice[:9] == whole[:9]).all()
    assert (twice[9:13] != whole[9:13]).all()
    assert (twice[13:] != forked[13:]).all()
    assert (fork.fork(7).normal("x", NAMES, ticks)[13:] != forked[13:]).all()


def test_policy_draws_equal_one_draw_at_a_time() -> None:
    draws = Draws(9, "budget/thompson", [3, 1], salt="copy").at(-2)
    mine = draws("amplitude", (2, 2, 3)).reshape(2, 6)
    expected = [
        [reference.policy_uniform(9, "budget/thompson", "copy", "amplitude", r, -2, p) for p in range(6)]
        for r in (3, 1)
    ]
    assert mine.tolist() == expected


@pytest.mark.parametrize(
    "other",
    [
        Draws(2, "budget/a", 500).at(1),
        Draws(1, "budget/b", 500).at(1),
        Draws(1, "budget/a", 500, salt="copy").at(1),
        Draws(1, "budget/a", 500).at(2),
        Draws(1, "budget/a", 500),
        Draws(1, "budget/a", range(500, 1000)).at(1),
    ],
    ids=["seed", "key", "salt", "tick", "unbound", "replications"],
)
def test_policy_draws_of_other_keys_are_independent(other: Draws) -> None:
    one = Draws(1, "budget/a", 500).at(1).normal("x", (500, 4))
    assert abs(np.mean(one * other.normal("x", (500, 4)))) < 4.5 / np.sqrt(2000)


def test_first_rows_of_a_larger_run_are_the_smaller_run() -> None:
    large, small = Draws(1, "k", 64).at(5), Draws(1, "k", 8).at(5)
    assert (large.normal("x", (64, 7))[:8] == small.normal("x", (8, 7))).all()
    assert (large.take(slice(8, 10)).normal("x", (2, 7)) == large.normal("x", (64, 7))[8:10]).all()
    assert (large.uniform("x", (64,)) == large.uniform("x", (64, 7))[:, 0]).all()


def test_errors_name_the_shape_and_the_ids() -> None:
    with pytest.raises(
        ValueError, match=r"'amplitude' needs one row per replication, shape \(4, …\), got \(3, 4\)"
    ):
        Draws(1, "k", 4).normal("amplitude", (3, 4))
    with pytest.raises(ValueError, match="lowest id -1"):
        Tape(1, [0, -1])
    with pytest.raises(ValueError, match="got seed -1"):
        Draws(-1, "k", 2)
