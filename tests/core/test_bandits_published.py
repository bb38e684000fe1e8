"""Regret on published problems, small versions of `benchmarks/bandits.py` with its tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from aicmo.core.bandits.bandit import Bandit
from aicmo.core.bandits.evidence import Counting, SlidingWindow
from aicmo.core.bandits.exp3 import Exp3
from aicmo.core.bandits.greedy import Exploring, Greedy
from aicmo.core.bandits.restart import Restarting
from aicmo.core.bandits.thompson import BetaThompson
from aicmo.core.bandits.ucb import KLUCB, UCB1
from benchmarks.bandits import WINDOW, batched_feedback, piecewise, play, short_horizon


def agrees(regret: NDArray[np.float64], published: float, margin: float) -> bool:
    """Tell whether the mean is the published one up to a stated margin and 3.5 standard errors."""
    error = regret.std(ddof=1) / np.sqrt(regret.size)
    return bool(abs(regret.mean() - published) <= margin * published + 3.5 * error)


# published means recomputed with more repetitions than the paper's tables have, each known to about 1 %
@pytest.mark.parametrize(
    ("bandit", "published", "rows"),
    [
        (Bandit(KLUCB(), SlidingWindow(WINDOW)), 178.4, 40),
        (Bandit(KLUCB(), Counting()), 277.5, 120),
        (Bandit(BetaThompson(), Counting()), 493.2, 300),
        (Bandit(BetaThompson(), Counting(0.95)), 424.5, 60),
    ],
    ids=["SW-klUCB", "klUCB", "Thompson", "discounted Thompson"],
)
def test_piecewise_stationary(bandit: Bandit[Any], published: float, rows: int) -> None:
    assert agrees(piecewise(bandit, rows), published, margin=0.01)


def test_restarting_beats_every_fixed_memory_where_rates_jump() -> None:
    restarting = piecewise(Bandit(Exploring(KLUCB(), 0.05), Restarting(risk=0.01)), 20)
    assert restarting.mean() < 0.75 * 175.4


@pytest.mark.parametrize(
    ("bandit", "published"),
    [(UCB1(), 86.8), (Greedy(), 20.4), (BetaThompson(), 23.5)],
    ids=["UCB1", "greedy", "Thompson"],
)
def test_short_horizon(bandit: Any, published: float) -> None:
    assert agrees(short_horizon(Bandit(bandit, Counting()), 2000), published, margin=0.02)


# within a tenth of the published table, whose entries are means of 100 runs
@pytest.mark.parametrize(("batch", "published"), [(1, 9105.0), (100, 11550.0), (1000, 59256.0)])
def test_batched_feedback(batch: int, published: float) -> None:
    assert agrees(batched_feedback(batch, 80, 8000, burn_in=3000), published, margin=0.1)


def test_exp3_keeps_its_bound() -> None:
    steps, exp3 = 2000, Exp3.for_horizon(5, 2000)
    rates = np.array([0.4, 0.5, 0.6, 0.5, 0.4])
    regret = play(Bandit(exp3, exp3), lambda _: rates, 40, steps, seed=3)
    assert regret.mean() <= 2.63 * np.sqrt(5 * np.log(5) * steps)
    assert regret.mean() < 0.6 * 0.12 * steps  # playing at random costs 0.12 a step
