"""The generalised likelihood ratio test for a change of a success rate, on checkpoints of bounded number."""

from __future__ import annotations

import math

from aicmo.core.kernels.indices import divergence
from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.types import Floats, Ints


@kernel
def mark(marks: Floats, used: int, stride: int, pulls: int, total: float) -> tuple[int, int]:
    """Note the reward so far in `marks` (M,) every `stride` pulls; where full, keep every second."""
    if pulls % stride != 0:
        return used, stride
    if used == marks.size:
        for j in range(used // 2):
            marks[j] = marks[2 * j + 1]
        used, stride = used // 2, 2 * stride
        if pulls % stride != 0:
            return used, stride
    marks[used] = total
    return used + 1, stride


@kernel
def likelihood_ratio(marks: Floats, used: int, stride: int, pulls: int, total: float) -> float:
    """Largest log likelihood ratio, over marked instants, of two success rates against one."""
    overall = total / pulls
    largest = 0.0
    for j in range(used):
        before = (j + 1) * stride
        after = pulls - before
        if after > 0:
            early, late = marks[j] / before, (total - marks[j]) / after
            ratio = before * divergence(early, overall) + after * divergence(late, overall)
            largest = max(largest, ratio)
    return largest


@kernel
def count_and_test(
    pulls: Floats,
    sums: Floats,
    marks: Floats,
    used: Ints,
    stride: Ints,
    restarts: Ints,
    arms: Ints,
    rewards: Floats,
    risk: float,
    whole_row: bool,  # noqa: FBT001 - kernels take no keywords
) -> None:
    """Add a pull a row, in place, and empty the arm, or its row, where the test finds a change."""
    for n in range(arms.size):
        a = arms[n]
        pulls[n, a] += 1.0
        sums[n, a] += rewards[n]
        seen, total = int(pulls[n, a]), sums[n, a]
        ratio = likelihood_ratio(marks[n, a], used[n, a], stride[n, a], seen, total)
        used[n, a], stride[n, a] = mark(marks[n, a], used[n, a], stride[n, a], seen, total)
        # threshold log(3 n √n / δ), Besson & Kaufmann 2019, section 2
        if ratio > math.log(3.0 * seen * math.sqrt(seen) / risk):
            restarts[n] += 1
            for other in range(pulls.shape[1]):
                if whole_row or other == a:
                    pulls[n, other], sums[n, other], used[n, other], stride[n, other] = 0.0, 0.0, 0, 1
