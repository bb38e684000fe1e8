"""Drift of effectiveness: slow movement and change points, mean one (model.md 11)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri

from aicmo.core.noise import Tape, ornstein_uhlenbeck
from aicmo.market.demand import DAYS_PER_YEAR
from aicmo.market.timeline import Timeline
from aicmo.scenario.market import Drift


def drift_factor(
    drift: Drift, volatility: Float[np.ndarray, "R 1"], names: Sequence[str], line: Timeline, tape: Tape
) -> Float[np.ndarray, "T R C"]:
    """Effectiveness g = exp(X − v/2 + J): an Ornstein–Uhlenbeck process of variance v, and jumps J.

    Parameters
    ----------
    volatility : (R, 1)
        √v of each world.

    Returns
    -------
    (T, R, C) [1]
    """
    walk = ornstein_uhlenbeck(
        tape.normal("drift", names, line.span), volatility, drift.half_life / line.minutes
    )
    walk -= 0.5 * volatility**2
    if drift.jumps_per_year > 0 and drift.jump_size > 0:
        walk += np.cumsum(_jumps(drift, names, line, tape), axis=0)
    factor: np.ndarray = np.exp(walk, out=walk)
    return factor


def _jumps(drift: Drift, names: Sequence[str], line: Timeline, tape: Tape) -> Float[np.ndarray, "T R C"]:
    """Log jumps N(−s²/2, s²), at most one a tick, at the rate of a Poisson process.

    One uniform decides both: below the probability p of a jump, it is uniform again over p, and gives the
    size.
    """
    chance = -np.expm1(-drift.jumps_per_year * line.days / DAYS_PER_YEAR)
    luck = tape.uniform("change points", names, line.span)
    jumped = luck < chance
    sizes = np.zeros(luck.shape)
    sizes[jumped] = drift.jump_size * ndtri(luck[jumped] / chance) - 0.5 * drift.jump_size**2
    return sizes
