"""What customers are worth, from the run: lifetime value, cost of winning one, time until it pays back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.terminal import DISCOUNT_PER_YEAR, YEAR_DAYS
from aicmo.simulation.ledger import Ledger

HORIZON_DAYS = 3 * YEAR_DAYS
"""How long a customer's contribution is counted (assumption); some customers stay longer."""
RATE = float(np.log1p(DISCOUNT_PER_YEAR)) / YEAR_DAYS
"""Discount per day, 10 % a year."""
TERMS = "3 years, discounted at 10 % a year"
NO_PEOPLE = "nobody is counted: no segment has people, or nobody was won"
NO_SPEND = "no money was spent on winning people who are counted, or nobody was won"


@dataclass(frozen=True)
class Value:
    """What customers of each segment bring, as the run shows it; 0 where a segment has none.

    With constant hazard χ and contribution m a day, a customer is worth p + m ∫ e^(−(χ + δ) t) dt over the
    horizon (Gupta, Lehmann & Stuart 2004, in continuous time), p the profit of the first order.

    Attributes
    ----------
    won : (R, S) [person]
    first : (R, S) [currency/person]
        Gross profit of the first order.
    daily : (R, S) [currency/person/day]
        Gross profit of repeat orders less the money spent on keeping customers.
    fade : (R, S) [1/day]
        χ + δ, hazard of leaving and discount.
    """

    won: Float[np.ndarray, "R S"]
    first: Float[np.ndarray, "R S"]
    daily: Float[np.ndarray, "R S"]
    fade: Float[np.ndarray, "R S"]

    @classmethod
    def of(cls, ledger: Ledger) -> Value:
        """Read a run."""
        won, days = (over_time(ledger, name) for name in ("customers_won", "customer_days"))
        orders, profit = over_time(ledger, "orders"), over_time(ledger, "gross_profit")
        first = _per(profit, orders)
        kept = first * (orders - won) - over_time(ledger, "retention_spend")
        return cls(won, first, _per(kept, days), _per(over_time(ledger, "customers_lost"), days) + RATE)

    def by(self, days: Float[np.ndarray, "R"] | float) -> Float[np.ndarray, "R"]:
        """Contribution of a newly won customer by `days` after the first order, NaN where nobody was won.

        Segments count by the customers that they won.
        """
        until = np.broadcast_to(days, self.won.shape[:1])[:, None]
        each = self.first - self.daily * np.expm1(-self.fade * until) / self.fade
        total = over_segments(self.won)
        worth = np.full(total.shape, np.nan)
        return np.asarray(np.divide(over_segments(self.won * each), total, out=worth, where=total > 0))


def over_time(ledger: Ledger, name: str) -> Float[np.ndarray, "R S"]:
    """Total of a field by segment, added in one order whatever R."""
    return np.asarray(np.add.accumulate(ledger[name], axis=0)[-1])


def over_segments(values: Float[np.ndarray, "R S"]) -> Float[np.ndarray, "R"]:
    """Sum over segments, in their order."""
    return np.asarray(np.add.accumulate(values, axis=1)[:, -1])


def cost_of(ledger: Ledger, who: str) -> Float[np.ndarray, "R"]:
    """Acquisition spend per customer of the field `who`; NaN where either is zero [currency/person]."""
    spend, heads = (over_segments(over_time(ledger, name)) for name in ("acquisition_spend", who))
    return np.asarray(
        np.divide(spend, heads, out=np.full(spend.shape, np.nan), where=(heads > 0) & (spend > 0))
    )


def payback_days(value: Value, cost: Float[np.ndarray, "R"]) -> Float[np.ndarray, "R"]:
    """Days until a customer's discounted contribution covers its cost; NaN where it never does in 3 years.

    By bisection: what a customer has brought by a day is monotone in the day.
    """
    low, high = np.zeros(cost.shape), np.full(cost.shape, HORIZON_DAYS)
    for _ in range(40):
        middle = 0.5 * (low + high)
        covered = value.by(middle) >= cost
        low, high = np.where(covered, low, middle), np.where(covered, middle, high)
    return np.where(value.by(0.0) >= cost, 0.0, np.where(value.by(high) >= cost, high, np.nan))


def _per(amount: Float[np.ndarray, "R S"], of: Float[np.ndarray, "R S"]) -> Float[np.ndarray, "R S"]:
    """Ratio, 0 where there is nothing to divide by: no customers of that segment are weighed there."""
    return np.asarray(np.divide(amount, of, out=np.zeros(amount.shape), where=of > 0))
