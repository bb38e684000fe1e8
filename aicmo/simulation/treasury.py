"""The treasury: budgets of periods in whole minor units, never exceeded."""

from __future__ import annotations

import numpy as np

from aicmo.messages import Brief

LARGEST = 1e290
"""Rates beyond it count as it: a million of them can still be added up."""


class Treasury:
    """What is left of each period's budget, exactly.

    Parameters
    ----------
    brief : Brief
        Gives the periods, their budgets and the currency's minor unit.
    """

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self._left = {
            period.name: np.full(brief.replications, np.floor(period.budget / brief.minor_unit + 1e-6))
            for period in brief.periods
        }

    def remaining(self, tick: int) -> np.ndarray:
        """Return what is left of the budget of the period that holds `tick`, (R,) [currency]."""
        return self._left[self.brief.period_at(tick).name] * self.brief.minor_unit

    def days_left(self, tick: int) -> float:
        """Days from the opening of `tick` to the end of its period."""
        return (self.brief.period_at(tick).end - tick) * self.brief.tick_days

    def book(self, rate: np.ndarray, tick: int) -> np.ndarray:
        """Turn rates into the money planned for one tick.

        Parameters
        ----------
        rate : (R, C) [currency/day]

        Returns
        -------
        (R, C) [minor unit]
            Whole numbers whose sum never exceeds what is left of the period.
        """
        left = self._left[self.brief.period_at(tick).name]
        wish = np.rint(np.minimum(rate, LARGEST) * (self.brief.tick_days / self.brief.minor_unit))
        total = wish.sum(axis=1)
        short = total > left
        if not short.any():
            return np.asarray(wish)
        # Scaling all in proportion and rounding down leaves at most C − 1 minor units unplanned.
        scale = np.where(short, left / np.maximum(total, 1.0), 1.0)
        return np.asarray(np.where(short[:, None], np.floor(wish * scale[:, None]), wish))

    def settle(self, spent: np.ndarray, tick: int) -> None:
        """Take delivered money, (R, C) [minor unit], from the period's budget.

        Raises
        ------
        ValueError
            When more was spent than was left: the cap is a law, not a wish.
        """
        name = self.brief.period_at(tick).name
        left = self._left[name] - spent.sum(axis=1)
        if (left < 0).any():
            raise ValueError(f"period {name!r} is overspent by {-left.min():.0f} minor units at tick {tick}")
        self._left[name] = left
