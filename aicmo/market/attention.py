"""Attention: the share of a segment that a channel reaches (model.md 8 and measurement)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

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
    from aicmo.market.kernels.credit import reach  # noqa: PLC0415 - Numba only when somebody pays attention

    rows = np.ascontiguousarray(saturation).reshape(-1, saturation.shape[-1])
    heard = np.empty((rows.shape[0], market.pairs))
    reach(heard, rows, market.pair_share, market.pair)
    return heard.reshape(*saturation.shape[:-1], market.pairs)
