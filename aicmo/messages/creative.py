"""What is said about creatives: what an advertiser sees of its variants, and what the creative seat wants.

Axis letters: R replications, C campaigns, V variants (slots, of which some are empty), W origins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.messages.frozen import Frozen


@dataclass(frozen=True)
class Creatives(Frozen):
    """What an advertiser sees of its variants: nothing of their quality or wear but what shows in results.

    Attributes
    ----------
    live : (R, C, V)
        False where the slot is empty.
    since : (R, C, V) [tick]
        When what is in the slot went live; the first tick of history for what history opened with.
    traffic : (R, C, V) [1]
        Shares of the campaign's traffic in force; each campaign's add up to one.
    ordered : (R, C) [variant]
        How many are in the studio, waiting or in work.
    origin : (W,) [tick]
        The latest origins that have been delivered, oldest first: some weeks.
    served : (W, R, C, V) [1]
        Share of the campaign's spend in each slot.
    credit : (W, R, C, V) [1]
        Share of the orders credited to the campaign that goes to the variant seen last.
    exposures : (W, R, C, V) [1]
        How often an addressed head saw the variant in the tick, as platforms report frequency.
    studio : StudioTerms or None
        None where nothing can be ordered.
    """

    live: Bool[np.ndarray, "R C V"]
    since: Int[np.ndarray, "R C V"]
    traffic: Float[np.ndarray, "R C V"]
    ordered: Int[np.ndarray, "R C"]
    origin: Int[np.ndarray, "W"]
    served: Float[np.ndarray, "W R C V"]
    credit: Float[np.ndarray, "W R C V"]
    exposures: Float[np.ndarray, "W R C V"]
    studio: StudioTerms | None = None


@dataclass(frozen=True)
class StudioTerms:
    """The studio's price list.

    Attributes
    ----------
    capacity : int
        Variants in work at once, over all campaigns.
    lead_days : float [day]
        Median time in work.
    cost : float [currency/variant]
    """

    capacity: int
    lead_days: float
    cost: float


@dataclass(frozen=True)
class Mix(Frozen):
    """What the creative seat wants.

    Attributes
    ----------
    traffic : (R, C, V) [1]
        Shares of the live variants that are not retired, each campaign's adding up to one.
    retire : (R, C, V), optional
        True where a live variant shall go; one of each campaign stays. None: nobody goes.
    order : (R, C) [variant], optional
        How many new ones the studio shall make, at most V each. None: none.
    """

    traffic: Float[np.ndarray, "R C V"]
    retire: Bool[np.ndarray, "R C V"] | None = None
    order: Int[np.ndarray, "R C"] | None = None
