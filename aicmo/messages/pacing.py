"""What is said about pacing: how a decision becomes a day's spend, and what is seen of the hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from aicmo.messages.frozen import Frozen


@dataclass(frozen=True)
class Pace(Frozen):
    """What the pacing seat wants.

    Attributes
    ----------
    factor : (R, C) [1]
        On each decision.
    timing : (R, C, D) [1], optional
        Money of each part of the day over an even share, mean one; None leaves what is in force.
    """

    factor: Float[np.ndarray, "R C"]
    timing: Float[np.ndarray, "R C D"] | None = None


@dataclass(frozen=True)
class Hours(Frozen):
    """What an advertiser sees of the parts of a day.

    Attributes
    ----------
    origin : (W,) [tick]
        The latest origins that have been delivered, oldest first: some weeks.
    timing : (W, R, C, D) [1]
        In force in each.
    credit : (W, R, C, D) [1]
        Share of the orders credited to the campaign that followed spend in each part.
    """

    origin: Int[np.ndarray, "W"]
    timing: Float[np.ndarray, "W R C D"]
    credit: Float[np.ndarray, "W R C D"]
