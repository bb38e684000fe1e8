"""Memories and rules: equal to slow references, rows independent, exact distributions of draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from aicmo.core.bandits.bandit import Bandit
from aicmo.core.bandits.conservative import Conservative
from aicmo.core.bandits.delayed import DelayedUCB, Maturing
from aicmo.core.bandits.evidence import Counting, Evidence, SlidingWindow
from aicmo.core.bandits.exp3 import Exp3
from aicmo.core.bandits.greedy import Exploring, Greedy
from aicmo.core.bandits.restart import Restarting
from aicmo.core.bandits.thompson import BetaThompson, GammaThompson, GaussianThompson
from aicmo.core.bandits.ucb import KLUCB, UCB1
from aicmo.core.kernels.gamma import beta_draws, gamma_draw, gamma_draws
from aicmo.core.kernels.indices import kl_upper
from aicmo.core.kernels.restart import likelihood_ratio, mark
from aicmo.core.kernels.stream import seeded
from aicmo.core.noise import Draws
from tests.reference import bandit_indices as reference

N, A = 23, 5
EXP3 = Exp3(0.2)
BANDITS: dict[str, Bandit[Any]] = {
    "beta": Bandit(BetaThompson(), Counting()),
    "beta discounted": Bandit(BetaThompson(), Counting(0.9)),
    "gaussian": Bandit(GaussianThompson(sd=0.5), Counting()),
    "gamma": Bandit(GammaThompson(), Counting()),
    "ucb1 window": Bandit(UCB1(), SlidingWindow(7)),
    "klucb": Bandit(KLUCB(c=3.0), Counting()),
    "klucb window": Bandit(KLUCB(), SlidingWindow(7)),
    "greedy": Bandit(Greedy(), Counting()),
    "epsilon-greedy": Bandit(Exploring(Greedy(), 0.3), Counting()),
    "glr": Bandit(Exploring(KLUCB(), 0.1), Restarting()),
    "conservative": Bandit(Conservative(KLUCB()), Counting()),
    "exp3": Bandit(EXP3, EXP3),
    "delayed": Bandit(DelayedUCB(), Maturing((0.2, 0.5, 0.9))),
}


def rewards_of(
    bandit: Bandit[Any], arms: NDArray[np.int64], uniforms: NDArray[np.float64]
) -> NDArray[np.float64]:
    won = (uniforms < 0.2 + 0.1 * arms).astype(float)
    return np.eye(A)[arms] * won[:, None] if isinstance(bandit.memory, Maturing) else won


def run(bandit: Bandit[Any], rows: NDArray[np.int64], steps: int) -> tuple[list[NDArray[np.int64]], Any]:
    """Play some rows of a batch, each with its own luck."""
    draws, evidence, history = Draws(1, "test", [int(r) for r in rows]), bandit.init(rows.size, A), []
    for step in range(steps):
        now = draws.at(step)
        arms = bandit.choose(evidence, now.uniform("choice", (rows.size, A)))
        history.append(arms)
        evidence = bandit.update(evidence, arms, rewards_of(bandit, arms, now.uniform("luck", (rows.size,))))
    return history, evidence


@pytest.mark.parametrize("bandit", BANDITS.values(), ids=BANDITS)
def test_rows_are_independent_of_their_batch(bandit: Bandit[Any]) -> None:
    whole, _ = run(bandit, np.arange(N), 60)
    some = np.array([19, 3, 4])
    part, _ = run(bandit, some, 60)
    assert all((x[some] == y).all() for x, y in zip(whole, part, strict=True))
    assert len(np.unique(whole)) == A


@pytest.mark.parametrize("bandit", BANDITS.values(), ids=BANDITS)
def test_evidence_handed_in_is_untouched(bandit: Bandit[Any]) -> None:
    _, evidence = run(bandit, np.arange(N), 12)
    before = {name: np.array(value).copy() for name, value in vars(evidence).items()}
    uniforms = Draws(2, "x", N).uniform("u", (N, A))
    arms = bandit.choose(evidence, uniforms)
    bandit.forget(evidence, np.eye(N, A, dtype=bool))
    bandit.update(evidence, arms, rewards_of(bandit, arms, uniforms[:, 0]))
    assert all((np.array(value) == before[name]).all() for name, value in vars(evidence).items())


@pytest.mark.parametrize("bandit", [b for b in BANDITS.values() if b.rule is not EXP3])
def test_forgotten_arms_are_as_new(bandit: Bandit[Any]) -> None:
    _, evidence = run(bandit, np.arange(N), 40)
    fresh = bandit.forget(evidence, np.ones((N, A), dtype=bool))
    empty = bandit.init(N, A)
    assert (fresh.pulls == 0.0).all()
    assert (fresh.sums == 0.0).all()
    uniforms = Draws(2, "x", N).uniform("u", (N, A))
    assert (bandit.choose(fresh, uniforms) == bandit.choose(empty, uniforms)).all()
    only = np.zeros((N, A), dtype=bool)
    only[:, 2] = True
    part = bandit.forget(evidence, only)
    assert (part.pulls[:, 2] == 0.0).all()
    assert (np.delete(part.pulls, 2, axis=1) == np.delete(evidence.pulls, 2, axis=1)).all()


def history_of(memory: Any, arms: list[int], rewards: list[float]) -> Evidence:
    bandit: Bandit[Any] = Bandit(Greedy(), memory)
    evidence: Evidence = bandit.init(1, A)
    for arm, reward in zip(arms, rewards, strict=True):
        evidence = bandit.update(evidence, np.array([arm]), np.array([reward]))
    return evidence


@given(
    plays=st.lists(st.tuples(st.integers(0, A - 1), st.floats(0.0, 1.0)), max_size=40),
    width=st.integers(1, 12),
    discount=st.floats(0.3, 1.0),
)
@settings(deadline=None)
def test_memories_equal_sums_over_the_history(
    plays: list[tuple[int, float]], width: int, discount: float
) -> None:
    arms, rewards = [arm for arm, _ in plays], [reward for _, reward in plays]
    chosen = np.eye(A)[arms] if arms else np.zeros((0, A))
    ages = np.arange(len(plays))[::-1]
    faded, windowed = discount**ages, (ages < width).astype(float)
    for memory, weights in ((Counting(discount), faded), (SlidingWindow(width), windowed)):
        evidence = history_of(memory, arms, rewards)
        np.testing.assert_allclose(evidence.pulls[0], weights @ chosen, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(
            evidence.sums[0], (weights * np.array(rewards)) @ chosen, rtol=1e-12, atol=1e-15
        )
        assert evidence.time[0] == pytest.approx(weights.sum())


SHAPES = [0.05, 0.7, 1.0, 1.5, 20.0, 3000.0]


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_draws_have_their_distribution(shape: float) -> None:
    uniforms = Draws(3, "gamma", 1).uniform("u", (1, 40_000)).ravel()
    out = np.empty(uniforms.size)
    gamma_draws(out, np.full(out.size, shape), uniforms, np.uint64(1))
    assert stats.kstest(out, stats.gamma(shape).cdf).pvalue > 1e-3
    one_by_one = [gamma_draw(shape, np.uint64(seeded(u, np.uint64(1)))) for u in uniforms[:2000]]
    assert out[:2000].tolist() == one_by_one


@pytest.mark.parametrize(("successes", "failures"), [(1.0, 1.0), (0.5, 0.3), (3.0, 40.0), (500.0, 700.0)])
def test_beta_draws_have_their_distribution(successes: float, failures: float) -> None:
    uniforms = Draws(4, "beta", 1).uniform("u", (1, 40_000)).ravel()
    out = np.empty(uniforms.size)
    beta_draws(out, np.full(out.size, successes), np.full(out.size, failures), uniforms)
    assert stats.kstest(out, stats.beta(successes, failures).cdf).pvalue > 1e-3
    assert abs(np.corrcoef(out[1:], out[:-1])[0, 1]) < 4.0 / np.sqrt(out.size)


def test_thompson_plays_each_arm_as_often_as_it_is_best() -> None:
    rows = 40_000
    evidence = Evidence(np.tile([4.0, 9.0, 0.0], (rows, 1)), np.tile([3.0, 5.0, 0.0], (rows, 1)))
    uniforms = Draws(5, "x", rows).uniform("u", (rows, 3))
    rng = np.random.default_rng(0)
    size = (400_000, 3)
    posteriors = {
        BetaThompson(2.0, 1.0): rng.beta([5.0, 7.0, 2.0], [2.0, 5.0, 1.0], size),
        GammaThompson(2.0, 3.0): rng.gamma([5.0, 7.0, 2.0], 1.0 / np.array([7.0, 12.0, 3.0]), size),
        GaussianThompson(0.3, 2.0, 0.8): rng.normal(
            [3.6 / 6.0, 5.6 / 11.0, 0.3], 0.8 / np.sqrt([6.0, 11.0, 2.0]), size
        ),
    }
    for rule, draws in posteriors.items():
        assert isinstance(rule, BetaThompson | GammaThompson | GaussianThompson)
        mine = np.bincount(rule.choose(evidence, uniforms), minlength=3) / rows
        theirs = np.bincount(draws.argmax(axis=1), minlength=3) / len(draws)
        np.testing.assert_allclose(mine, theirs, atol=4.0 * 0.5 * np.sqrt(1.0 / rows + 1.0 / len(draws)))


@given(p=st.one_of(st.just(0.0), st.floats(1e-9, 1.0)), level=st.one_of(st.just(0.0), st.floats(1e-9, 50.0)))
@settings(deadline=None, max_examples=300)
def test_kl_bound_solves_its_equation(p: float, level: float) -> None:
    assert kl_upper(p, level) == pytest.approx(reference.kl_upper(p, level), rel=1e-7, abs=1e-9)
    assert kl_upper(1e-300, level) == pytest.approx(-np.expm1(-level), rel=1e-12)


def test_bounds_have_their_closed_forms() -> None:
    evidence = Evidence(np.array([[4.0, 12.0, 0.0]]), np.array([[1.0, 9.0, 0.0]]))
    uniforms = np.full((1, 3), 0.5)
    ucb = UCB1(width=2.0, scale=3.0).index(evidence, uniforms)[0]
    expected = [
        0.25 + 3.0 * np.sqrt(2.0 * np.log(16.0) / 4.0),
        0.75 + 3.0 * np.sqrt(2.0 * np.log(16.0) / 12.0),
    ]
    assert ucb.tolist() == pytest.approx([*expected, np.inf])
    level = np.log(16.0) + 3.0 * np.log(np.log(16.0))
    kl = KLUCB(c=3.0).index(evidence, uniforms)[0]
    assert kl[:2] == pytest.approx(
        [reference.kl_upper(0.25, level / 4.0), reference.kl_upper(0.75, level / 12.0)]
    )
    assert kl[2] == np.inf
    assert UCB1().choose(evidence, uniforms).tolist() == [2]


def test_ties_are_broken_evenly() -> None:
    rows = 30_000
    bandit = Bandit(Greedy(), Counting())
    arms = bandit.choose(bandit.init(rows, 3), Draws(6, "x", rows).uniform("u", (rows, 3)))
    assert stats.chisquare(np.bincount(arms)).pvalue > 1e-3


def test_exploring_plays_anything_in_its_share_of_steps() -> None:
    rows = 60_000
    evidence = Evidence(np.ones((rows, 4)), np.tile([0.0, 1.0, 0.0, 0.0], (rows, 1)))
    arms = Exploring(Greedy(), 0.4).choose(evidence, Draws(7, "x", rows).uniform("u", (rows, 4)))
    assert stats.chisquare(np.bincount(arms), rows * np.array([0.1, 0.7, 0.1, 0.1])).pvalue > 1e-3
    assert (Exploring(Greedy(), 0.0).choose(evidence, np.full((rows, 4), 0.5)) == 1).all()


def test_exp3_draws_its_probabilities_and_estimates_gains_without_bias() -> None:
    rows, exp3 = 60_000, Exp3(0.3)
    evidence = Evidence(np.zeros((rows, 3)), np.tile([4.0, 1.0, 0.0], (rows, 1)))
    share = exp3.probabilities(evidence)[0]
    weights = np.exp(0.1 * np.array([4.0, 1.0, 0.0]))
    assert share.tolist() == pytest.approx((0.7 * weights / weights.sum() + 0.1).tolist())
    arms = exp3.choose(evidence, Draws(8, "x", rows).uniform("u", (rows, 3)))
    assert stats.chisquare(np.bincount(arms), rows * share).pvalue > 1e-3
    truth = np.array([0.2, 0.9, 0.5])
    gained = exp3.update(evidence, arms, truth[arms]).sums - evidence.sums
    np.testing.assert_allclose(gained.mean(axis=0), truth, atol=0.02)


@given(rewards=st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=150))
@settings(deadline=None)
def test_likelihood_ratio_equals_every_split_until_marks_are_thinned(rewards: list[float]) -> None:
    marks, used, stride, total = np.zeros(64), 0, 1, 0.0
    for n, reward in enumerate(rewards, start=1):
        total += reward
        used, stride = mark(marks, used, stride, n, total)
        cumulative = np.cumsum(rewards[:n])
        assert (marks[:used] == cumulative[stride - 1 :: stride][:used]).all()
        assert used >= 32 or stride == 1
    mine, exact = likelihood_ratio(marks, used, stride, len(rewards), total), reference.glr(rewards)
    assert mine <= exact + 1e-9
    if stride == 1:
        assert mine == pytest.approx(exact, abs=1e-9)


def test_restarts_are_rare_without_and_sure_with_a_change() -> None:
    rows, memory = 200, Restarting(risk=0.05, whole_row=False)
    bandit: Bandit[Any] = Bandit(Greedy(), memory)
    luck = Draws(9, "luck", rows).uniform("u", (rows, 600))
    arms = np.zeros(rows, np.int64)
    for after, least, most in ((0.4, 0.0, 0.05), (0.7, 0.99, 1.0)):
        evidence = bandit.init(rows, 2)
        for step in range(600):
            rate = 0.4 if step < 300 else after
            evidence = bandit.update(evidence, arms, (luck[:, step] < rate).astype(float))
        assert least <= np.mean(evidence.restarts > 0) <= most
        assert (evidence.pulls[:, 1] == 0.0).all()


def test_conservative_never_falls_far_below_the_default() -> None:
    rows, rates = 300, np.array([0.5, 0.1, 0.1, 0.8])
    draws, every = Draws(10, "x", rows), np.arange(rows)
    worst = {}
    for name, rule in (("conservative", Conservative(UCB1(), loss=0.1, risk=0.05)), ("plain", UCB1())):
        bandit: Bandit[Any] = Bandit(rule, Counting())
        evidence, earned, ratio = bandit.init(rows, 4), np.zeros(rows), np.full(rows, np.inf)
        for step in range(1500):
            arms = bandit.choose(evidence, draws.at(step).uniform("choice", (rows, 4)))
            earned += rates[arms]
            ratio = np.minimum(ratio, earned / (0.5 * (step + 1)))
            luck = draws.at(step).uniform("luck", (rows,))
            evidence = bandit.update(evidence, arms, (luck < rates[arms]).astype(float))
        worst[name] = ratio
        assert (evidence.pulls[every, 3] > 0.0).all()
    assert np.mean(worst["conservative"] >= 0.9) >= 0.95
    assert np.mean(worst["plain"] >= 0.9) < 0.05


def test_maturing_counts_tries_by_what_can_have_arrived() -> None:
    ripeness = (0.1, 0.4, 0.4, 0.8)
    rule = DelayedUCB(width=2.0)
    bandit: Bandit[Any] = Bandit(rule, Maturing(ripeness))
    evidence, arms = bandit.init(1, 2), [0, 1, 1, 0, 0, 1, 0]
    for arm in arms:
        evidence = bandit.update(evidence, np.array([arm]), np.zeros((1, 2)))
    share = [1.0, 1.0, 1.0, 0.8, 0.4, 0.4, 0.1]  # ages 6 … 0
    expected = [sum(w for w, a in zip(share, arms, strict=True) if a == arm) for arm in (0, 1)]
    assert evidence.pulls[0].tolist() == pytest.approx(expected)
    assert evidence.tries[0].tolist() == [4.0, 3.0]
    index = rule.index(evidence, np.full((1, 2), 0.5))[0]
    assert index[0] == pytest.approx(np.sqrt(4.0 / expected[0]) * np.sqrt(2.0 * np.log(7.0) / expected[0]))


def test_delayed_rates_are_unbiased_while_counting_at_once_is_not() -> None:
    rows, steps, rate = 4000, 30, 0.4
    chance = Draws(11, "x", rows).uniform("u", (rows, steps, 2))
    delay = np.floor(np.log(chance[:, :, 1]) / np.log(0.9)).astype(int)  # P(delay ≤ d) = 1 − 0.9^(d+1)
    bandit: Bandit[Any] = Bandit(KLUCB(), Maturing(tuple(1.0 - 0.9 ** np.arange(1, 200))))
    evidence, arms = bandit.init(rows, 1), np.zeros(rows, np.int64)
    for step in range(steps):
        due = (chance[:, : step + 1, 0] < rate) & (np.arange(step + 1) + delay[:, : step + 1] == step)
        evidence = bandit.update(evidence, arms, due.sum(axis=1, keepdims=True).astype(float))
    assert evidence.means(0.0).mean() == pytest.approx(rate, abs=4.0 * 0.5 / np.sqrt(rows * 20))
    assert (evidence.sums / evidence.tries).mean() < 0.75 * rate


def test_what_cannot_be_is_refused() -> None:
    bandit = Bandit(Greedy(), Counting())
    evidence = bandit.init(2, 3)
    with pytest.raises(ValueError, match=r"uniforms must be \(2, 3\) = \(N, A\), got \(3, 2\)"):
        bandit.choose(evidence, np.zeros((3, 2)))
    with pytest.raises(ValueError, match="arms must be 2 = N numbers from 0 to 2, got shape"):
        bandit.update(evidence, np.array([0, 3]), np.zeros(2))
    with pytest.raises(ValueError, match="rewards in"):
        Restarting().update(Restarting().init(1, 1), np.array([0]), np.array([2.0]))
    with pytest.raises(ValueError, match="credits of a step must be"):
        Maturing((0.5,)).update(Maturing((0.5,)).init(1, 2), np.array([0]), np.array([1.0]))
    for make in (
        lambda: Counting(0.0),
        lambda: SlidingWindow(0),
        lambda: Exploring(Greedy(), 1.1),
        lambda: Restarting(marks=3),
        lambda: Conservative(Greedy(), loss=1.0),
        lambda: Maturing((0.5, 0.4)),
        lambda: Exp3(0.0),
        lambda: BetaThompson(0.0),
        lambda: GaussianThompson(sd=0.0),
        lambda: GammaThompson(rate=0.0),
        lambda: bandit.init(2, 0),
    ):
        with pytest.raises(ValueError, match="got"):
            make()
