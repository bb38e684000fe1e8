"""Learning phase: platforms punish large steps of spend (model.md 2)."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float

from aicmo.market.world import Learning

TOLERANCE = math.log(1.2)  # platforms let ±20 % pass (references.md, "learning phase, step habits", weak)
NEGLIGIBLE = 0.01  # ε as a share of κ: below it, a campaign counts as not running


def memory_of(
    rate: Float[np.ndarray, "R C"], half_saturation: Float[np.ndarray, "R C"]
) -> Float[np.ndarray, "R C"]:
    """Log of spend as a platform sees it, log(rate + ε); ε scales with κ, so the currency does not matter."""
    return np.log(rate + NEGLIGIBLE * half_saturation)


def learn(
    learning: Learning, seen: Float[np.ndarray, "R C"], remembered: Float[np.ndarray, "R C"]
) -> tuple[Float[np.ndarray, "R C"], Float[np.ndarray, "R C"]]:
    """Effectiveness during the learning phase, and what the platform remembers afterwards.

    Own form: factor = max(floor, exp(−a · max(0, |log((spend+ε)/(r+ε))| − log 1.2))), then
    log r += (1 − 2^(−dt/h)) (log(spend+ε) − log r). Small daily steps cannot dodge it, since the reference r
    moves with a half-life; a steady campaign pays nothing.

    Parameters
    ----------
    seen, remembered : (R, C) [log currency/day]
        Log of this tick's spend and of the reference r, both from `memory_of`.

    Returns
    -------
    factor : (R, C) [1]
    remembered : (R, C) [log currency/day]
    """
    step = seen - remembered
    excess = np.maximum(np.abs(step) - TOLERANCE, 0.0)
    factor = np.maximum(np.exp(-learning.severity * excess), learning.floor)
    return factor, remembered + (1.0 - learning.kept) * step
