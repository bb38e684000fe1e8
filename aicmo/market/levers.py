"""What teams decide beside money: breadth and traffic; and what their data and governance allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class Levers:
    """A team's other seats; left out, the breadth and the traffic in force hold.

    Attributes
    ----------
    breadth : (R, C) [1]
        b, share of the segment that each campaign addresses, .1 … 1.
    traffic : (R, C, V) [1]
        Shares of the live variants, summing to one.
    skill : (R, 1) or float [1]
        z, share of profiles that can be used for targeting: match rate × consent of the team's stack.
    governance : (R, 1) or float [1]
        Share of risky spend that review keeps from happening.
    timing : (R, C, D) [1]
        Money of each part of the day over an even share; left out, the day is even.
    consented : bool
        Whether channels that target profiles address consented ones alone.
    withheld : (R, C) [1]
        m, share of each campaign's effect that people held out of an experiment do not bring.
    """

    breadth: Float[np.ndarray, "R C"] | None = None
    traffic: Float[np.ndarray, "R C V"] | None = None
    skill: Float[np.ndarray, "R 1"] | float = 1.0
    governance: Float[np.ndarray, "R 1"] | float = 0.0
    timing: Float[np.ndarray, "R C D"] | None = None
    consented: bool = False
    withheld: Float[np.ndarray, "R C"] | None = None


NO_LEVERS = Levers()
