"""Experiments as messages: what the experiments seat wishes for, and what a team knows of its experiments.

A holdout keeps a share of each tested segment from seeing some campaigns for a while. E are the slots of a
world, one for each experiment it has begun, in order of start; the axis has the same length in every batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.messages.frozen import Frozen


@dataclass(frozen=True)
class Holdouts(Frozen):
    """Wish of the experiments seat: at most one holdout to begin in each world, now.

    Attributes
    ----------
    tested : (R, C)
        Campaigns that are held out together and read as one: a campaign, a channel × segment, a channel; a
        row without any begins nothing.
    share : (R,) [1]
        f, part of each tested segment's people who are held out; between 0 and 1 exclusive.
    days : (R,) [day]
        D, how long orders are counted.
    wash_out : (R,) [day]
        How long people are held out before counting begins, so that carried-over pressure has gone.
    """

    tested: Bool[np.ndarray, "R C"]
    share: Float[np.ndarray, "R"]
    days: Float[np.ndarray, "R"]
    wash_out: Float[np.ndarray, "R"]

    @classmethod
    def none(cls, replications: int, campaigns: int) -> Holdouts:
        """Begin nothing anywhere."""
        tested = np.zeros((replications, campaigns), dtype=bool)
        return cls(tested, *(np.zeros(replications) for _ in range(3)))


@dataclass(frozen=True)
class Terms:
    """What a team's data stack can measure by holdouts.

    Attributes
    ----------
    capacity : int
        Most experiments that run at once in a world; 0 = none can be run.
    minimum_days : float [day]
        Least time over which orders are counted.
    cost : float [currency]
        What setting one up costs, beside the profit that held-out people do not bring.
    """

    capacity: int = 0
    minimum_days: float = 14.0
    cost: float = 0.0


@dataclass(frozen=True)
class Experiments(Frozen):
    """All experiments of a team so far; slots that are not used yet hold zeros.

    Attributes
    ----------
    terms : Terms
    tested : (R, E, C)
        Campaigns that are held out together.
    share : (R, E) [1]
        f, part of each tested segment that is held out; 0 in an unused slot.
    start, counted, end : (R, E) [tick]
        People are held out in ticks `start … end − 1`, and orders are counted in `counted … end − 1`.
    known : (R, E)
        Whether the readout has arrived; the fields below are zero until then.
    estimate : (R, E) [order/day]
        Incremental orders a day of the tested campaigns, were nobody held out.
    error : (R, E) [order/day]
        Standard error stated with it.
    spend : (R, E) [currency/day]
        Spend on the tested campaigns while orders were counted.
    """

    terms: Terms
    tested: Bool[np.ndarray, "R E C"]
    share: Float[np.ndarray, "R E"]
    start: Int[np.ndarray, "R E"]
    counted: Int[np.ndarray, "R E"]
    end: Int[np.ndarray, "R E"]
    known: Bool[np.ndarray, "R E"]
    estimate: Float[np.ndarray, "R E"]
    error: Float[np.ndarray, "R E"]
    spend: Float[np.ndarray, "R E"]

    @classmethod
    def none(cls, replications: int, campaigns: int, slots: int = 0, terms: Terms = Terms()) -> Experiments:
        """Nothing has been begun."""
        empty = (replications, slots)
        tested = np.zeros((*empty, campaigns), dtype=bool)
        never, nothing = np.zeros(empty, dtype=np.int64), np.zeros(empty)
        return cls(terms, tested, nothing, never, never, never, nothing > 0.0, nothing, nothing, nothing)

    def running(self, tick: int) -> Bool[np.ndarray, "R E"]:
        """Whether people are held out when `tick` opens."""
        return np.asarray((self.share > 0.0) & (self.start <= tick) & (tick < self.end))

    def held_out(self, tick: int) -> Float[np.ndarray, "R C"]:
        """Return the share of its segment from which each campaign is held out when `tick` opens [1]."""
        now = np.where(self.running(tick), self.share, 0.0)
        return np.asarray((self.tested * now[:, :, None]).sum(axis=1))

    def free(self, tick: int) -> Int[np.ndarray, "R"]:
        """Return how many more experiments may begin when `tick` opens."""
        return np.asarray(self.terms.capacity - self.running(tick).sum(axis=1))
