"""The pace of a period: how much money there is a day, when a plan is made and when it comes into force."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from aicmo.messages import Proposal

NOTHING = 0.05
"""Share of a period's even pace below which nothing is left that a plan could be about."""


class Pace(NamedTuple):
    """What is left of a period for each of its days.

    Attributes
    ----------
    period : int [tick]
        When it opened.
    even : float [currency/day]
        Its budget, spread evenly.
    money : (R,) [currency/day]
        What is left of it, spread over the days that are left.
    """

    period: int
    even: float
    money: Float[np.ndarray, "R"]

    @property
    def enough(self) -> Bool[np.ndarray, "R"]:
        """Whether there is money to plan with."""
        return np.asarray(self.money > NOTHING * self.even)


def at_pace(proposal: Proposal, then: Pace, now: Pace) -> tuple[Proposal, Bool[np.ndarray, "R"]]:
    """Bring a plan that was made at one pace to another.

    Within its period it keeps what it meant to spend beyond the pace of its day; in the next it spends what
    there is. Else a plan of a period's last days, when little was left, would starve the period after it.

    Returns
    -------
    proposal : Proposal
    known : (R,)
        Where it says anything: money was left when it was made, and is left now. Elsewhere what is in force
        stays, and the treasury says how far that goes.
    """
    value = np.asarray(proposal.value, dtype=float)
    total = value.sum(axis=1)
    known = np.asarray((total > 0.0) & then.enough & now.enough)
    before = then.money if then.period == now.period else total
    scale = np.divide(now.money, before, out=np.ones_like(total), where=known)
    return replace(proposal, value=value * scale[:, None]), known
