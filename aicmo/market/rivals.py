"""Rivals: competition for attention and for media (model.md 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Tape, ornstein_uhlenbeck
from aicmo.market.demand import DAYS_PER_YEAR
from aicmo.market.events import rival_events
from aicmo.market.timeline import Timeline
from aicmo.scenario.market import Market as Truth
from aicmo.scenario.mechanisms import Rivals as Competition
from aicmo.scenario.priors import Priors

CHEAPEST = 0.2  # rivals never take more than four fifths of what money buys


@dataclass(frozen=True)
class Rivals:
    """How far rivals reach.

    Attributes
    ----------
    share : (K,) [1]
        χ < 1, share of a channel's pressure that rivals can cover.
    """

    share: Float[np.ndarray, "K"]


def rivals_of(truth: Truth) -> Rivals | None:
    """Read the scenario; none without competition or where no channel feels it in attention."""
    share = np.array([k.rivalry for k in truth.channels])
    return Rivals(share) if competes(truth) and share.any() else None


def competes(truth: Truth) -> bool:
    """Whether rivals ever move."""
    return truth.rivals is not None or any(event.rivals != 1 for event in truth.events)


def rival_index(
    truth: Truth, line: Timeline, priors: Priors, replications: int
) -> Float[np.ndarray, "T R S"]:
    """Attention that rivals buy in each segment: mean one, then scheduled events such as an entry.

    Returns
    -------
    (T, R, S) [1]
    """
    names = [segment.name for segment in truth.segments]
    index = np.repeat(rival_events(truth.events, names, line)[:, None], replications, axis=1)
    rivals, lively = truth.rivals, priors.factor("rivals")
    if rivals is not None and rivals.volatility > 0:
        z, sd = priors.tape.normal("rivals", names, line.span), rivals.volatility * lively
        walk = ornstein_uhlenbeck(z, sd, rivals.half_life / line.minutes)
        index *= np.exp(walk - 0.5 * sd**2)
    if rivals is not None and rivals.bursts_per_year > 0:
        index *= _bursts(rivals, rivals.bursts_per_year * lively, names, line, priors.tape)
    return index


def _bursts(
    rivals: Competition, per_year: Float[np.ndarray, "R 1"], names: list[str], line: Timeline, tape: Tape
) -> Float[np.ndarray, "T R S"]:
    """Bursts that start as a Poisson process and last; divided by their mean, so that they make no trend."""
    length = max(1, round(rivals.burst_length / line.minutes))
    chance: Float[np.ndarray, "R 1"] = -np.expm1(-per_year * line.days / DAYS_PER_YEAR)
    # bursts that began before the history still last into it
    early = range(line.span.start - length + 1, line.span.stop)
    began = tape.uniform("rival bursts", names, early) < chance
    starts = np.cumsum(began, axis=0, dtype=np.int64)
    running = starts[length - 1 :].copy()
    running[1:] -= starts[:-length]
    often = -np.expm1(length * np.log1p(-chance))
    extra = rivals.burst_size - 1.0
    factor: np.ndarray = (1.0 + extra * (running > 0)) / (1.0 + extra * often)
    return factor


def rival_price(
    truth: Truth, price: Float[np.ndarray, "T R K"], index: Float[np.ndarray, "T R S"]
) -> Float[np.ndarray, "T R K"]:
    """Media price under competition: money buys 1 − ψ (r − 1) times as much, r the mean over segments.

    Own form. Buying power is linear in r, whose mean is one, so competition that moves is not dearer media.
    """
    pressure = np.array([k.rival_price for k in truth.channels])
    power = np.maximum(1.0 - pressure * (index.mean(axis=2, keepdims=True) - 1.0), CHEAPEST)
    dearer: np.ndarray = price / power
    return dearer


def cover_up(rivals: Rivals, factor: Float[np.ndarray, "R P"], index: Float[np.ndarray, "R S"]) -> None:
    """Divide the factor on pressure of every segment × channel by 1 + χ (r − 1), in place."""
    from aicmo.market.kernels.response import cover  # noqa: PLC0415 - Numba only where rivals are

    cover(factor, rivals.share, index)
