"""Dayparts: money works better at some hours of the day than at others (own form)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.core.noise import Tape
from aicmo.scenario.market import Market as Truth


@dataclass(frozen=True)
class Dayparts:
    """How the effect of money varies over the parts of a day.

    Attributes
    ----------
    effect : (R, C, D) [1]
        Of money spread evenly, mean one over the parts: an even day is neither better nor worse than a day
        without the mechanism.
    exponent : float [1]
        η: t times the money in a part works t^η times as much there, since fewer and dearer places are left.
    """

    effect: Float[np.ndarray, "R C D"]
    exponent: float


def dayparts_of(truth: Truth, channel: np.ndarray, tape: Tape) -> Dayparts | None:
    """Read the scenario and draw what differs between worlds; none where all hours are alike."""
    stated = truth.dayparts
    if stated is None:
        return None
    parts = len(stated.names)
    known = np.array([k.dayparts or (1.0,) * parts for k in truth.channels])
    names = [f"{k.name}/{part}" for k in truth.channels for part in stated.names]
    z = tape.constant_normal("dayparts", names).reshape(-1, *known.shape)
    differ = np.array([bool(k.dayparts) for k in truth.channels])[:, None] * stated.spread
    drawn = known * np.exp(differ * z)
    effect = drawn / drawn.mean(axis=2, keepdims=True)
    return Dayparts(effect[:, channel], 1.0 - stated.crowding)


def work(dayparts: Dayparts, timing: Float[np.ndarray, "R C D"]) -> Float[np.ndarray, "R C D"]:
    """Return what money brings in each part, e · t^η over their number; an even day adds up to one [1].

    Parameters
    ----------
    timing : (R, C, D) [1]
        Shares of a day's money over an even share, mean one.
    """
    done: np.ndarray = dayparts.effect * timing**dayparts.exponent / timing.shape[2]
    return done
