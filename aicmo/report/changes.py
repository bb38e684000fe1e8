"""What a team changed from one budget period to the next, channel by channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from aicmo.report.estimates import Cell, interval
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table
from aicmo.report.words import percent, plain, ratio

BAND = (0.05, 0.95)
TOTAL = "All channels"
HEADINGS = (
    Heading("Spend", "period"),
    Heading("Change", "period", rank=4),
    Heading("Change", "%", rank=1),
    Heading("Share of spend", "%", rank=3),
    Heading("Observed iROAS", "unified", rank=2),
)


@dataclass(frozen=True)
class Budgets:
    """Spend and observed revenue by budget period, replication and channel; the last channel is their total.

    Attributes
    ----------
    spend : (period, R, K + 1) [currency]
    revenue : (period, R, K + 1) [currency]
        Orders credited after identity resolution × order value.
    """

    periods: tuple[str, ...]
    channels: tuple[str, ...]
    spend: np.ndarray
    revenue: np.ndarray
    currency: str

    @classmethod
    def of(cls, run: xr.Dataset) -> Budgets:
        """Sum a run, as `run_file.dataset` labels it, by budget period and channel."""
        periods, channels = _in_order(run["period"]), _in_order(run["campaign_channel"])
        return cls(
            tuple(plain(period) for period in periods),
            (*(plain(channel) for channel in channels), TOTAL),
            _sums(run["spend"], periods, channels),
            _sums(run["unified"] * run["order_value"], periods, channels),
            str(run.attrs["currency"]),
        )


def tables(run: xr.Dataset) -> Iterator[tuple[str, Table]]:
    """Yield each budget period with its table: means over replications."""
    budgets = Budgets.of(run)
    for period, name in enumerate(budgets.periods):
        rows = tuple(_row(budgets, period, channel) for channel in range(len(budgets.channels)))
        yield name, Table(HEADINGS, rows)


def _in_order(names: xr.DataArray) -> list[str]:
    return list(dict.fromkeys(str(name) for name in names.values))


def _sums(amounts: xr.DataArray, periods: list[str], channels: list[str]) -> np.ndarray:
    values = amounts.transpose("tick", "replication", "campaign")
    period, channel = values["period"].values, values["campaign_channel"].values
    sums = np.array(
        [
            [
                values.values[np.ix_(period == p, np.arange(values.shape[1]), channel == k)].sum(axis=(0, 2))
                for k in channels
            ]
            for p in periods
        ]
    ).transpose(0, 2, 1)
    return np.concatenate([sums, sums.sum(axis=2, keepdims=True)], axis=2)


def _row(budgets: Budgets, period: int, channel: int) -> Row:
    mean = budgets.spend.mean(axis=1)[:, channel]
    cells = (
        Cell(money(mean[period], budgets.currency)),
        *_change(mean[period], mean[period - 1] if period else None, budgets.currency),
        _share(budgets.spend[period, :, channel], budgets.spend[period, :, -1]),
        _ratio(budgets.revenue[period, :, channel], budgets.spend[period, :, channel]),
    )
    name = budgets.channels[channel]
    return Row(name, "headline" if channel == len(budgets.channels) - 1 else "contender", cells)


def _change(now: float, before: float | None, currency: str) -> tuple[Cell, Cell]:
    if before is None:
        return Cell("–"), Cell("–")
    relative = percent(now / before - 1, signed=True) if before else "new" if now else "–"
    return Cell(money(now - before, currency, signed=True)), Cell(relative)


def _share(spend: np.ndarray, total: np.ndarray) -> Cell:
    """Mean share over replications, and the range that holds 90 % of them."""
    shares = np.divide(spend, total, out=np.zeros_like(spend), where=total > 0)
    low, high = np.quantile(shares, BAND)
    if low == high:
        return Cell(percent(low))
    return Cell(percent(shares.mean()), interval(low, high, percent))


def _ratio(revenue: np.ndarray, spend: np.ndarray) -> Cell:
    """Return a ratio of sums over replications, undefined without spend."""
    return Cell(ratio(revenue.sum() / spend.sum())) if spend.sum() > 0 else Cell("–")
