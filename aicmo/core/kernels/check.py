"""Whether a row can be solved at all.

The reasons are found and named outside, where there is time for words.
"""

import math

import numpy as np

from aicmo.core.kernels.arrange import Problem
from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.types import Floats

TOUCH = 1e-12


@part
def sound(problem: Problem, exact: int) -> bool:
    """All amounts are numbers and every row has a plan within its limits."""
    if not (_numbers(problem.lower) and _numbers(problem.upper)):
        return False
    for r in range(problem.budget.size):
        if not (0.0 <= problem.budget[r] < math.inf and _feasible(problem, r, exact)):
            return False
    return True


@part
def _feasible(problem: Problem, r: int, exact: int) -> bool:
    nodes = problem.parent.size
    least, most = np.zeros(nodes), np.zeros(nodes)
    ql, qu = r if problem.lower.shape[0] > 1 else 0, r if problem.upper.shape[0] > 1 else 0
    for c in range(problem.kind.size):
        low, high, m = problem.lower[ql, c], problem.upper[qu, c], problem.home[c]
        if low > high or low == math.inf:
            return False
        least[m] += low
        most[m] += high
    qn = r if problem.node_lower.shape[0] > 1 else 0
    for m in range(nodes):
        least[m], most[m] = max(least[m], problem.node_lower[qn, m]), min(most[m], problem.node_upper[qn, m])
        if least[m] > most[m] + TOUCH * abs(least[m]):
            return False
        if m < nodes - 1:
            least[problem.parent[m]] += least[m]
            most[problem.parent[m]] += most[m]
    budget, touch = problem.budget[r], TOUCH * problem.budget[r]
    return least[nodes - 1] <= budget + touch and (not exact or most[nodes - 1] >= budget - touch)


@inner
def _numbers(amounts: Floats) -> bool:
    for r in range(amounts.shape[0]):
        for c in range(amounts.shape[1]):
            if not amounts[r, c] >= 0.0:
                return False
    return True
