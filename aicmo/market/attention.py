"""Attention: the share of a segment that a channel reaches (model.md 8 and measurement)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.market.totals import total_by
from aicmo.market.world import Market


def attention(market: Market, saturation: Float[np.ndarray, "*lead R C"]) -> Float[np.ndarray, "*lead R P"]:
    """Share of a segment that a channel's campaigns reach together, h = 1 − Π (1 − H)^w [1].

    w is a campaign's share of the pair's ceiling. With all w = 1 a campaign split in two halves of half the
    size would count for more than the whole; with shares, splitting changes nothing.

    Returns
    -------
    (..., R, P)
        P = S · K pairs, segment by segment.
    """
    with np.errstate(divide="ignore"):
        missed = total_by(
            np.where(market.pair_share > 0, market.pair_share * np.log1p(-saturation), 0.0),
            market.pair,
            market.pairs,
        )
    reached: np.ndarray = -np.expm1(missed)
    return reached
