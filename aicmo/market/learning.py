"""Learning phase: platforms punish large steps of spend (model.md 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.core.carryover import retention
from aicmo.messages import MINUTES_PER_DAY
from aicmo.scenario.market import Channel, LearningPhase

TOLERANCE = math.log(1.2)  # platforms let ±20 % pass (references.md, "learning phase, step habits", weak)
NEGLIGIBLE = 0.01  # ε as a share of κ: below it, a campaign counts as not running


@dataclass(frozen=True)
class Learning:
    """How platforms punish large steps, by campaign.

    Attributes
    ----------
    severity : (C,) [1]
        a, loss per log step; zero where the channel has no learning phase.
    floor : (C,) [1]
        Least effectiveness left.
    kept : (C,) [1]
        Share of the remembered log spend that survives a tick, 2^(−dt/half-life).
    """

    severity: Float[np.ndarray, "C"]
    floor: Float[np.ndarray, "C"]
    kept: Float[np.ndarray, "C"]


def learning_of(channels: tuple[Channel, ...], channel: np.ndarray, dt: float) -> Learning | None:
    """Learning phases by campaign; a channel without one has severity 0, which costs nothing."""
    phases = [k.learning for k in channels]
    if all(phase is None for phase in phases):
        return None
    severity, floor, half_life = np.array([_numbers(phase) for phase in phases])[channel].T
    return Learning(severity=severity, floor=floor, kept=retention(half_life, dt))


def _numbers(phase: LearningPhase | None) -> tuple[float, float, float]:
    return (
        (0.0, 1.0, 0.0) if phase is None else (phase.severity, phase.floor, phase.half_life / MINUTES_PER_DAY)
    )


def memory_of(
    rate: Float[np.ndarray, "R C"], half_saturation: Float[np.ndarray, "R C"]
) -> Float[np.ndarray, "R C"]:
    """Log of spend as a platform sees it, log(rate + ε); ε scales with κ, so the currency does not matter."""
    return np.log(rate + NEGLIGIBLE * half_saturation)


def learn(
    learning: Learning,
    rate: Float[np.ndarray, "R C"],
    half_saturation: Float[np.ndarray, "R C"],
    remembered: Float[np.ndarray, "R C"],
) -> tuple[Float[np.ndarray, "R C"], Float[np.ndarray, "R C"]]:
    """Effectiveness during the learning phase, and what the platform remembers afterwards.

    Own form: factor = max(floor, exp(−a · max(0, |log((spend+ε)/(r+ε))| − log 1.2))), then
    log r += (1 − 2^(−dt/h)) (log(spend+ε) − log r). Small daily steps cannot dodge it, since the reference r
    moves with a half-life; a steady campaign pays nothing.

    Parameters
    ----------
    rate : (R, C) [currency/day]
    remembered : (R, C) [log currency/day]
        log(r + ε), at first `memory_of` nothing.

    Returns
    -------
    factor : (R, C) [1]
    remembered : (R, C) [log currency/day]
    """
    from aicmo.market.kernels.learning import fill_learning  # noqa: PLC0415 - Numba only when the market moves

    factor, after = np.empty(rate.shape), np.empty(rate.shape)
    money = rate + NEGLIGIBLE * half_saturation
    phase = (learning.severity, learning.floor, learning.kept)
    fill_learning(factor, after, money, remembered, *phase, TOLERANCE)
    return factor, after
