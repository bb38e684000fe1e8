"""Reported results: what a person reads off the CDP's table, corrected for orders that are still to come."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.messages import Brief, Observation

Metric = Literal["unified", "claimed"]
"""Orders after identity resolution, or as the platforms claim them."""


class Report(NamedTuple):
    """Totals over some origins.

    Attributes
    ----------
    spend : (R, C) [currency]
        Money, each origin weighted by its maturity, so that it compares with the orders credited so far.
    orders : (R, C) [order]
        Orders credited so far.
    """

    spend: Float[np.ndarray, "R C"]
    orders: Float[np.ndarray, "R C"]


def report(observation: Observation, metric: Metric, since: int, until: int | None = None) -> Report:
    """Add up what was delivered about origins from tick `since` to before `until`."""
    rows = observation.since(since)
    if until is not None:
        rows = slice(rows.start, observation.since(until).start)
    maturity = np.where(observation.delivered[rows], observation.maturity[rows], 0.0)[:, None, None]
    orders: np.ndarray = getattr(observation, metric)[rows]
    return Report((observation.spend[rows] * maturity).sum(axis=0), (orders * (maturity > 0.0)).sum(axis=0))


def order_value(brief: Brief) -> Float[np.ndarray, "C"]:
    """Revenue of one order, (C,) [currency/order]: gross profit / margin."""
    return np.asarray(
        np.divide(brief.value, brief.margin, out=np.zeros_like(brief.value), where=brief.margin > 0.0)
    )


def roas_against_mean(spend: np.ndarray, revenue: np.ndarray) -> np.ndarray:
    """Return each entry's revenue ÷ spend relative to that of its row, (R, N); 1 where nothing is known.

    The mean is weighted by spend: total revenue ÷ total spend.
    """
    all_spend, all_revenue = spend.sum(axis=1, keepdims=True), revenue.sum(axis=1, keepdims=True)
    known = (spend > 0.0) & (all_revenue > 0.0)
    # (revenue / spend) / (all revenue / all spend), in an order that divides by nothing small
    expected = all_revenue * np.divide(spend, all_spend, out=np.zeros_like(spend), where=all_spend > 0.0)
    known &= expected > 0.0
    return np.asarray(np.divide(revenue, expected, out=np.ones_like(spend), where=known))


def joined(values: np.ndarray, cell: np.ndarray, cells: int) -> np.ndarray:
    """Sum campaigns (R, C) by the cell that each belongs to, (R, cells)."""
    return np.stack(
        [np.take(values, np.flatnonzero(cell == i), axis=1).sum(axis=1) for i in range(cells)], axis=1
    )
