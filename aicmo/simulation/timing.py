"""When in the day a team spends: what is in force, and what is seen of it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.market.creative import counted
from aicmo.market.dayparts import Dayparts, work
from aicmo.messages import Hours
from aicmo.simulation.rotation import Reel
from aicmo.simulation.world import World

REPORT_DAYS = 28.0
"""How far back reports by hour reach."""


class Timing:
    """The timing of one team in one block of worlds; even until somebody decides.

    Parameters
    ----------
    tick : int
        The first of the run.

    Attributes
    ----------
    now : (R, C, D) [1]
        In force.
    """

    def __init__(self, world: World, dayparts: Dayparts, tick: int) -> None:
        self._world, self._dayparts, self._next = world, dayparts, tick
        self.now = np.ones(dayparts.effect.shape)
        length = max(round(REPORT_DAYS / world.brief.tick_days), 1)
        self._timing, self._credit = (Reel(length, self.now.shape) for _ in range(2))
        self._rows = 0

    def record(self, volume: Float[np.ndarray, "R C"]) -> None:
        """Record a tick that brought so many orders: who won them, with the luck of counting."""
        world, shares = self._world, work(self._dayparts, self.now)
        shares /= shares.sum(axis=2, keepdims=True)
        if (world.market.dispersion > 0).any():
            names = [f"{name}/{part}" for name in world.brief.campaigns for part in range(shares.shape[2])]
            z = world.tape.normal("daypart orders", names, range(self._next, self._next + 1))
            z = z.reshape(1, *shares.shape)
            shares = counted(volume[None], shares[None], world.market.dispersion, z)[0]
        self._timing.append(self.now)
        self._credit.append(shares)
        self._next += 1

    def report(self, delivered: int) -> Hours:
        """Tell what is seen of the hours before tick `delivered`."""
        timing, credit = self._timing.last(), self._credit.last()
        first = self._next - len(timing)
        known = max(delivered - first, 0)
        return Hours(np.arange(first, first + len(timing))[:known], timing[:known], credit[:known])
