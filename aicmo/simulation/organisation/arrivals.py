"""Requests of other functions: when they come, and how much work they are, by world."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, Int

from aicmo.core.noise import Tape

QUARTER = 13 * 7 * 1440
LONGEST = 20.0
"""Work beyond this multiple of the median counts as it."""


def named(purpose: str, count: int) -> list[str]:
    """Name the first `count` draws of a purpose."""
    return [f"{purpose}#{number}" for number in range(count)]


def arrivals(tape: Tape, purpose: str, per_quarter: float, until: int) -> Int[np.ndarray, "R N"]:
    """Draw a Poisson process on the minutes 0 … `until`, in time order; later ones stand at the end of rows.

    Gaps are exponential, drawn by their number: a longer horizon, or another batch, changes no arrival.
    """
    if per_quarter <= 0.0:
        return np.zeros((len(tape.constant_uniform(purpose, ["none"])), 0), dtype=np.int64)
    expected = per_quarter * until / QUARTER
    count = math.ceil(expected + 8.0 * math.sqrt(expected) + 16.0)
    while True:
        gaps = -np.log(tape.constant_uniform(purpose, named(purpose, count)))
        minutes = np.add.accumulate(gaps, axis=1) * (QUARTER / per_quarter)
        if bool((minutes[:, -1] > until).all()):
            return np.asarray(np.ceil(minutes), dtype=np.int64)
        count *= 2


def sizes(tape: Tape, purpose: str, count: int, median: int, spread: float) -> Int[np.ndarray, "R N"]:
    """Draw how long requests are in work, lognormal [minute]."""
    z: Float[np.ndarray, "R N"] = tape.constant_normal(f"{purpose} size", named(purpose, count))
    factor = np.minimum(np.exp(spread * z), LONGEST)
    return np.asarray(np.ceil(median * factor), dtype=np.int64)
