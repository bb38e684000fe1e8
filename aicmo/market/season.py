"""Season: what returns every year and every week, mean one over the calendar."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.market.timeline import Timeline
from aicmo.scenario.market import Seasonality

# Mean length of each month over the 400 years of the Gregorian calendar [day].
MONTH_DAYS = np.array([31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
THURSDAY = 3  # 1970-01-01, day 0 of datetime64, counted from Monday


def demand_season(season: Seasonality | None, line: Timeline) -> Float[np.ndarray, "T"]:
    """Seasonal index of demand, arithmetic mean one over a year.

    Raises
    ------
    ValueError
        If all months or all weekdays are zero.
    """
    if season is None:
        return np.ones(len(line.span))
    months, weekdays = np.array(season.months), np.array(season.weekdays)
    year, week = np.average(months, weights=MONTH_DAYS), weekdays.mean()
    if year == 0 or week == 0:
        raise ValueError("season: at least one month and one weekday must be above 0")
    return _on_ticks(months / year, weekdays / week, line)


def price_season(season: Seasonality | None, line: Timeline) -> Float[np.ndarray, "T"]:
    """Seasonal index of media prices, harmonic mean one over a year: it leaves the power to buy as it is.

    Raises
    ------
    ValueError
        If a month or weekday is zero: media are never free.
    """
    if season is None:
        return np.ones(len(line.span))
    months, weekdays = np.array(season.months), np.array(season.weekdays)
    if months.min() <= 0 or weekdays.min() <= 0:
        least = min(months.min(), weekdays.min())
        raise ValueError(f"price_season: every month and weekday must be above 0, got {least:g}")
    year, week = np.average(1 / months, weights=MONTH_DAYS), (1 / weekdays).mean()
    return _on_ticks(months * year, weekdays * week, line)


def _on_ticks(months: np.ndarray, weekdays: np.ndarray, line: Timeline) -> Float[np.ndarray, "T"]:
    dates, first = line.dates()
    month = dates.astype("datetime64[M]").astype(int) % 12
    weekday = (dates.astype(int) + THURSDAY) % 7
    return line.tick_means(months[month] * weekdays[weekday], first)
