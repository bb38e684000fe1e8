"""What guardrails allow: boxes, joint bounds, a total, and what may be waived where they collide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float, Int

from aicmo.messages.frozen import Frozen


@dataclass(frozen=True)
class GroupLimit(Frozen):
    """Bounds on the joint rate of some campaigns: a channel, a segment, an objective."""

    name: str
    members: Int[np.ndarray, "M"]
    lower: Float[np.ndarray, "R"]
    upper: Float[np.ndarray, "R"]


Rank = Literal["never", "commitment", "stop_loss", "step", "dwell", "minimum"]
"""What may be waived when limits collide: the last named first (`minimum`), `never` not at all."""
RANKS: tuple[Rank, ...] = get_args(Rank)


@dataclass(frozen=True)
class Latitude(Frozen):
    """What guardrails allow the seats that move no money.

    Attributes
    ----------
    narrowest, widest : (R, C) [1]
        Breadths that a campaign may address; where they collide the widest holds: reaching fewer people is
        the safer error.
    orders : (R,) [variant]
        Most new variants that may be ordered now; infinite = no limit.
    """

    narrowest: Float[np.ndarray, "R C"]
    widest: Float[np.ndarray, "R C"]
    orders: Float[np.ndarray, "R"]

    @classmethod
    def free(cls, replications: int, campaigns: int) -> Latitude:
        """No limit at all."""
        shape = (replications, campaigns)
        return cls(np.zeros(shape), np.ones(shape), np.full(replications, np.inf))

    def meet(self, other: Latitude) -> Latitude:
        """Return what both allow."""
        widest = np.minimum(self.widest, other.widest)
        narrowest = np.minimum(np.maximum(self.narrowest, other.narrowest), widest)
        return Latitude(narrowest, widest, np.minimum(self.orders, other.orders))


@dataclass(frozen=True)
class Limits(Frozen):
    """What one guardrail allows, or, merged, what all of them allow together.

    Attributes
    ----------
    lower, upper : (R, C) [currency/day]
        Box of every campaign.
    total : (R,) [currency/day]
        Most that all campaigns together may plan; never waived.
    groups : tuple of GroupLimit
        Joint bounds; sets are nested or disjoint (laminar).
    lower_rank, upper_rank : Rank
        Whether the lower (upper) side may be waived where limits collide.
    source : str
        Name of the guardrail, or "all" once merged.
    asks : bool
        Whether what goes beyond may be asked for; people answer.
    withheld : (R,) [currency/day], optional
        Most money that may go to people who are held out of experiments; None = no limit.
    latitude : Latitude, optional
        What is allowed beside money; None = no limit.
    """

    lower: Float[np.ndarray, "R C"]
    upper: Float[np.ndarray, "R C"]
    total: Float[np.ndarray, "R"]
    groups: tuple[GroupLimit, ...] = ()
    lower_rank: Rank = "minimum"
    upper_rank: Rank = "never"
    source: str = "all"
    asks: bool = False
    withheld: Float[np.ndarray, "R"] | None = None
    latitude: Latitude | None = None

    @classmethod
    def none(cls, replications: int, campaigns: int, source: str = "all") -> Limits:
        """No limit at all but that spend is not negative."""
        return cls(
            lower=np.zeros((replications, campaigns)),
            upper=np.full((replications, campaigns), np.inf),
            total=np.full(replications, np.inf),
            source=source,
        )
