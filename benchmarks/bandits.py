"""Published bandit experiments, reproduced, and the cost of a decision against a Python loop and MABWiser."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from aicmo.core.bandits.bandit import Bandit
from aicmo.core.bandits.evidence import Counting, SlidingWindow
from aicmo.core.bandits.greedy import Exploring, Greedy
from aicmo.core.bandits.restart import Restarting
from aicmo.core.bandits.thompson import BetaThompson, GaussianThompson
from aicmo.core.bandits.ucb import KLUCB, UCB1
from aicmo.core.noise import Draws

Floats = NDArray[np.float64]
Rates = Callable[[int], Floats]  # step → success rates, (A,) or (N, A)

# SMPyBandits, "non-stationary bandits", problem 1: rates of three arms from one change to the next
PIECES = np.array([[0.3, 0.5, 0.9], [0.3, 0.2, 0.9], [0.3, 0.2, 0.1], [0.7, 0.2, 0.1], [0.7, 0.5, 0.1]])
PIECE = 1000
WINDOW = 206  # 2 √(T log T / 4), their tuning


def play(bandit: Bandit[Any], rates: Rates, rows: int, steps: int, seed: int) -> Floats:
    """Pseudo-regret (N,) of Bernoulli arms after `steps`: the best rate minus the played arm's, summed."""
    draws, every = Draws(seed, "bandit", rows), np.arange(rows)
    arms_count = rates(0).shape[-1]
    evidence, regret = bandit.init(rows, arms_count), np.zeros(rows)
    for step in range(steps):
        now = draws.at(step)
        p = np.broadcast_to(rates(step), (rows, arms_count))
        arms = bandit.choose(evidence, now.uniform("choice", (rows, arms_count)))
        earned = p[every, arms]
        regret += p.max(axis=1) - earned
        evidence = bandit.update(evidence, arms, (now.uniform("reward", (rows,)) < earned).astype(float))
    return regret


