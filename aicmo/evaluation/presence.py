"""What a run leaves in people's minds: the brand at its end, and the share of voice on the way."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.customers import over_segments
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import row_total


def brand_at_end(kernel: Kernel) -> Float[np.ndarray, "R"]:
    """Brand index at the end [1], segments weighed by their organic orders; NaN without a brand."""
    index, weight = kernel.state.brand, kernel.world.market.base_orders
    if index is None or not weight.any():
        return np.full(kernel.brief.replications, np.nan)
    return np.asarray(over_segments(index * weight) / weight.sum())


def excess_voice(kernel: Kernel) -> Float[np.ndarray, "R"]:
    """Mean of v/(v + r) − 1/2 over the horizon, NaN without rivals or spend in the year before [1].

    Own form of excess share of voice (Binet & Field 2007: share of voice − share of market). v is spend over
    that of the year before, r the rivals' index, whose mean is one; a market in which both sides keep up with
    last year is taken as even, since the rivals' sales are not simulated.
    """
    brief, rivals = kernel.brief, kernel.world.weather.rivals
    if rivals is None or not brief.history_ticks:
        return np.full(brief.replications, np.nan)
    before, now = np.split(row_total(kernel.facts.spend), [brief.history_ticks])
    usual = np.add.accumulate(before, axis=0)[-1] / brief.history_ticks
    theirs = row_total(rivals[brief.history_ticks :]) / rivals.shape[2]
    own = np.divide(now, usual, out=np.full(now.shape, np.nan), where=usual > 0)
    return np.asarray(np.add.accumulate(own / (own + theirs), axis=0)[-1] / len(own) - 0.5)
