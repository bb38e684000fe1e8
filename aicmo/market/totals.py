"""Sums of campaigns by the segment or pair they belong to."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int


def total_by(
    values: Float[np.ndarray, "*lead C"], index: Int[np.ndarray, "C"], size: int
) -> Float[np.ndarray, "*lead G"]:
    """Sum campaigns into groups, one after another, so that a campaign that adds nothing moves no bit.

    Parameters
    ----------
    values : (..., C)
    index : (C,)
        Group of each campaign, below `size`.

    Returns
    -------
    (..., G)
    """
    from aicmo.market.kernels.totals import add_groups  # noqa: PLC0415 - Numba only when the market moves

    rows = np.ascontiguousarray(values).reshape(-1, values.shape[-1])
    out = np.zeros((rows.shape[0], size))
    add_groups(out, rows, index)
    return out.reshape(*values.shape[:-1], size)