def piecewise(bandit: Bandit[Any], rows: int, seed: int = 1) -> Floats:
    """Regret on the piecewise-stationary problem."""
    return play(bandit, lambda step: PIECES[step // PIECE], rows, PIECE * len(PIECES), seed)


def short_horizon(bandit: Bandit[Any], rows: int, seed: int = 1) -> Floats:
    """Regret of ten arms with uniform rates after 500 steps."""
    rates = Draws(seed, "rates", rows).uniform("rates", (rows, 10))
    return play(bandit, lambda _: rates, rows, 500, seed)


def batched_feedback(batch: int, rows: int, steps: int, burn_in: int = 10_000, seed: int = 1) -> Floats:
    """Regret of Thompson sampling per 1e6 steps, told every `batch` steps (Chapelle & Li 2011, table 1).

    Ten items of rates Beta(4, 4); at each step, with probability 1e-3, one of them is replaced. The learner
    hears of the replacement with the batch, as of the results: told at once it would lose 35,000 instead of
    59,000 at batches of 1000.
    """
    bandit, draws, every = Bandit(BetaThompson(), Counting()), Draws(seed, "items", rows), np.arange(rows)
    rates = betaincinv(4.0, 4.0, draws.uniform("first", (rows, 10)))
    evidence, regret = bandit.init(rows, 10), np.zeros(rows)
    untold: list[Callable[[Any], Any]] = []  # what to learn, in the order in which it happened
    for step in range(steps):
        now = draws.at(step)
        chance = now.uniform("world", (rows, 4))
        arms = bandit.choose(evidence, now.uniform("choice", (rows, 10)))
        earned = rates[every, arms]
        regret += (rates.max(axis=1) - earned) * (step >= burn_in)
        rewards = (chance[:, 0] < earned).astype(float)
        untold.append(partial(bandit.update, arms=arms, rewards=rewards))
        replaced = chance[:, 1] < 1e-3
        if replaced.any():
            which = replaced[:, None] & (np.arange(10) == np.floor(chance[:, 2:3] * 10))
            rates = np.where(which, betaincinv(4.0, 4.0, chance[:, 3:]), rates)
            untold.append(partial(bandit.forget, which=which))
        if (step + 1) % batch == 0:
            evidence = reduce(lambda known, event: event(known), untold, evidence)
            untold.clear()
    return regret * (1e6 / (steps - burn_in))


class Pace(NamedTuple):
    """Decisions a second of a bandit, and its work beside moving its memory once.

    Attributes
    ----------
    best, median : float [decisions/s]
        Of the fastest step, which a busy machine does not touch, and of the step in the middle.
    traffic : float
        The fastest step's time over that of copying what a step must read and write.
    """

    best: float
    median: float
    traffic: float


def pace(bandit: Bandit[Any], rows: int = 1000, arms: int = 10, steps: int = 400) -> Pace:
    """Choose and update, draws of the choice included, after steps that compile and warm."""
    draws, rates = Draws(1, "speed", rows), Draws(1, "rates", rows).uniform("rates", (rows, arms))
    evidence, spent, copied = bandit.init(rows, arms), np.empty(steps), np.empty(steps)
    moved = np.empty((3, rows, arms))  # pulls and sums read and written, chance written and read
    for step in range(steps):
        rewards = draws.at(step).uniform("reward", (rows,))
        start = perf_counter()
        chosen = bandit.choose(evidence, draws.at(step).uniform("choice", (rows, arms)))
        middle = perf_counter()
        rewards = (rewards < rates[np.arange(rows), chosen]).astype(float)
        again = perf_counter()
        evidence = bandit.update(evidence, chosen, rewards)
        end = perf_counter()
        moved.copy()
        spent[step], copied[step] = end - again + middle - start, perf_counter() - end
    warm, copy = spent[steps // 4 :], copied[steps // 4 :].min()
    return Pace(rows / warm.min(), rows / np.median(warm), warm.min() / copy)


def python_loop(steps: int = 5000, arms: int = 10) -> float:
    """Thompson decisions a second of one run in plain Python and NumPy."""
    rng = np.random.default_rng(1)
    rates, wins, losses = rng.random(arms), np.ones(arms), np.ones(arms)
    start = perf_counter()
    for _ in range(steps):
        arm = int(np.argmax(rng.beta(wins, losses)))
        won = rng.random() < rates[arm]
        wins[arm] += won
        losses[arm] += not won
    return steps / (perf_counter() - start)


def mabwiser(steps: int = 1000, arms: int = 10) -> float:
    """Thompson decisions a second of MABWiser, one run."""
    from mabwiser.mab import MAB, LearningPolicy  # noqa: PLC0415 - tests of the problems above need no rival

    rng = np.random.default_rng(1)
    rates, names = rng.random(arms), list(range(arms))
    mab = MAB(names, LearningPolicy.ThompsonSampling(), seed=1)
    mab.fit(decisions=names, rewards=[0] * arms)
    start = perf_counter()
    for _ in range(steps):
        arm = mab.predict()
        mab.partial_fit(decisions=[arm], rewards=[int(rng.random() < rates[arm])])
    return steps / (perf_counter() - start)


def _row(name: str, regret: Floats, published: str) -> None:
    error = regret.std(ddof=1) / np.sqrt(regret.size)
    print(f"  {name:<34}{regret.mean():>10.1f} ± {error:<8.1f}{published:>16}")


def main() -> None:
    """Print regret beside the published figures, then decisions a second as ratios."""
    print("Piecewise-stationary Bernoulli, T = 5000" + " " * 24 + "published / recomputed")
    _row("sliding-window KL-UCB", piecewise(Bandit(KLUCB(), SlidingWindow(WINDOW)), 400), "175.4 / 178.4")
    _row("KL-UCB", piecewise(Bandit(KLUCB(), Counting()), 400), "262.9 / 277.5")
    _row("Thompson", piecewise(Bandit(BetaThompson(), Counting()), 400), "445.9 / 493.2")
    _row("discounted Thompson", piecewise(Bandit(BetaThompson(), Counting(0.95)), 400), "424.5")
    restarting = Bandit(Exploring(KLUCB(), 0.05), Restarting(risk=0.01))
    _row("GLR-klUCB, 5 % exploring", piecewise(restarting, 400), "none")
    print("Short horizon, K = 10, T = 500")
    for name, bandit, published in (
        ("UCB1", Bandit(UCB1(), Counting()), "86.8"),
        ("greedy", Bandit(Greedy(), Counting()), "20.4"),
        ("Thompson", Bandit(BetaThompson(), Counting()), "23.5"),
    ):
        _row(name, short_horizon(bandit, 20_000), published)
    print("Batched feedback, Thompson, regret per 1e6 steps")
    for batch, published in ((1, "9,105"), (10, "9,049"), (100, "11,550"), (1000, "59,256")):
        _row(f"every {batch} steps", batched_feedback(batch, 100, 60_000), published)
    print_paces()


def print_paces() -> None:
    """Decisions a second, 10 arms × 1,000 rows, beside targets, memory, a Python loop and MABWiser."""
    loop, theirs = python_loop(), mabwiser()
    print("Decisions a second, 10 arms x 1,000 rows: of the fastest step (of the median step)")
    for name, bandit, target in (
        ("Thompson, Gaussian", Bandit(GaussianThompson(sd=0.5), Counting()), 5e6),
        ("Thompson, Beta", Bandit(BetaThompson(), Counting()), 1.5e6),
        ("UCB1", Bandit(UCB1(), Counting()), None),
        ("KL-UCB", Bandit(KLUCB(), Counting()), None),
    ):
        own, met = pace(bandit), ""
        if target is not None:
            met = f">= {target:.1e} {'met' if own.best >= target else 'missed'}"
        print(
            f"  {name:<19}{own.best:>11,.0f} ({own.median:>10,.0f})  {met:<16}{own.traffic:>6.0f} x memory"
            f"{own.best / loop:>7.0f} x a loop{own.best / theirs:>8.0f} x MABWiser"
        )


if __name__ == "__main__":
    main()
