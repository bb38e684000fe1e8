"""People row by row: what retention adds, and who can still be won."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import expm1, log1p
from aicmo.core.kernels.jit import kernel


@kernel
def add_repeat(
    out: NDArray[np.float64],
    lift: NDArray[np.float64],
    effectiveness: NDArray[np.float64],
    saturation: NDArray[np.float64],
    base: NDArray[np.float64],
    retaining: NDArray[np.int64],
    segment: NDArray[np.int64],
) -> None:
    """Write base · (Π(1 + lift · g · H) − 1), shared by its logarithms, to the retaining columns.

    out, lift, effectiveness g and saturation H are (R, C), base is (R, S).
    """
    total = np.empty(base.shape[1])
    for r in range(out.shape[0]):
        total[:] = 0.0
        for c in retaining:
            out[r, c] = log1p(lift[r, c] * effectiveness[r, c] * saturation[r, c])
            total[segment[c]] += out[r, c]
        for s in range(total.size):
            total[s] = base[r, s] * (expm1(total[s]) / total[s] if total[s] > 0.0 else 1.0)
        for c in retaining:
            out[r, c] *= total[segment[c]]


@kernel
def win(
    kept: NDArray[np.float64],
    first: NDArray[np.float64],
    won: NDArray[np.float64],
    volume: NDArray[np.float64],
    organic: NDArray[np.float64],
    prospects: NDArray[np.float64],
    winning: NDArray[np.int64],
    segment: NDArray[np.int64],
) -> None:
    """Write first orders cut to the people there are: campaigns' (R, C), organic and their sum (R, S)."""
    share = np.empty(first.shape[1])
    for r in range(first.shape[0]):
        won[r, :] = organic[r, :]
        for c in winning:
            won[r, segment[c]] += volume[r, c]
        for s in range(first.shape[1]):
            load = won[r, s] / prospects[r, s] if won[r, s] > 0.0 else 0.0
            share[s] = -expm1(-load) / load if load > 0.0 else 1.0
            first[r, s] = organic[r, s] * share[s]
            won[r, s] *= share[s]
        kept[r, :] = volume[r, :]
        for c in winning:
            kept[r, c] *= share[segment[c]]


@kernel
def retain(
    out: NDArray[np.float64],
    churn: NDArray[np.float64],
    cut: NDArray[np.float64],
    saturation: NDArray[np.float64],
    retaining: NDArray[np.int64],
    segment: NDArray[np.int64],
) -> None:
    """Write churn · Π (1 − cut · H) over the retaining campaigns of each segment to out (R, S)."""
    for r in range(out.shape[0]):
        out[r, :] = 1.0
        for c in retaining:
            out[r, segment[c]] *= 1.0 - cut[c] * saturation[r, c]
        for s in range(out.shape[1]):
            out[r, s] *= churn[r, s]


@kernel
def divide(
    values: NDArray[np.float64],
    customers: NDArray[np.float64],
    start: NDArray[np.float64],
    least: float,
    retaining: NDArray[np.int64],
    segment: NDArray[np.int64],
) -> None:
    """Divide the retaining columns of values (R, C) by customers over those at the start (R, S), in place."""
    ratio = np.empty(customers.shape[1])
    for r in range(values.shape[0]):
        for s in range(ratio.size):
            ratio[s] = max(customers[r, s] / (start[r, s] if start[r, s] > 0.0 else 1.0), least)
        for c in retaining:
            values[r, c] /= ratio[segment[c]]


@kernel
def move(
    places: NDArray[np.float64],
    moves: NDArray[np.float64],
    before: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    first: NDArray[np.float64],
    won: NDArray[np.float64],
    organic: NDArray[np.float64],
    hazard: NDArray[np.float64],
    churn: NDArray[np.float64],
    lost_kept: NDArray[np.float64],
    tick_days: float,
) -> None:
    """Write who is where after a tick to places (3, R, S), and who moved in it to moves (5, R, S).

    before and places are prospects, customers and lost; moves are won, driven, lost, saved, customer days;
    first are the prospects at the start, infinite where nobody is counted.
    """
    prospects, customers, lost = before
    for r in range(won.shape[0]):
        for s in range(won.shape[1]):
            gone = customers[r, s] * -expm1(-hazard[r, s])
            back = lost[r, s] * (1.0 - lost_kept[s])
            places[0, r, s] = max(prospects[r, s] - won[r, s], 0.0) + back
            places[1, r, s] = customers[r, s] - gone + won[r, s]
            places[2, r, s] = lost[r, s] + gone - back
            counted = first[r, s] < np.inf
            moves[0, r, s] = won[r, s] if counted else 0.0
            moves[1, r, s] = max(won[r, s] - organic[r, s], 0.0) if counted else 0.0
            moves[2, r, s] = gone
            moves[3, r, s] = customers[r, s] * -expm1(-churn[r, s]) - gone
            moves[4, r, s] = customers[r, s] * tick_days
