"""What goes to people and comes back: a request for approval, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from aicmo.messages.frozen import Frozen


@dataclass(frozen=True)
class Request(Frozen):
    """A wish that exceeds autonomy.

    Attributes
    ----------
    tick : int
        When it was made.
    rate : (R, C) [currency/day]
        What is asked for: within every guardrail but approval.
    asks : (R,)
        Worlds in which it goes further than the decision that went ahead.
    """

    tick: int
    rate: Float[np.ndarray, "R C"]
    asks: Bool[np.ndarray, "R"]


@dataclass(frozen=True)
class Answer(Frozen):
    """What people said to the request of one world.

    Attributes
    ----------
    world : int
        Row of the batch.
    asked, tick : int
        When it was asked, and when the answer is there.
    rate : (C,) [currency/day]
        What was asked for.
    granted : bool
        Whether it may be done.
    """

    world: int
    asked: int
    tick: int
    rate: Float[np.ndarray, "C"]
    granted: bool
